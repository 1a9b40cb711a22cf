//! What all words of a person taken together speak for: codes, sentences of dialogs and how it behaves.

use diagnose::Finding;
use model::codes::Symptom;
use model::{Damage, Evidence, Fact};
use serde::Serialize;

use super::context::Program;
use super::stated::spoken;

/// The most kinds of causes that are named.
const MOST: usize = 5;

/// Everything taken together.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Together {
    /// How it behaves, as it was understood.
    pub behaves: Vec<Behaviour>,
    /// Kinds of causes, the most probable first; what is missing to one is none of them.
    pub causes: Vec<Likely>,
    /// What was not understood.
    pub damage: Vec<String>,
}

/// How a connection behaves.
#[derive(Clone, Debug, Serialize)]
pub struct Behaviour {
    /// The name of the symptom.
    pub symptom: String,
    /// What is so.
    pub says: String,
    /// It is so; otherwise it is said that it is not.
    pub holds: bool,
    /// The words that tell it.
    pub words: String,
}

/// A kind of cause.
#[derive(Clone, Debug, Serialize)]
pub struct Likely {
    /// The cause of this kind that the words fit best.
    pub cause: &'static str,
    /// The kind.
    pub family: &'static str,
    /// A sentence that is true when the cause is.
    pub title: &'static str,
    /// Where it has to be mended.
    pub side: diagnose::Side,
    /// The share of this kind of cause, going by these words alone.
    pub probability: f64,
    /// What speaks for it.
    pub because: Vec<String>,
    /// What speaks against it.
    pub despite: Vec<String>,
}

impl Together {
    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.behaves.is_empty() && self.causes.is_empty() && self.damage.is_empty()
    }

    /// What the evidence of words comes to.
    pub fn of(evidence: &Evidence, damage: &[Damage]) -> Self {
        let behaves = evidence
            .seen
            .iter()
            .filter_map(|seen| match &seen.fact {
                Fact::BehaviourStated {
                    words,
                    symptom,
                    holds,
                } => Some(behaviour(words, symptom, *holds)),
                _ => None,
            })
            .collect();
        Self {
            behaves,
            causes: diagnose::by_words(evidence)
                .iter()
                .take(MOST)
                .map(likely)
                .collect(),
            damage: damage.iter().map(|damage| damage.says.clone()).collect(),
        }
    }

    /// Words on a command line.
    pub fn of_words(words: &[String], client: Option<Program>) -> Self {
        Self::of(&spoken(words, client.map(Program::name), None), &[])
    }
}

fn behaviour(words: &str, symptom: &Symptom, holds: bool) -> Behaviour {
    Behaviour {
        symptom: symptom.0.to_string(),
        says: symptom
            .known()
            .map_or_else(String::new, |known| known.says.to_owned()),
        holds,
        words: words.to_owned(),
    }
}

fn likely(finding: &Finding) -> Likely {
    let says =
        |reasons: &[diagnose::Reason]| reasons.iter().map(|reason| reason.says.clone()).collect();
    Likely {
        cause: finding.cause.id,
        family: finding.cause.family,
        title: finding.cause.title,
        side: finding.cause.side,
        probability: finding.probability,
        because: says(&finding.because),
        despite: says(&finding.despite),
    }
}
