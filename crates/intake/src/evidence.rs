//! Reports and evidence of rdpdoctor itself, read again: of this version, of older and of newer ones. What is known
//! of a newer form is read, and what is not is counted and said.

use std::collections::BTreeMap;
use std::io::Read;

use jiff::Timestamp;
use model::{
    Attempt, AttemptOutcome, ClientProfile, Damage, Fact, HostName, Intent, LookId, Micros,
    Observation, Place, Source, Target, Trace, UnixMicros,
};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::findings::{Findings, Seen};
use crate::reader::whole;

/// The forms that are read, without their version.
const EVIDENCE: &str = "rdpdoctor/evidence/";
const REPORT: &str = "rdpdoctor/report/";
/// The version of both forms that this program writes.
const KNOWN: u32 = 1;
/// Bytes at the beginning in which the form is named.
const NAMED_WITHIN: usize = 512;

/// A JSON document that names one of the forms at its beginning.
pub fn recognises(head: &[u8]) -> bool {
    let start = head.get(..NAMED_WITHIN.min(head.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{')
        && (text.contains(EVIDENCE) || text.contains(REPORT))
}

/// Something of a list: known, or of a form that this version does not know.
#[derive(Deserialize)]
#[serde(untagged)]
enum Of<T> {
    Known(T),
    Unknown(IgnoredAny),
}

/// Either document; each has some of these.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    schema: String,
    #[serde(default)]
    target: Value,
    #[serde(default)]
    opened_at: Value,
    #[serde(default)]
    seen: Vec<Of<Observation>>,
    #[serde(default)]
    evidence: Vec<Of<Told>>,
    #[serde(default)]
    tried: Vec<Of<Attempt>>,
    #[serde(default)]
    attempts: Vec<Of<Tried>>,
    #[serde(default)]
    damage: Vec<Of<Damage>>,
}

/// An observation as a report tells it.
#[derive(Deserialize)]
struct Told {
    fact: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    at_ms: Option<f64>,
    #[serde(default)]
    place: Option<Place>,
    source: Source,
    #[serde(default)]
    vantage: String,
    #[serde(default)]
    look: Option<LookId>,
}

/// An attempt as a report tells it.
#[derive(Deserialize)]
struct Tried {
    look: LookId,
    #[serde(default)]
    probe: String,
    intent: Intent,
    #[serde(default)]
    says: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    at_ms: Option<f64>,
    #[serde(default)]
    took_ms: Option<f64>,
    trace: Trace,
}

/// Reads a document, or several one behind the other.
pub fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let bytes = whole(file, input, findings);
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut seen = 0_usize;
    for document in serde_json::Deserializer::from_slice(text).into_iter::<Document>() {
        match document {
            Ok(document) => seen = seen.saturating_add(take(file, document, findings)),
            Err(error) => {
                findings.damaged(
                    file,
                    &format!("line {}", error.line()),
                    format!("the document breaks off or is damaged there: {error}"),
                );
                break;
            }
        }
    }
    format!("{seen} observations")
}

/// Takes over what is known of a document; how many observations that is.
fn take(file: &str, document: Document, findings: &mut Findings) -> usize {
    let version = document
        .schema
        .rsplit('/')
        .next()
        .and_then(|version| version.parse::<u32>().ok());
    if version.is_none_or(|version| version > KNOWN) {
        findings.damaged(
            file,
            "schema",
            format!(
                "it is written as {}, which is newer than this program; what is known of it was read",
                document.schema.chars().take(60).collect::<String>()
            ),
        );
    }
    // Numbers of looks of several files must not meet.
    let first = findings.next_look().0;
    let look = |look: LookId| LookId(look.0.saturating_add(first));
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    let opened = opened(&document.opened_at);
    let mut count = 0_usize;
    let told = document.evidence.into_iter().map(|told| match told {
        Of::Known(told) => observation(told),
        Of::Unknown(_) => None,
    });
    let seen = document.seen.into_iter().map(|seen| match seen {
        Of::Known(seen) => Some(seen),
        Of::Unknown(_) => None,
    });
    for observation in seen.chain(told) {
        let Some(mut observation) = observation else {
            *unknown.entry("observations").or_default() += 1;
            continue;
        };
        observation.look = observation.look.map(look);
        if observation.vantage.is_empty() {
            file.clone_into(&mut observation.vantage);
        }
        let at = opened.zip(observation.at.take()).map(|(opened, at)| {
            UnixMicros(
                opened
                    .0
                    .saturating_add(i64::try_from(at.0).unwrap_or(i64::MAX)),
            )
        });
        findings.seen.push(Seen { at, observation });
        count = count.saturating_add(1);
    }
    let tried = document.tried.into_iter().map(|tried| match tried {
        Of::Known(tried) => Some(tried),
        Of::Unknown(_) => None,
    });
    let attempts = document.attempts.into_iter().map(|tried| match tried {
        Of::Known(tried) => Some(attempt(tried)),
        Of::Unknown(_) => None,
    });
    for attempt in tried.chain(attempts) {
        match attempt {
            Some(attempt) => findings.tried.push(Attempt {
                look: look(attempt.look),
                ..attempt
            }),
            None => *unknown.entry("attempts").or_default() += 1,
        }
    }
    for damage in document.damage {
        match damage {
            Of::Known(damage) => findings.damaged(file, &damage.place, damage.says),
            Of::Unknown(_) => *unknown.entry("remarks about damage").or_default() += 1,
        }
    }
    for (what, times) in unknown {
        findings.damaged(
            file,
            what,
            format!("{times} of a kind or form that this version does not know were left out"),
        );
    }
    findings.targets.extend(target(&document.target));
    count
}

fn observation(told: Told) -> Option<Observation> {
    let fact: Fact =
        serde_json::from_value(json!({ "fact": told.fact, "value": told.value })).ok()?;
    Some(Observation {
        at: told.at_ms.and_then(micros),
        place: told.place,
        source: told.source,
        vantage: told.vantage,
        look: told.look,
        fact,
    })
}

fn attempt(tried: Tried) -> Attempt {
    let why = tried.why.unwrap_or_default();
    Attempt {
        look: tried.look,
        probe: tried.probe,
        intent: tried.intent,
        says: tried.says,
        outcome: match tried.outcome.as_str() {
            "skipped" => AttemptOutcome::Skipped(why),
            "broke" => AttemptOutcome::Broke(why),
            _ => AttemptOutcome::Ran,
        },
        at: tried.at_ms.and_then(micros),
        took: tried.took_ms.and_then(micros),
        trace: tried.trace,
    }
}

/// Milliseconds of a report; nothing of what is no time.
fn micros(ms: f64) -> Option<Micros> {
    let span = std::time::Duration::try_from_secs_f64(ms / 1000.0).ok()?;
    u64::try_from(span.as_micros()).ok().map(Micros)
}

/// When the case was opened: seconds since 1970 in evidence, a moment in words in a report.
fn opened(value: &Value) -> Option<UnixMicros> {
    if let Some(seconds) = value.as_i64() {
        return Some(UnixMicros(seconds.saturating_mul(1_000_000)));
    }
    let moment: Timestamp = value.as_str()?.parse().ok()?;
    Some(UnixMicros(moment.as_microsecond()))
}

/// Whom the case was about. A report tells the client in other words than evidence does.
fn target(value: &Value) -> Option<Target> {
    if let Ok(target) = serde_json::from_value::<Target>(value.clone()) {
        return Some(target);
    }
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let host = text("host").filter(|host| !host.is_empty())?;
    let client = value.get("client");
    Some(Target {
        input: text("input").unwrap_or(host).to_owned(),
        host: HostName(host.to_owned()),
        port: value
            .get("port")
            .and_then(Value::as_u64)
            .and_then(|port| u16::try_from(port).ok())
            .unwrap_or(model::target::RDP_PORT),
        address: host.parse().ok(),
        zone: None,
        gateway: text("gateway").map(|gateway| HostName(gateway.to_owned())),
        proxy: text("proxy").map(|proxy| HostName(proxy.to_owned())),
        client: ClientProfile {
            program: client
                .and_then(|client| client.get("program"))
                .and_then(Value::as_str)
                .map(str::to_owned),
            offers: client
                .and_then(|client| client.get("offers"))
                .and_then(|offers| serde_json::from_value(offers.clone()).ok())
                .unwrap_or_else(|| ClientProfile::default().offers),
        },
    })
}
