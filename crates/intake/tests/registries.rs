//! Labelled registry exports and hives.

use std::io::Cursor;
use std::process::Command;

use intake::{Findings, Intake};
use model::{Fact, SettingValue};
use serde_json::Value;

use crate::shared::{Tally, labelled, text};

/// Words of an expected finding that is not as usual, and the words with which we say it.
const SAME: &[(&str, &str)] = &[
    ("UserAuthentication=0", "NLA is not required"),
    ("fClientDisableUDP=1", "does not use RDP-UDP"),
    (
        "AllowEncryptionOracle=2",
        "CredSSP update of 2018 is switched off",
    ),
    ("MaxIdleTime=300000", "after 5 min"),
    ("NLA not required", "NLA is not required"),
];

fn read(name: &str, bytes: &[u8]) -> Findings {
    let mut intake = Intake::default();
    intake.take(name, &mut Cursor::new(bytes));
    intake.finish()
}

fn found<'f>(findings: &'f Findings, end: &str, name: &str) -> Option<&'f SettingValue> {
    findings
        .seen
        .iter()
        .find_map(|seen| match &seen.observation.fact {
            Fact::SettingFound {
                key,
                name: called,
                value,
                ..
            } if key.ends_with(end) && called == name => Some(value),
            _ => None,
        })
}

/// What a label's raw value is.
fn meant(raw: &str) -> SettingValue {
    raw.strip_prefix("dword:")
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .map_or_else(
            || SettingValue::Text(raw.trim_matches('"').to_owned()),
            SettingValue::Number,
        )
}

#[test]
fn labels_agree() {
    let Some((folder, labels)) = labelled("registry") else {
        return;
    };
    let mut tally = Tally::default();
    for label in &labels {
        let name = text(label, "/file");
        let path = folder.join(name);
        let bytes = if name.ends_with(".xz") {
            match Command::new("xz").arg("-dc").arg(&path).output() {
                Ok(output) if output.status.success() => output.stdout,
                _ => {
                    println!("{name}: not compared, it cannot be unpacked here");
                    continue;
                }
            }
        } else {
            std::fs::read(&path).expect("a labelled file is there")
        };
        let findings = read(name, &bytes);
        println!("{name}: {:?} {:?}", findings.files, findings.damage);
        let expected = label
            .pointer("/truth/expected_findings")
            .and_then(Value::as_array);
        for finding in expected.into_iter().flatten().filter_map(Value::as_str) {
            if let Some((_, ours)) = SAME.iter().find(|(theirs, _)| finding.contains(theirs)) {
                tally.note(
                    findings.notes.iter().any(|note| note.contains(ours)),
                    || format!("{name}: not said: {finding}; said: {:?}", findings.notes),
                );
            }
        }
        let about_rdp = !text(label, "/truth/expected_findings/0").contains("nothing about");
        let values = label.pointer("/truth/values").and_then(Value::as_array);
        for value in values.into_iter().flatten() {
            let called = text(value, "/0").trim_matches('"');
            let raw = text(value, "/1");
            let ours = found(&findings, "", called);
            if about_rdp {
                let meant = meant(raw);
                let same = findings.seen.iter().any(|seen| {
                    matches!(&seen.observation.fact, Fact::SettingFound { name, value, .. } if name == called && *value == meant)
                });
                tally.note(same, || {
                    format!("{name}: {called} is {ours:?}, label {raw}")
                });
            } else {
                tally.note(ours.is_none(), || {
                    format!("{name}: {called} has nothing to do with it")
                });
            }
        }
        if text(label, "/truth/hive") == "SYSTEM" {
            let server = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server";
            let listener = format!(r"{server}\WinStations\RDP-Tcp");
            for (key, called, path) in [
                (server, "fDenyTSConnections", "fDenyTSConnections"),
                (listener.as_str(), "PortNumber", "PortNumber"),
                (listener.as_str(), "SecurityLayer", "SecurityLayer"),
                (
                    listener.as_str(),
                    "UserAuthentication",
                    "UserAuthentication",
                ),
                (
                    listener.as_str(),
                    "MinEncryptionLevel",
                    "MinEncryptionLevel",
                ),
                (r"Services\TermService", "Start", "TermService_Start"),
            ] {
                let theirs = label
                    .pointer(&format!("/truth/{path}"))
                    .and_then(Value::as_u64);
                let ours = found(&findings, key, called).cloned();
                tally.note(ours == theirs.map(SettingValue::Number), || {
                    format!("{name}: {called} is {ours:?}, label {theirs:?}")
                });
            }
        }
    }
    tally.close("registries", &[]);
}
