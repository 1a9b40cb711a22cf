//! What was read from all files of a case.

use model::{
    Attempt, Damage, Evidence, Fact, LookId, Micros, Observation, Place, Source, Target,
    UnixMicros, UnixSeconds,
};

/// Damaged places of one file that are told one by one.
const MOST_DAMAGE: usize = 100;

/// What was read from all files of a case.
#[derive(Debug, Default)]
pub struct Findings {
    /// The files, in the order in which they were read.
    pub files: Vec<File>,
    /// What they tell.
    pub seen: Vec<Seen>,
    /// The connections found in captures and logs.
    pub tried: Vec<Attempt>,
    /// What they did not let us read.
    pub damage: Vec<Damage>,
    /// Files that wait for others that belong to them.
    pub(crate) pending: Vec<Pending>,
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

    /// Everything as one case, on one time line that begins with the earliest moment told. Without any
    /// moment it is opened at `now`.
    pub fn into_evidence(self, target: Target, now: UnixSeconds) -> Evidence {
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
        evidence
    }
}
