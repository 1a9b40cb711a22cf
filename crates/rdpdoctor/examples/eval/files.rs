//! Labelled files: the verdict from a capture or a log beside what a person found in it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use diagnose::{Diagnosis, Outcome};
use intake::Intake;
use model::UnixSeconds;
use serde_json::Value;

use super::score::{CONFIDENT, number, share};
use super::table::Section;

/// Root causes of labels, and the families that are right for them.
const CAUSES: &[(&str, &[&str])] = &[
    (
        "ntlm_blocked",
        &["security-policy-hardening", "ntlm-crypto-unavailable"],
    ),
    ("nla_required", &["nla-required-client-cannot"]),
    ("udp_no_answer", &["udp-transport-broken"]),
    (
        "port_closed",
        &[
            "rdp-disabled-or-edition",
            "termservice-down",
            "listener-broken",
            "port-changed-or-conflict",
            "proxy-misroute",
            "perimeter-firewall",
        ],
    ),
    (
        "connect_timeout",
        &[
            "host-unhealthy",
            "host-firewall",
            "perimeter-firewall",
            "route-or-vpn-down",
            "ip-banned",
        ],
    ),
    (
        "tls_alert",
        &["tls-version-cipher", "security-policy-hardening"],
    ),
    (
        "tls_no_shared_cipher",
        &["tls-version-cipher", "security-policy-hardening"],
    ),
    ("certificate_expired", &["rdp-cert-stale"]),
    ("bad_credentials", &["account-or-right-denied"]),
    ("user_lacks", &["account-or-right-denied"]),
    ("domain_controller_unreachable", &["nla-kerberos-path"]),
    ("listener_port_changed", &["port-changed-or-conflict"]),
];

/// A file with its label and verdict.
struct Judged {
    name: String,
    label: String,
    root_cause: String,
    diagnosis: Diagnosis,
}

impl Judged {
    fn right_families(&self) -> Option<&'static [&'static str]> {
        CAUSES
            .iter()
            .find(|(beginning, _)| self.root_cause.contains(beginning))
            .map(|(_, families)| *families)
    }

    fn worked(&self) -> bool {
        self.root_cause == "none" && self.label.starts_with("success")
    }
}

/// The section, from a folder of folders with labels.
pub fn section(data: Option<&Path>) -> Result<Section> {
    let mut section = Section::of(
        "Labelled files",
        "Captures, event logs and logs of other people, each read by itself and judged beside what a person found in \
         it. A file labelled as a success without a fault is right unless it is called failing; one with a root cause \
         is right when a family of that cause is the first finding. Root causes that no cause of the catalogue is \
         meant for (a client that gave up, a load generator) are not counted.",
    );
    let Some(data) = data else {
        section
            .remarks
            .push("not measured: no folder was given (--data)".to_owned());
        return Ok(section);
    };
    let mut folders: Vec<_> = fs::read_dir(data)
        .with_context(|| format!("cannot read {}", data.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|folder| folder.join("labels.jsonl").is_file())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let judged = judge(&folder)?;
        let worked: Vec<&Judged> = judged.iter().filter(|one| one.worked()).collect();
        let caused: Vec<&Judged> = judged
            .iter()
            .filter(|one| one.right_families().is_some())
            .collect();
        let fits = |one: &Judged, first: usize| {
            one.diagnosis.findings.iter().take(first).any(|finding| {
                one.right_families()
                    .is_some_and(|families| families.contains(&finding.cause.family))
            })
        };
        section.number(&format!("{name}: files"), number(judged.len()), 0, "");
        if !worked.is_empty() {
            section.share(
                &format!(
                    "{name}: worked, and not called failing (of {})",
                    worked.len()
                ),
                share(&worked, |one| one.diagnosis.outcome != Outcome::Failing),
                "100 %",
            );
        }
        if !caused.is_empty() {
            section.share(
                &format!(
                    "{name}: with a root cause, which is first (of {})",
                    caused.len()
                ),
                share(&caused, |one| fits(one, 1)),
                "",
            );
            section.share(
                &format!("{name}: with a root cause, which is among three"),
                share(&caused, |one| fits(one, 3)),
                "",
            );
        }
        for one in &judged {
            let first = one.diagnosis.findings.first();
            let wrong = (one.worked() && one.diagnosis.outcome == Outcome::Failing)
                || (one.right_families().is_some() && !fits(one, 1));
            if wrong {
                section.remarks.push(format!(
                    "{name}/{}: labelled {} ({}); {:?}, first {}{}",
                    one.name,
                    one.root_cause,
                    one.label,
                    one.diagnosis.outcome,
                    first.map_or("nothing", |finding| finding.cause.id),
                    if first.is_some_and(|finding| finding.probability >= CONFIDENT) {
                        ", at least 90 % sure"
                    } else {
                        ""
                    }
                ));
            }
        }
    }
    Ok(section)
}

fn judge(folder: &Path) -> Result<Vec<Judged>> {
    let labels = folder.join("labels.jsonl");
    let text =
        fs::read_to_string(&labels).with_context(|| format!("cannot read {}", labels.display()))?;
    let mut judged = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let label: Value = serde_json::from_str(line)
            .with_context(|| format!("{} holds a line that is no label", labels.display()))?;
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = label.get("file").map(word).unwrap_or_default();
        let truth = label.get("truth").cloned().unwrap_or_default();
        let Ok(mut file) = fs::File::open(folder.join(&name)) else {
            continue;
        };
        let mut intake = Intake::default();
        intake.take(&name, &mut file);
        let findings = intake.finish();
        let target = findings.subject(&name);
        let evidence = findings.into_evidence(target, UnixSeconds(1_780_272_000));
        judged.push(Judged {
            name,
            label: truth.get("outcome").map(word).unwrap_or_default(),
            root_cause: truth
                .get("root_cause")
                .map(word)
                .filter(|cause| !cause.is_empty())
                .unwrap_or_else(|| "none".to_owned()),
            diagnosis: diagnose::diagnose(&evidence),
        });
    }
    Ok(judged)
}
