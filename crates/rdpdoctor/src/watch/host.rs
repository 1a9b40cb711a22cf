//! One host that is being watched: when to look, and what it did so far. Pure: time is handed in.

use std::collections::VecDeque;

use jiff::Timestamp;
use model::{Evidence, Target};

use super::change::{Change, Snapshot, Tone, changes};
use crate::report::{Outcome, Report};

/// Looks whose times are shown.
const MOST_TIMES: usize = 240;
/// Looks from which the usual time is taken, and the fewest that make one.
const USUAL: (usize, usize) = (60, 5);
/// Changes that are kept.
const MOST_CHANGES: usize = 500;
/// Looks are not spaced out further than this by resets, in milliseconds.
const WIDEST: f64 = 300_000.0;
/// Connections that may be saved up for a full look.
const SAVED: f64 = 24.0;
/// Connections of a full look.
const FULL: f64 = 8.0;

/// How often to look, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    /// Milliseconds between looks.
    pub interval: f64,
    /// Connections an hour.
    pub budget: f64,
}

/// How much to look at next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Much {
    /// What the client does, once.
    One,
    /// And what makes the difference.
    Full,
}

/// A host that is being watched.
#[derive(Clone, Debug)]
pub struct Host {
    /// The host.
    pub target: Target,
    /// As it was given.
    pub shown: String,
    rhythm: Rhythm,
    /// Milliseconds of each look, oldest first; nothing for one that failed.
    pub times: VecDeque<Option<f64>>,
    /// What changed, oldest first.
    pub changes: VecDeque<(Timestamp, Change)>,
    /// The last look.
    pub last: Option<(Report, Snapshot)>,
    /// The verdict of the last full look, while what it saw still holds.
    pub verdict: Option<(Report, String)>,
    /// Looks so far.
    pub looks: u64,
    /// Since when it does not work.
    pub down_since: Option<Timestamp>,
    /// A look is under way.
    pub looking: bool,
    /// The next look is due at this moment.
    pub due: Timestamp,
    /// A full look is wanted.
    full: bool,
    /// Resets in a row.
    resets: u32,
    /// Connections that may be opened, and when that was counted.
    saved: (f64, Timestamp),
}

impl Host {
    /// A host to look at from this moment on.
    pub fn new(target: Target, shown: String, rhythm: Rhythm, now: Timestamp) -> Self {
        Self {
            target,
            shown,
            rhythm,
            times: VecDeque::new(),
            changes: VecDeque::new(),
            last: None,
            verdict: None,
            looks: 0,
            down_since: None,
            looking: false,
            due: now,
            full: true,
            resets: 0,
            saved: (SAVED, now),
        }
    }

    /// Whether to look now, and how much.
    pub fn turn(&mut self, now: Timestamp) -> Option<Much> {
        if self.looking || now < self.due {
            return None;
        }
        self.earn(now);
        let (saved, _) = self.saved;
        if saved < 1.0 {
            return None;
        }
        self.looking = true;
        let much = if self.full && saved >= FULL {
            self.full = false;
            Much::Full
        } else {
            Much::One
        };
        // The first is spent at once; the rest when it is known how many it were.
        self.saved.0 -= 1.0;
        Some(much)
    }

    fn earn(&mut self, now: Timestamp) {
        let (saved, since) = self.saved;
        let hours = millis(now, since) / 3_600_000.0;
        self.saved = ((saved + hours * self.rhythm.budget).min(SAVED), now);
    }

    /// The user does not want to wait.
    pub fn hurry(&mut self, now: Timestamp) {
        self.due = self.due.min(now);
    }

    /// A look is over; gives back what changed.
    pub fn saw(
        &mut self,
        much: Much,
        evidence: &Evidence,
        report: Report,
        now: Timestamp,
    ) -> Vec<Change> {
        self.looking = false;
        self.looks = self.looks.saturating_add(1);
        let mut snapshot = Snapshot::of(evidence, &report);
        #[expect(clippy::as_conversions, reason = "a few connections")]
        let opened = report.connections as f64;
        self.saved.0 -= (opened - 1.0).max(0.0);
        self.times
            .push_back(snapshot.took.filter(|_| snapshot.works));
        if self.times.len() > MOST_TIMES {
            self.times.pop_front();
        }
        let down_for = self.down_since.map(|since| millis(now, since));
        let changed = match &self.last {
            Some((_, before)) => changes(before, &snapshot, down_for, self.usual()),
            None => vec![first(&snapshot, &report)],
        };
        if let Some((_, before)) = &self.last {
            snapshot.remember(before);
        }
        if snapshot.works {
            self.down_since = None;
        } else {
            self.down_since.get_or_insert(now);
        }
        for change in &changed {
            self.changes.push_back((now, change.clone()));
            if self.changes.len() > MOST_CHANGES {
                self.changes.pop_front();
            }
        }
        // Something is new: a full look says what it is.
        if much == Much::One && changed.iter().any(|change| change.tone == Tone::Bad) {
            self.full = true;
        }
        match much {
            Much::Full => {
                self.full = false;
                self.verdict = Some((report.clone(), snapshot.manner.clone()));
            }
            Much::One => {
                // What a full look said holds as long as the host does the same.
                let holds = self.verdict.as_ref().is_some_and(|(full, manner)| {
                    *manner == snapshot.manner
                        && matches!(full.outcome, Outcome::Healthy | Outcome::Degraded)
                            == snapshot.works
                });
                if !holds {
                    self.verdict = None;
                }
            }
        }
        self.resets = if snapshot.reset {
            self.resets.saturating_add(1)
        } else {
            0
        };
        let wait = self.wait();
        self.due = later(now, wait);
        if self.full {
            // As soon as the budget allows; resets are not answered with haste.
            self.due = later(
                now,
                wait.min(if snapshot.reset { 5_000.0 } else { 1_000.0 }),
            );
        }
        self.last = Some((report, snapshot));
        changed
    }

    /// Milliseconds to the next look: longer after resets, which look like trouble to those who guard the host.
    fn wait(&self) -> f64 {
        let factor = 2_f64.powi(i32::try_from(self.resets.min(8)).unwrap_or(8));
        (self.rhythm.interval * factor).min(WIDEST.max(self.rhythm.interval))
    }

    /// The usual time of a look, when enough went well.
    pub fn usual(&self) -> Option<f64> {
        let mut times: Vec<f64> = self
            .times
            .iter()
            .rev()
            .take(USUAL.0)
            .flatten()
            .copied()
            .collect();
        if times.len() < USUAL.1 {
            return None;
        }
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied()
    }

    /// The report that says most about how it stands.
    pub fn report(&self) -> Option<&Report> {
        let last = self.last.as_ref().map(|(report, _)| report);
        self.verdict.as_ref().map(|(report, _)| report).or(last)
    }

    /// Milliseconds until the next look.
    pub fn left(&self, now: Timestamp) -> f64 {
        millis(self.due, now).max(0.0)
    }
}

/// What the first look says.
fn first(snapshot: &Snapshot, report: &Report) -> Change {
    if snapshot.works {
        let how: Vec<&str> = [&snapshot.security, &snapshot.tls]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        Change {
            says: match (report.outcome, how.is_empty()) {
                (_, true) => "answers".to_owned(),
                _ => format!("answers: {}", how.join(", ")),
            },
            tone: Tone::Good,
        }
    } else {
        Change {
            says: snapshot.manner.clone(),
            tone: Tone::Bad,
        }
    }
}

fn millis(later: Timestamp, earlier: Timestamp) -> f64 {
    later.duration_since(earlier).as_secs_f64() * 1000.0
}

fn later(now: Timestamp, millis: f64) -> Timestamp {
    let duration = jiff::SignedDuration::try_from_secs_f64(millis / 1000.0).unwrap_or_default();
    now.checked_add(duration).unwrap_or(now)
}
