//! What `rdpdoctor watch --record` wrote: the evidence of every look, one a line.
//!
//! A recording may be about several hosts, and a case is about one: looks are kept by host until it is known
//! which one is meant.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};

use model::{Evidence, LookId, Target, UnixMicros};
use serde::Deserialize;

use crate::findings::{Findings, Seen};

/// The version of the format.
pub const SCHEMA: &str = "rdpdoctor/watch/1";

/// The longest line that is read.
const LONGEST: u64 = 4 * 1024 * 1024;
/// Looks at a host that are kept; of more, the last ones.
const MOST_LOOKS: usize = 2_000;
/// Hosts that are kept.
const MOST_HOSTS: usize = 1_000;

#[derive(Deserialize)]
struct Line {
    schema: String,
    evidence: Evidence,
}

/// Looks at one host.
#[derive(Debug, Default)]
pub struct WatchedHost {
    /// The host.
    pub target: Option<Target>,
    /// The file they come from.
    pub file: String,
    /// The looks, oldest first.
    looks: std::collections::VecDeque<Evidence>,
    /// All looks that were recorded, those that were dropped included.
    pub count: usize,
}

/// A recording begins with its schema.
pub fn recognises(head: &[u8]) -> bool {
    head.trim_ascii_start()
        .starts_with(format!("{{\"schema\":\"{SCHEMA}\"").as_bytes())
}

/// Reads a recording.
pub fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut reader = BufReader::new(input);
    let mut hosts: BTreeMap<(String, u16), WatchedHost> = BTreeMap::new();
    let mut order: Vec<(String, u16)> = Vec::new();
    let mut number = 0_u64;
    let mut looks = 0_usize;
    loop {
        let mut bytes = Vec::new();
        match (&mut reader).take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => number = number.saturating_add(1),
            Err(error) => {
                findings.damaged(file, "", format!("reading stopped: {error}"));
                break;
            }
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let place = format!("line {number}");
        let line: Line = match serde_json::from_slice(&bytes) {
            Ok(line) => line,
            Err(_) => {
                // The last line of a watch that was cut off, or another version.
                findings.damaged(file, &place, "no look that can be read");
                continue;
            }
        };
        if line.schema != SCHEMA {
            findings.damaged(file, &place, "a look of another version");
            continue;
        }
        looks = looks.saturating_add(1);
        let target = &line.evidence.target;
        let key = (target.host.0.to_ascii_lowercase(), target.port);
        if !hosts.contains_key(&key) {
            if hosts.len() >= MOST_HOSTS {
                continue;
            }
            order.push(key.clone());
        }
        let recorded = hosts.entry(key).or_default();
        recorded.target.get_or_insert_with(|| target.clone());
        recorded.file = file.to_owned();
        recorded.count = recorded.count.saturating_add(1);
        recorded.looks.push_back(line.evidence);
        if recorded.looks.len() > MOST_LOOKS {
            recorded.looks.pop_front();
        }
    }
    for key in order {
        if let Some(recorded) = hosts.remove(&key) {
            if recorded.count > MOST_LOOKS {
                findings.notes.push(format!(
                    "{file}: of {} looks at {}, the last {MOST_LOOKS} were read",
                    recorded.count, key.0
                ));
            }
            findings.targets.extend(recorded.target.clone());
            findings.watched.push(recorded);
        }
    }
    format!("{looks} looks")
}

impl Findings {
    /// Takes what recordings tell of the host that the case is about, and says how many others they tell of.
    pub fn settle_recordings(&mut self, target: &Target) -> usize {
        let mut others = 0_usize;
        for recorded in std::mem::take(&mut self.watched) {
            let same = recorded.target.as_ref().is_some_and(|known| {
                known.host.0.eq_ignore_ascii_case(&target.host.0) && known.port == target.port
            });
            if !same {
                others = others.saturating_add(1);
                continue;
            }
            for evidence in recorded.looks {
                self.take_look(&recorded.file, evidence);
            }
        }
        others
    }

    fn take_look(&mut self, file: &str, evidence: Evidence) {
        let shift = self.next_look().0;
        let moved = |look: LookId| LookId(look.0.saturating_add(shift));
        let start = evidence.opened_at.0.saturating_mul(1_000_000);
        self.tried
            .extend(evidence.tried.into_iter().map(|mut attempt| {
                attempt.look = moved(attempt.look);
                attempt
            }));
        self.seen
            .extend(evidence.seen.into_iter().map(|mut observation| {
                observation.look = observation.look.map(moved);
                let at = observation.at.take().map(|at| {
                    UnixMicros(start.saturating_add(i64::try_from(at.0).unwrap_or(i64::MAX)))
                });
                file.clone_into(&mut observation.vantage);
                Seen { at, observation }
            }));
        self.damage.extend(evidence.damage);
    }
}
