//! What was read from all files of a case.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::{
    Attempt, AttemptOutcome, Damage, Evidence, Fact, HostName, Intent, LookId, Micros, Observation,
    Place, Source, Target, Trace, UnixMicros, UnixSeconds,
};

use crate::capture::Keys;
use crate::pasted::Parts;
use crate::recording::WatchedHost;
use crate::story::{Joined, Moment};

/// Damaged places of one file that are told one by one.
const MOST_DAMAGE: usize = 100;
/// What a host is called that no file names.
const UNNAMED: &str = "the server";
/// Attempts that logs tell which are told one by one: the last ones.
const MOST_ATTEMPTS: usize = 50;

/// What the reader of the files was asked for.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The connection of a capture that is to be judged.
    pub connection: Option<u32>,
    /// The server whose connections are to be judged, and its port when that was said.
    pub server: Option<(IpAddr, Option<u16>)>,
    /// Keys of TLS sessions.
    pub keys: Keys,
}

/// What was read from all files of a case.
#[derive(Debug, Default)]
pub struct Findings {
    /// What was asked for.
    pub wishes: Wishes,
    /// Every connection of the captures, whether it is judged or not.
    pub connections: Vec<Recorded>,
    /// The files, in the order in which they were read.
    pub files: Vec<File>,
    /// What they tell.
    pub seen: Vec<Seen>,
    /// The connections found in captures and logs.
    pub tried: Vec<Attempt>,
    /// Whom those connections were made to, one entry per file.
    pub targets: Vec<Target>,
    /// What is worth saying about the files themselves.
    pub notes: Vec<String>,
    /// What they did not let us read.
    pub damage: Vec<Damage>,
    /// Looks of recordings, by host, until it is known which one the case is about.
    pub watched: Vec<WatchedHost>,
    /// The clock of what is being read, where it has one.
    pub(crate) now: Option<UnixSeconds>,
    /// The steps of connections that logs tell, until they are joined.
    pub moments: Vec<Moment>,
    /// What several files tell of the same attempts.
    pub joined: Joined,
    /// Files that wait for others that belong to them.
    pub(crate) pending: Vec<Pending>,
    /// Parts of bundles that wait for the others, by the mark of the bundle.
    pub(crate) parts: BTreeMap<String, Parts>,
}

/// A file that waits for others that belong to it.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name; for a member of an archive after the name of the archive and `!`.
    pub name: String,
    /// The reader that knew it; `None` when none did.
    pub kind: Option<&'static str>,
    /// How much was found in it, in words.
    pub says: String,
}

/// A connection of a capture in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The capture.
    pub file: String,
    /// When its first packet was recorded.
    pub began: UnixMicros,
    /// The rest.
    pub connection: crate::capture::Outline,
    /// What it tells is part of the evidence.
    pub judged: bool,
}

/// A fact with the moment on the wall clock of the machine that noted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was noted; `None` when the file does not tell.
    pub at: Option<UnixMicros>,
    /// The rest.
    pub observation: Observation,
}

impl Findings {
    /// Notes a fact of a file.
    pub fn see(
        &mut self,
        file: &str,
        source: Source,
        place: Option<Place>,
        at: Option<UnixMicros>,
        fact: Fact,
    ) {
        self.seen.push(Seen {
            at,
            observation: Observation {
                at: None,
                place,
                source,
                vantage: file.to_owned(),
                look: None,
                fact,
            },
        });
    }

    /// Notes what could not be read.
    pub fn damaged(&mut self, file: &str, place: &str, says: impl Into<String>) {
        let place = if place.is_empty() {
            file.to_owned()
        } else {
            format!("{file}: {place}")
        };
        let told = self
            .damage
            .iter()
            .filter(|damage| damage.place.starts_with(file))
            .count();
        let says = match told.cmp(&MOST_DAMAGE) {
            std::cmp::Ordering::Less => says.into(),
            std::cmp::Ordering::Equal => "more could not be read".to_owned(),
            std::cmp::Ordering::Greater => return,
        };
        self.damage.push(Damage { place, says });
    }

    /// The number for the next connection that is found.
    pub fn next_look(&self) -> LookId {
        let highest = self
            .tried
            .iter()
            .map(|attempt| attempt.look.0.saturating_add(1))
            .max();
        LookId(highest.unwrap_or(0))
    }

    /// Whom the files are about: the host connections were made to, or else the host a connection file or the
    /// log of a client names, or else the machine whose logs they are. `input` stands for the files. A host that
    /// nothing names has no port.
    pub fn subject(&self, input: &str) -> Target {
        let known = self
            .targets
            .iter()
            .find(|target| !target.host.0.is_empty())
            .cloned()
            .or_else(|| {
                self.seen
                    .iter()
                    .find_map(|seen| match &seen.observation.fact {
                        Fact::SettingFound {
                            key,
                            name,
                            value: model::SettingValue::Text(value),
                            ..
                        } if key == "connection file" && name == "full address" => target_of(value),
                        Fact::EventLogged {
                            provider,
                            id: 1024,
                            fields,
                            ..
                        } if provider.contains("TerminalServices-ClientActiveXCore") => {
                            fields.get("Value").and_then(|value| target_of(value))
                        }
                        _ => None,
                    })
            });
        if let Some(target) = known {
            return Target {
                input: input.to_owned(),
                ..target
            };
        }
        let mut machines: BTreeMap<&str, u64> = BTreeMap::new();
        for seen in &self.seen {
            let (name, times) = match &seen.observation.fact {
                Fact::EventLogged {
                    computer, times, ..
                } => (computer.0.as_str(), u64::from(*times)),
                Fact::ConnectionsLogged { computer, seen, .. } => {
                    (computer.0.as_str(), u64::from(*seen))
                }
                Fact::SettingFound {
                    name,
                    value: model::SettingValue::Text(value),
                    ..
                } if name == "ComputerName" => (value.as_str(), 1),
                Fact::PortTested { host, times, .. } => (host.0.as_str(), u64::from(*times)),
                _ => continue,
            };
            *machines.entry(name).or_insert(0) += times;
        }
        let named = machines
            .into_iter()
            .filter(|(name, _)| !name.is_empty())
            // Of equals the first by name.
            .rev()
            .max_by_key(|(_, times)| *times)
            .map(|(name, _)| name.to_owned());
        // Nothing tells of a host, so nothing tells of a port.
        let port = if named.is_some() {
            model::target::RDP_PORT
        } else {
            0
        };
        let known = named.as_deref().and_then(target_of);
        Target {
            input: input.to_owned(),
            ..known.unwrap_or_else(|| Target {
                input: String::new(),
                host: HostName(named.unwrap_or_else(|| UNNAMED.to_owned())),
                port,
                address: None,
                zone: None,
                gateway: None,
                proxy: None,
                client: model::ClientProfile::default(),
            })
        }
    }

    /// Everything as one case, on one time line that begins with the earliest moment told. Without any
    /// moment it is opened at `now`.
    pub fn into_evidence(mut self, target: Target, now: UnixSeconds) -> Evidence {
        self.settle_recordings(&target);
        let opened = self.seen.iter().filter_map(|seen| seen.at).min();
        let mut evidence = Evidence::of(target, opened.map_or(now, UnixMicros::seconds));
        let mut seen = self.seen;
        // Facts without a moment keep their order, before all others.
        seen.sort_by_key(|seen| seen.at);
        let start = UnixMicros(evidence.opened_at.0.saturating_mul(1_000_000));
        evidence.seen = seen
            .into_iter()
            .map(|seen| Observation {
                at: seen
                    .observation
                    .at
                    .or_else(|| seen.at.map(|at: UnixMicros| -> Micros { at.since(start) })),
                ..seen.observation
            })
            .collect();
        evidence.tried = self.tried;
        evidence.damage = self.damage;
        tell_attempts(&self.joined, start, &mut evidence);
        evidence
    }
}

/// Tells the attempts that logs hold, each with the number of the connection of a capture that is the same, or
/// one of its own.
fn tell_attempts(joined: &Joined, start: UnixMicros, evidence: &mut Evidence) {
    let mut looks: BTreeMap<u32, LookId> = joined
        .lines
        .iter()
        .filter_map(|line| Some((line.attempt, line.look?)))
        .collect();
    let mut next = evidence
        .tried
        .iter()
        .map(|attempt| attempt.look.0.saturating_add(1))
        .max()
        .unwrap_or(0);
    let extra = joined.attempts.len().saturating_sub(MOST_ATTEMPTS);
    for (number, attempt) in joined.attempts.iter().skip(extra) {
        let look = *looks.entry(*number).or_insert_with(|| {
            let look = LookId(next);
            next = next.saturating_add(1);
            look
        });
        let at = attempt.began().since(start);
        if evidence.attempt(look).is_none() {
            evidence.tried.push(Attempt {
                look,
                probe: "logs".to_owned(),
                intent: Intent::AsClient,
                says: match attempt.client() {
                    Some(client) => format!("{client} to {}: {}", attempt.teller, attempt.chain()),
                    None => format!("{}: {}", attempt.teller, attempt.chain()),
                },
                outcome: AttemptOutcome::Ran,
                at: Some(at),
                took: Some(attempt.ended().since(attempt.began())),
                trace: Trace::Nothing,
            });
        }
        let first = attempt.steps.first();
        evidence.seen.push(Observation {
            at: Some(at),
            place: None,
            source: first.map_or(Source::Log, |step| step.source),
            vantage: first.map_or_else(String::new, |step| step.file.clone()),
            look: Some(look),
            fact: Fact::AttemptLogged {
                computer: HostName(attempt.teller.clone()),
                from: attempt.from,
                steps: attempt
                    .steps
                    .iter()
                    .map(|step| step.label.clone())
                    .collect(),
                failed: attempt.failed(),
                session: attempt.reached_session(),
            },
        });
    }
}

fn target_of(text: &str) -> Option<Target> {
    let address = crate::rdpfile::Address::of(text)?;
    Some(Target {
        input: text.to_owned(),
        port: address.port.unwrap_or(model::target::RDP_PORT),
        address: address.address,
        zone: None,
        host: address.host,
        gateway: None,
        proxy: None,
        client: model::ClientProfile::default(),
    })
}
