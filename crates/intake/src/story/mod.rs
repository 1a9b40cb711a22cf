//! The story of a connection: what several logs, captures and machines tell of one attempt, put together.
//!
//! Files of one machine share its clock. Moments are tied to an attempt by what ties them for certain (the activity
//! of an event, the process of a line, the port of the client), then by the address within a minute, and last by
//! following it closely when nothing else was open. What fits several attempts is tied to none.

mod joined;

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use model::{Phase, Source, UnixMicros};
use serde::Serialize;

pub use joined::{Clock, Contradiction, Joined, Line, Matched, join, within_a_day};

/// Moments of one file that are remembered: the last ones.
pub const MOST_MOMENTS: usize = 4_000;
/// A moment later than this after the last one of an attempt belongs to another.
const LONGEST_GAP: i64 = 60_000_000;
/// A moment that nothing ties belongs to what opened no earlier than this before it.
const CLOSE_BY: i64 = 5_000_000;
/// The same in a log that one program writes, where lines come in order.
const CLOSE_IN_LOG: i64 = 120_000_000;
/// Steps of one attempt that are told.
const MOST_STEPS: usize = 40;

/// One line of a log or one event, as far as the story of a connection needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When, on the clock of the teller.
    pub at: UnixMicros,
    /// How far that clock can be believed.
    pub dated: Dated,
    /// What is known of who tells it: a machine, or else a file.
    pub teller: String,
    /// The file it stands in.
    pub file: String,
    /// Its kind.
    pub source: Source,
    /// Which end of the connection it was noted at.
    pub side: Side,
    /// What ties it to others of the same connection, when something does.
    pub tie: Option<String>,
    /// The address of the client.
    pub from: Option<IpAddr>,
    /// The port of the client.
    pub port: Option<u16>,
    /// What part it plays.
    pub part: Part,
    /// The rung it tells about.
    pub phase: Option<Phase>,
    /// Its short name: `RdpCoreTS 131`, `xrdp TCP_ACCEPTED`.
    pub label: String,
    /// What it says, in words.
    pub says: String,
}

/// How far the clock of a teller can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dated {
    /// Date, time and zone.
    Wholly,
    /// Date and time of a zone that is not told.
    WithoutZone,
    /// The time of day alone, of a zone that is not told.
    WithoutDay,
}

/// Which end of a connection something was noted at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The machine that connects.
    Client,
    /// The way between, where a capture was taken.
    Path,
    /// The machine connected to.
    Server,
}

/// What part a moment plays in a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A connection begins.
    Opens,
    /// It goes on.
    Goes,
    /// Something failed.
    Fails,
    /// It came to a session.
    Session,
    /// It ended.
    Ends,
}

/// One attempt to connect, as the files of one machine tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Who tells it.
    pub teller: String,
    /// Which end it was noted at.
    pub side: Side,
    /// How far the clock can be believed.
    pub dated: Dated,
    /// The address of the client.
    pub from: Option<IpAddr>,
    /// The port of the client.
    pub port: Option<u16>,
    /// The look it already has, when a capture told it.
    pub look: Option<model::LookId>,
    /// What happened, in order.
    pub steps: Vec<Moment>,
    ties: Vec<String>,
}

impl Attempt {
    /// When it began, on the clock of the teller.
    pub fn began(&self) -> UnixMicros {
        self.steps.first().map_or(UnixMicros(0), |step| step.at)
    }

    /// When it was last heard of.
    pub fn ended(&self) -> UnixMicros {
        self.steps.last().map_or(UnixMicros(0), |step| step.at)
    }

    /// It came to a session.
    pub fn reached_session(&self) -> bool {
        self.steps.iter().any(|step| step.part == Part::Session)
    }

    /// Something failed.
    pub fn failed(&self) -> bool {
        self.steps.iter().any(|step| step.part == Part::Fails)
    }

    /// The steps in short: `131 → 140 → 4625`.
    pub fn chain(&self) -> String {
        let mut labels: Vec<&str> = self.steps.iter().map(|step| step.label.as_str()).collect();
        labels.dedup();
        labels.join(" → ")
    }

    /// The client as address and port, as far as known.
    pub fn client(&self) -> Option<String> {
        match (self.from, self.port) {
            (Some(from), Some(port)) => Some(SocketAddr::new(from, port).to_string()),
            (Some(from), None) => Some(from.to_string()),
            (None, _) => None,
        }
    }

    fn is_open_at(&self, at: UnixMicros, within: i64) -> bool {
        (0..=within).contains(&at.0.saturating_sub(self.ended().0))
    }

    fn take(&mut self, moment: Moment) {
        if let Some(tie) = moment.tie.clone()
            && !self.ties.contains(&tie)
        {
            self.ties.push(tie);
        }
        self.from = self.from.or(moment.from);
        self.port = self.port.or(moment.port);
        if self.steps.len() < MOST_STEPS {
            self.steps.push(moment);
        } else if let Some(last) = self.steps.last_mut() {
            // The end of a long story matters more than its middle.
            *last = moment;
        }
    }
}

/// The last moments of one file.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    kept: VecDeque<Moment>,
}

impl Moments {
    /// Remembers a moment, and forgets the oldest when there are too many.
    pub fn note(&mut self, moment: Moment) {
        if self.kept.len() >= MOST_MOMENTS {
            self.kept.pop_front();
        }
        self.kept.push_back(moment);
    }

    /// All that are remembered.
    pub fn into_vec(self) -> Vec<Moment> {
        self.kept.into()
    }
}

/// Puts moments together to attempts, in the order in which those began.
pub fn attempts(mut moments: Vec<Moment>) -> Vec<Attempt> {
    // Of the same moment in the order in which they were written, but a beginning comes first.
    moments.sort_by(|a, b| {
        (&a.teller, a.at, a.part != Part::Opens).cmp(&(&b.teller, b.at, b.part != Part::Opens))
    });
    let mut by_teller: BTreeMap<String, Vec<Attempt>> = BTreeMap::new();
    for moment in moments {
        let attempts = by_teller.entry(moment.teller.clone()).or_default();
        // Only the latest can still be open.
        let first = attempts.len().saturating_sub(64);
        let open = attempts.get_mut(first..).unwrap_or_default();
        match of(open, &moment) {
            Some(at) => {
                if let Some(attempt) = open.get_mut(at) {
                    attempt.take(moment);
                }
            }
            // A client's log often tells nothing before the failure, but each process of it is one attempt.
            None if moment.part == Part::Opens
                || moment.from.is_some()
                || (moment.side == Side::Client && moment.tie.is_some()) =>
            {
                let mut attempt = Attempt {
                    teller: moment.teller.clone(),
                    side: moment.side,
                    dated: moment.dated,
                    from: None,
                    port: None,
                    look: None,
                    steps: Vec::new(),
                    ties: Vec::new(),
                };
                attempt.take(moment);
                attempts.push(attempt);
            }
            None => {}
        }
    }
    let mut all: Vec<Attempt> = by_teller.into_values().flatten().collect();
    all.sort_by(|a, b| (a.began(), &a.teller).cmp(&(b.began(), &b.teller)));
    all
}

/// The attempt that a moment belongs to.
fn of(open: &[Attempt], moment: &Moment) -> Option<usize> {
    let last = |fits: &dyn Fn(&Attempt) -> bool| open.iter().rposition(fits);
    let textual = moment.source == Source::Log;
    let gap = if textual { CLOSE_IN_LOG } else { LONGEST_GAP };
    if let Some(tie) = &moment.tie
        && let Some(at) = last(&|one| {
            one.ties.contains(tie) && one.side == moment.side && one.is_open_at(moment.at, gap * 30)
        })
    {
        return Some(at);
    }
    if let (Some(from), Some(port)) = (moment.from, moment.port)
        && let Some(at) = last(&|one| one.from == Some(from) && one.port == Some(port))
    {
        return Some(at);
    }
    if moment.part == Part::Opens {
        // The same beginning told by two channels: no new attempt when nothing speaks against it.
        return last(&|one| {
            one.side == moment.side
                && moment
                    .tie
                    .as_ref()
                    .is_none_or(|tie| one.ties.is_empty() || one.ties.contains(tie))
                && one.from.is_some()
                && one.from == moment.from
                && (one.port.is_none() || moment.port.is_none())
                && one.steps.iter().all(|step| step.label != moment.label)
                && one.is_open_at(moment.at, 2_000_000)
        });
    }
    if let Some(from) = moment.from {
        return last(&|one| {
            one.from == Some(from)
                && one.side == moment.side
                && (moment.port.is_none() || one.port.is_none())
                && one.is_open_at(moment.at, LONGEST_GAP)
        });
    }
    let within = if textual { CLOSE_IN_LOG } else { CLOSE_BY };
    let mut near = open.iter().enumerate().filter(|(_, one)| {
        one.side == moment.side
            && one.is_open_at(moment.at, within)
            && (moment.tie.is_none() || one.ties.is_empty())
    });
    if textual {
        // A log without processes is read in its order.
        return near.next_back().map(|(at, _)| at);
    }
    let (at, _) = near.next()?;
    near.next().is_none().then_some(at)
}
