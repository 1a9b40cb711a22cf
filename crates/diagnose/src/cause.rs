//! A record of the catalogue: why connections fail, and what speaks for and against it.

use model::{Evidence, Fact, FactKind, Intent, Leg, Observation, Phase};
use serde::Serialize;

/// Why connections fail.
#[derive(Debug)]
pub struct Cause {
    /// `phase.name`; the same as its path in `causes/`. Retired ids are never reused.
    pub id: &'static str,
    /// The family of root causes it belongs to.
    pub family: &'static str,
    /// The rung on which it shows first.
    pub phase: Phase,
    /// Where it has to be mended.
    pub side: Side,
    /// What it does to a connection.
    pub severity: Severity,
    /// A sentence that is true when the cause is.
    pub title: &'static str,
    /// The page, in Markdown.
    pub page: &'static str,
    /// How common it is among the causes of its rung before anything was seen, in decibans
    /// (10·log₁₀ of the odds); never positive.
    pub prior: i32,
    /// What speaks for and against it.
    pub clues: &'static [Clue],
    /// Deeper causes it may come from, with clues of their own.
    pub roots: &'static [&'static str],
    /// What mends it, best first.
    pub remedies: &'static [&'static str],
}

/// One sentence that can be true or false, and how to find out.
#[derive(Debug)]
pub struct Clue {
    /// Follows "because": what was seen, in plain words.
    pub says: &'static str,
    /// Follows "despite": the opposite, in plain words.
    pub denies: &'static str,
    /// The kinds of facts it reads; it is shown no others.
    pub reads: &'static [FactKind],
    /// What it weighs when true.
    pub weight: Weight,
    /// What it weighs against the cause when false.
    pub against: Weight,
    /// How to look.
    pub look: for<'e> fn(&View<'e>) -> Reading<'e>,
}

/// How much a clue tells, in decibans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing.
    None = 0,
    /// A hint: twice as likely.
    Slight = 3,
    /// Ten times as likely.
    Fair = 10,
    /// A hundred times as likely.
    Strong = 20,
    /// The fact admits no other reading.
    Decisive = 40,
}

/// What a clue reads in the evidence. Neither yes nor no is an answer of its own.
#[derive(Clone, Copy, Debug)]
pub enum Reading<'e> {
    /// It is so, by this observation.
    For(&'e Observation),
    /// It is not so, by this observation.
    Against(&'e Observation),
    /// Nothing is known about it.
    Silent,
}

/// Where a cause has to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// On the machine that connects.
    Client,
    /// On the way between them.
    Network,
    /// On the machine connected to.
    Server,
    /// On the RD Gateway.
    Gateway,
    /// In the name service.
    NameService,
    /// In the domain: controllers, accounts, policies.
    Domain,
}

/// What a cause does to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The connection fails.
    Blocking,
    /// It works, for some or for now, or worse than it should.
    Degrading,
    /// Good to know.
    Note,
}

/// The facts of the declared kinds, on one leg, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct View<'e> {
    pub(crate) evidence: &'e Evidence,
    pub(crate) leg: Leg,
    pub(crate) reads: &'e [FactKind],
}

impl<'e> View<'e> {
    /// Shows the kinds `reads` of what was seen on `leg` or on no leg.
    pub fn new(evidence: &'e Evidence, leg: Leg, reads: &'e [FactKind]) -> Self {
        Self {
            evidence,
            leg,
            reads,
        }
    }

    /// The observations this view shows, in the order in which they were made.
    pub fn seen(&self) -> impl Iterator<Item = &'e Observation> + use<'e> {
        let Self {
            evidence,
            leg,
            reads,
        } = *self;
        evidence.seen.iter().filter(move |observation| {
            reads.contains(&observation.fact.kind())
                && observation.place.is_none_or(|place| place.leg == leg)
        })
    }

    /// The target of the case.
    pub fn target(&self) -> &'e model::Target {
        &self.evidence.target
    }

    /// The observation was made on a connection that behaves as the client of the case does.
    pub fn as_client(&self, observation: &Observation) -> bool {
        observation
            .look
            .and_then(|look| self.evidence.attempt(look))
            .is_none_or(|attempt| attempt.intent == Intent::AsClient)
    }

    /// For, when `judge` finds some observation true; against, when it finds one false and none true.
    pub fn any(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| judge(&observation.fact))
    }

    /// Like [`Self::any`] over connections that behave as the client of the case does.
    pub fn any_as_client(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| {
            if self.as_client(observation) {
                judge(&observation.fact)
            } else {
                None
            }
        })
    }

    /// Like [`Self::any`] with the whole observation.
    pub fn read(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let mut against = None;
        for observation in self.seen() {
            match judge(observation) {
                Some(true) => return Reading::For(observation),
                Some(false) => against = against.or(Some(observation)),
                None => {}
            }
        }
        against.map_or(Reading::Silent, Reading::Against)
    }
}
