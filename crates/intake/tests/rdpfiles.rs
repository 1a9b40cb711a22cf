//! Labelled connection files.

use intake::rdpfile::{Remark, read};
use serde_json::Value;

use crate::shared::{Tally, labelled, text};

/// Words of an expected finding, and the setting and words with which we say it.
const SAME: &[(&str, &str, &str)] = &[
    (
        "Azure Virtual Desktop gateway",
        "gatewayhostname",
        "Azure Virtual Desktop",
    ),
    (
        "loadbalanceinfo present",
        "loadbalanceinfo",
        "routing token",
    ),
    ("authentication level 1", "authentication level", "refuses"),
    (
        "authentication level 0",
        "authentication level",
        "cannot prove",
    ),
    ("targetisaadjoined=1", "targetisaadjoined", "Entra"),
    ("rdgiskdcproxy=0", "rdgiskdcproxy", "Kerberos"),
    (
        "enablecredsspsupport=0",
        "enablecredsspsupport",
        "NLA is not offered",
    ),
    (
        "negotiate security layer=0",
        "negotiate security layer",
        "without negotiation",
    ),
    ("no full address", "full address", "asks the user"),
    ("full address empty", "full address", "asks the user"),
    ("user name InvalidAdmin", "username", "InvalidAdmin"),
    ("file damaged", "", "damaged"),
    ("gatewayhostname set but", "gatewayusagemethod", "not used"),
    ("gatewayusagemethod=4", "gatewayusagemethod", "no gateway"),
    (
        "RemoteApp: alternate shell",
        "alternate shell",
        "rdpinit.exe",
    ),
    (
        "remoteapplicationmode=1 without",
        "remoteapplicationmode",
        "no program",
    ),
    ("non-default port 9933", "full address", "9933"),
    ("trailing space", "full address", "blanks"),
    ("placeholder", "full address", "never filled in"),
    ("loopback with port 3390", "full address", "tunnel or proxy"),
    ("not an .rdp file", "", "command line arguments"),
];

fn said(expected: &str, remarks: &[Remark]) -> bool {
    SAME.iter().any(|(words, setting, ours)| {
        expected.contains(words)
            && remarks
                .iter()
                .any(|remark| remark.setting == *setting && remark.says.contains(ours))
    })
}

#[test]
fn labels_agree() {
    let Some((folder, labels)) = labelled("rdpfiles") else {
        return;
    };
    let mut tally = Tally::default();
    for label in &labels {
        let name = text(label, "/file");
        let bytes = std::fs::read(folder.join(name)).expect("a labelled file is there");
        let file = read(&bytes);
        assert_eq!(file.to_bytes(), bytes, "{name} is kept");
        let remarks = file.lint();
        let valid = label.pointer("/truth/valid").and_then(Value::as_bool);
        tally.note(Some(file.is_usable()) == valid, || {
            format!(
                "{name}: usable {}, label {valid:?}: {remarks:#?}",
                file.is_usable()
            )
        });
        let settings = label.pointer("/truth/settings").and_then(Value::as_object);
        for (key, value) in settings.into_iter().flatten() {
            let ours = file.setting(key).map(|setting| setting.value.trim());
            tally.note(ours == value.as_str().map(str::trim), || {
                format!("{name}: {key} is {ours:?}, label {value}")
            });
        }
        let expected = label
            .pointer("/truth/expected_findings")
            .and_then(Value::as_array);
        for finding in expected.into_iter().flatten().filter_map(Value::as_str) {
            tally.note(said(finding, &remarks), || {
                format!("{name}: not said: {finding}; said: {remarks:#?}")
            });
        }
    }
    tally.close("connection files", &[]);
}

#[test]
fn any_prefix_is_calm() {
    let Some((folder, labels)) = labelled("rdpfiles") else {
        return;
    };
    for label in &labels {
        let bytes = std::fs::read(folder.join(text(label, "/file"))).expect("it is there");
        for cut in (0..bytes.len()).step_by(7) {
            let file = read(&bytes[..cut]);
            assert_eq!(file.to_bytes(), &bytes[..cut]);
            let _ = file.lint();
        }
    }
}
