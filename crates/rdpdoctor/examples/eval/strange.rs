//! Strange cases: combinations that no scenario has, drawn from what the protocol allows at every stage. Kinds of
//! servers, answers to the request, flags, TLS settings, certificates, CredSSP errors, faults at any stage in any
//! manner on some connections or all, and links that delay, drip, choke, damage or swallow. Nothing here is taken from
//! the scenarios. What a verdict is held to is what can be said without knowing the cause.

use anyhow::{Context as _, Result};
use lab::chance::Chance;
use lab::scenario::{self, LinkSettings, Scenario, Script};
use model::{Ending, Evidence, Fact, Intent, Message, UnixSeconds};
use rdpdoctor::rehearse::{self, Settings};
use serde_json::{Value, json};

use super::score::{CONFIDENT, number, share};
use super::table::Section;

/// A case with what was concluded.
pub struct Strange {
    /// What was put together.
    what: String,
    /// How the client's connection ended, and after what.
    end: Option<(Ending, Message)>,
    /// Something was said, measured or compared that names who ended it.
    told: bool,
    /// A look of the client's came to the end that a check has without a user.
    arrived: bool,
    outcome: diagnose::Outcome,
    findings: Vec<(&'static str, f64, bool)>,
}

impl Strange {
    fn is_sure(&self) -> bool {
        self.findings
            .iter()
            .any(|(_, sure, blocking)| *blocking && *sure >= CONFIDENT)
    }
}

/// Plays so many cases.
pub fn play(count: u64, first_seed: u64) -> Result<Vec<Strange>> {
    let healthy = scenario::all()?
        .into_iter()
        .find(|scenario| scenario.id == "healthy/windows-nla")
        .context("the lab has no healthy host")?;
    let mut chance = Chance::of(first_seed ^ 0x5EED);
    let mut cases = Vec::new();
    for _ in 0..count {
        let (scenario, what) = put_together(&healthy, &mut chance)?;
        let settings = Settings {
            seed: chance.below(u64::MAX),
            opened_at: UnixSeconds(1_780_272_000 + i64::try_from(chance.below(315_000_000))?),
            ..Settings::default()
        };
        // What makes no sense together is no case.
        let Ok(evidence) = rehearse::play(&scenario, &settings) else {
            continue;
        };
        cases.push(judged(what, &evidence));
    }
    Ok(cases)
}

fn judged(what: String, evidence: &Evidence) -> Strange {
    let diagnosis = diagnose::diagnose(evidence);
    let ours: Vec<_> = evidence
        .tried
        .iter()
        .filter(|tried| tried.intent == Intent::AsClient)
        .map(|tried| tried.look)
        .collect();
    let as_client = |seen: &&model::Observation| seen.look.is_some_and(|look| ours.contains(&look));
    let end = evidence
        .seen
        .iter()
        .filter(as_client)
        .find_map(|seen| match &seen.fact {
            Fact::Ended { how, after, .. } => Some((*how, *after)),
            _ => None,
        });
    Strange {
        what,
        end,
        told: evidence.seen.iter().any(|seen| names_a_maker(&seen.fact)),
        arrived: evidence.seen.iter().filter(as_client).any(|seen| {
            matches!(
                seen.fact,
                Fact::TlsEstablished { .. } | Fact::NegotiationPlain { .. }
            )
        }),
        outcome: diagnosis.outcome,
        findings: diagnosis
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.cause.id,
                    finding.probability,
                    finding.severity == diagnose::Severity::Blocking,
                )
            })
            .collect(),
    }
}

/// Who ended it says so, or what was sent cannot be read.
fn names_a_maker(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. }
            | Fact::OtherServiceAnswered { .. }
            | Fact::Unreadable { .. }
            | Fact::NotTls { .. }
            | Fact::TlsAlerted { .. }
            | Fact::TlsRejected { .. }
            | Fact::CredSspRefused { .. }
            | Fact::CredSspAnswerTooSmall { .. }
            | Fact::CertificateUnreadable { .. }
    )
}

fn pick<'a>(from: &[&'a str], chance: &mut Chance) -> &'a str {
    let count = u64::try_from(from.len()).unwrap_or(1).max(1);
    usize::try_from(chance.below(count))
        .ok()
        .and_then(|at| from.get(at).copied())
        .unwrap_or_default()
}

fn one_in(parts: u64, chance: &mut Chance) -> bool {
    chance.below(parts) == 0
}

fn put_together(healthy: &Scenario, chance: &mut Chance) -> Result<(Scenario, String)> {
    let mut scenario = healthy.clone();
    let (server, link) = (server(chance), link(chance));
    let what = format!("{server} {link}");
    scenario.id = "strange".to_owned();
    scenario.server = serde_json::from_value::<Script>(server)?;
    scenario.link = serde_json::from_value::<LinkSettings>(link)?;
    Ok((scenario, what))
}

fn server(chance: &mut Chance) -> Value {
    const KINDS: &[&str] = &[
        "windows-nla",
        "windows-nla",
        "windows-negotiate",
        "windows-tls",
        "windows-rdp",
        "windows-old-nla",
        "windows-xp",
        "xrdp-negotiate",
        "xrdp-tls",
        "xrdp-rdp",
        "shadow-nla",
        "shadow-tls",
        "shadow-open",
        "ironrdp-hybrid",
        "ironrdp-tls",
    ];
    let mut server = json!({ "security": pick(KINDS, chance) });
    let mut put = |name: &str, value: Value| set(&mut server, name, value);
    if one_in(6, chance) {
        let answer = match chance.below(4) {
            0 => format!("refuse {}", 1 + chance.below(9)),
            _ => pick(
                &["plain", "tls", "hybrid", "close", "reset", "silence"],
                chance,
            )
            .to_owned(),
        };
        put("answers", json!({ "any": answer }));
    }
    if one_in(5, chance) {
        put("flags", json!(chance.below(32)));
    }
    if one_in(4, chance) {
        put("think_ms", json!(chance.below(6000)));
    }
    if one_in(4, chance) {
        put("certificate", certificate(chance));
    }
    if one_in(4, chance) {
        let (lowest, highest) = match chance.below(5) {
            0 => ("1.0", "1.0"),
            1 => ("1.0", "1.2"),
            2 => ("1.3", "1.3"),
            3 => ("1.2", "1.2"),
            _ => ("1.1", "1.3"),
        };
        put("tls", json!({ "lowest": lowest, "highest": highest }));
    }
    if one_in(5, chance) {
        let mut credssp = json!({ "version": 2 + chance.below(6) });
        if one_in(2, chance) {
            let errors = [
                0xC000_006D_u64,
                0xC000_005E,
                0xC000_0017,
                0x8009_0304,
                0x8009_030C,
                0xC000_0133,
                0x8009_0302,
                0xDEAD_BEEF,
            ];
            let at = usize::try_from(chance.below(8)).unwrap_or_default();
            set(&mut credssp, "error", json!(errors.get(at)));
        }
        put("credssp", credssp);
    }
    if !one_in(4, chance) {
        let mut faults = vec![fault(chance)];
        if one_in(5, chance) {
            faults.push(fault(chance));
        }
        put("fault", json!(faults));
    }
    server
}

/// Gives the object this field.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn certificate(chance: &mut Chance) -> Value {
    match chance.below(6) {
        0 => {
            json!({ "starts_days": -800, "ends_days": -1 - i64::try_from(chance.below(700)).unwrap_or(0) })
        }
        1 => json!({ "starts_days": 1 + chance.below(100), "ends_days": 400 }),
        2 => json!({ "key": pick(&["rsa-1024", "rsa-4096", "ec-p256", "ed25519"], chance) }),
        3 => json!({ "digest": pick(&["md5", "sha1", "sha384"], chance) }),
        4 => json!({ "common_name": "elsewhere.example", "names": ["elsewhere.example"] }),
        _ => json!({ "key_of_another": true }),
    }
}

fn fault(chance: &mut Chance) -> Value {
    const STAGES: &[&str] = &[
        "accept",
        "request",
        "confirm",
        "client-hello",
        "server-flight",
        "tls",
        "credssp",
        "challenge",
    ];
    const ANSWERING: &[&str] = &["request", "client-hello", "credssp"];
    let does = pick(
        &[
            "close",
            "close",
            "reset",
            "reset",
            "silence",
            "silence",
            "half-close",
            "delay",
            "drip",
            "garbage",
            "truncate",
            "alert",
        ],
        chance,
    );
    let mut fault = json!({ "does": does });
    let answering = matches!(does, "delay" | "drip" | "garbage" | "truncate" | "alert");
    set(
        &mut fault,
        "at",
        json!(pick(if answering { ANSWERING } else { STAGES }, chance)),
    );
    match does {
        "close" | "reset" | "silence" | "half-close" if one_in(2, chance) => {
            set(&mut fault, "after_ms", json!(chance.below(9000)));
        }
        "delay" => set(&mut fault, "after_ms", json!(chance.below(20_000))),
        "drip" => {
            set(&mut fault, "after_ms", json!(1 + chance.below(300)));
            set(&mut fault, "bytes", json!(1 + chance.below(60)));
        }
        "garbage" => set(&mut fault, "bytes", json!(1 + chance.below(300))),
        "truncate" => {
            set(&mut fault, "bytes", json!(1 + chance.below(30)));
            set(
                &mut fault,
                "then",
                json!(pick(&["close", "reset", "silence", "half-close"], chance)),
            );
        }
        "alert" => {
            set(&mut fault, "alert", json!(chance.below(121)));
            set(
                &mut fault,
                "then",
                json!(pick(&["close", "reset", "silence"], chance)),
            );
        }
        _ => {}
    }
    if one_in(3, chance) {
        let when = match chance.below(6) {
            0 => json!({ "every": 2 + chance.below(3) }),
            1 => json!({ "from": 2 + chance.below(5) }),
            2 => json!({ "to": 1 + chance.below(4) }),
            3 => json!({ "percent": 20 + chance.below(70) }),
            4 => json!({ "open_over": 1 + chance.below(2) }),
            _ => json!({ "hello_over": 200 + chance.below(1500) }),
        };
        set(&mut fault, "when", when);
    }
    fault
}

fn link(chance: &mut Chance) -> Value {
    let round_trip = match chance.below(4) {
        0 => 0,
        1 => chance.below(30),
        2 => chance.below(300),
        _ => chance.below(1500),
    };
    let mut link = json!({
        "round_trip_ms": round_trip,
        "jitter_ms": chance.below(1 + round_trip / 3),
    });
    if one_in(4, chance) {
        let way = pick(&["to-server", "to-client"], chance);
        let toxic = match chance.below(7) {
            0 => {
                json!({ "kind": "delay", "ms": chance.below(9000), "after_bytes": chance.below(2000) })
            }
            1 => json!({ "kind": "drip", "bytes": 1 + chance.below(200), "ms": chance.below(100) }),
            2 => json!({ "kind": "rate", "bytes_per_second": 20 + chance.below(4000) }),
            3 => {
                json!({ "kind": "corrupt", "at_byte": chance.below(2500), "flip": 1 + chance.below(254) })
            }
            4 => json!({ "kind": "swallow", "over_bytes": 60 + chance.below(1400) }),
            5 => json!({ "kind": "stall", "after_bytes": chance.below(3000) }),
            _ => json!({ "kind": "close", "after_bytes": chance.below(3000) }),
        };
        let mut toxic = toxic;
        set(&mut toxic, "way", json!(way));
        set(&mut link, "toxic", json!([toxic]));
    }
    link
}

/// The section.
pub fn section(cases: &[Strange]) -> Section {
    let mut section = Section::of(
        "Generated cases, strange ones",
        "Combinations put together at random from what the protocol allows, not from the scenarios: kinds of servers, \
         answers, flags, TLS versions, certificates, errors, faults at any stage in any manner on some connections or all, \
         and links that delay, choke, damage or swallow. What ends without a word can have many makers; it must not be \
         known for sure who it was.",
    );
    let silent: Vec<&Strange> = cases
        .iter()
        .filter(|one| !one.told && one.end.is_some())
        .collect();
    section.number("cases", number(cases.len()), 0, "");
    section.number(
        "of them ended without a word of why",
        number(silent.len()),
        0,
        "",
    );
    section.share(
        "of these: at least 90 % sure of one cause that blocks",
        share(&silent, |one| one.is_sure()),
        "",
    );
    let stopped: Vec<&Strange> = cases.iter().filter(|one| !one.arrived).collect();
    section.number(
        "in which no connection of the client's got through TLS, or through a request where there is none",
        number(stopped.len()),
        0,
        "",
    );
    section.share(
        "of these: called healthy",
        share(&stopped, |one| one.outcome == diagnose::Outcome::Healthy),
        "",
    );
    section.share(
        "of these: failing, without a cause",
        share(&stopped, |one| {
            one.outcome == diagnose::Outcome::Failing && one.findings.is_empty()
        }),
        "",
    );
    section
}

/// Prints each case.
pub fn show(cases: &[Strange]) {
    for one in cases {
        let found: Vec<String> = one
            .findings
            .iter()
            .take(4)
            .map(|(cause, sure, blocking)| {
                format!(
                    "{cause}{} {:.0} %",
                    if *blocking { "" } else { "*" },
                    sure * 100.0
                )
            })
            .collect();
        println!(
            "STRANGE {:?} {:?} told={} arrived={} [{}] {}",
            one.outcome,
            one.end,
            one.told,
            one.arrived,
            found.join(", "),
            one.what
        );
    }
}
