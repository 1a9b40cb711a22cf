//! What is concluded from the evidence.

use model::{Leg, Micros, Place};
use serde::Serialize;

use crate::cause::{Cause, Severity};

/// The conclusion of a case.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// In one word.
    pub outcome: Outcome,
    /// The last rung that was passed.
    pub reached: Option<Place>,
    /// The rung on which the client of the case fails.
    pub stopped_at: Option<Place>,
    /// The ladder, rung by rung.
    pub rungs: Vec<Rung>,
    /// Causes that are supported, most probable blocking cause first; empty when healthy.
    pub findings: Vec<Finding>,
    /// What to look at next, best first.
    pub leads: Vec<Lead>,
    /// What was not looked at.
    pub not_checked: Vec<NotChecked>,
}

impl Diagnosis {
    /// The families of the findings, each with the sum of its probabilities, in the order of their first finding.
    pub fn families(&self) -> Vec<(&'static str, f64)> {
        let mut families: Vec<(&'static str, f64)> = Vec::new();
        for finding in &self.findings {
            let family = finding.cause.family;
            match families.iter_mut().find(|(known, _)| *known == family) {
                Some((_, sure)) => *sure += finding.probability,
                None => families.push((family, finding.probability)),
            }
        }
        families
    }
}

/// The state of a connection in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing is wrong as far as was looked.
    Healthy,
    /// It works, for some or for now, or worse than it should.
    Degraded,
    /// The connection fails.
    Failing,
    /// Too little was seen to say.
    Unknown,
}

/// How one rung went.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The rung.
    pub place: Place,
    /// How it went.
    pub outcome: RungOutcome,
    /// When it was begun, since the case was opened.
    pub started: Option<Micros>,
    /// How long it took.
    pub took: Option<Micros>,
    /// What was seen there, in a few words.
    pub says: String,
}

/// How a rung went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RungOutcome {
    /// It was passed.
    Passed,
    /// It was passed, and something there should be mended.
    Warned,
    /// The connection ended here.
    Failed,
    /// It does not apply, or nobody asked for it.
    Skipped,
    /// The connection ended before it.
    NotReached,
}

/// A cause, weighed.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The cause.
    pub cause: &'static Cause,
    /// The leg on which it was found.
    pub leg: Leg,
    /// What it does here; a cause may weigh less than usual when only some connections suffer from it.
    pub severity: Severity,
    /// How sure we are, in a word.
    pub verdict: Verdict,
    /// The sum of the evidence, in decibans, prior not included.
    pub weight_db: i32,
    /// The probability among its rivals.
    pub probability: f64,
    /// What speaks for it.
    pub because: Vec<Reason>,
    /// What speaks against it.
    pub despite: Vec<Reason>,
    /// What is not known and would tell.
    pub unknown: Vec<&'static str>,
}

/// A piece of evidence for or against a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In plain words, with the numbers seen.
    pub says: String,
    /// The index of the observation in `Evidence::seen`.
    pub evidence: usize,
    /// What it weighs, in decibans; negative when it speaks against.
    pub weight_db: i32,
}

/// How sure we are of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The evidence admits no other reading.
    Proven,
    /// Much speaks for it and little against.
    Likely,
    /// It cannot be ruled out.
    Possible,
}

/// A next look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// What to do or look at.
    pub look: String,
    /// What it would tell.
    pub why: String,
    /// A command that does it, ready to run.
    pub command: Option<String>,
}

/// Something that was not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// What.
    pub what: String,
    /// Why not, or what it takes.
    pub why: String,
}
