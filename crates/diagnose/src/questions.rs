//! What to ask a person: the questions whose answers are expected to tell most about the causes that are left.

use model::codes::SYMPTOMS;
use model::codes::symptom::Known;
use model::{Evidence, Fact};

use crate::behaviours;
use crate::cause::{Cause, Severity};
use crate::{Diagnosis, diagnose, weigh};

/// A question that is worth asking.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is asked about.
    pub symptom: &'static Known,
    /// The bits its answer is expected to tell.
    pub bits: f64,
}

/// How often a symptom is stated of a case whose cause it says nothing about.
const USUAL: f64 = 0.25;
/// However well a symptom fits a cause, some people answer otherwise.
const SURE: f64 = 0.9;
/// A question that is expected to tell less is not worth a person's time.
const WORTH: f64 = 0.02;

/// Of a host that is given by its address nobody is asked whether the address works.
const BY_ADDRESS: &str = "works-by-address";

/// The questions that are worth asking, best first.
pub fn questions(evidence: &Evidence) -> Vec<Question> {
    let diagnosis = diagnose(evidence);
    let causes = left(evidence, &diagnosis);
    let known: f64 = causes.iter().map(|(_, share)| share).sum();
    let mut questions: Vec<Question> = SYMPTOMS
        .iter()
        .filter(|known| !known.asks.is_empty() && !stated(evidence, known))
        .filter(|known| known.name != BY_ADDRESS || evidence.target.address.is_none())
        .map(|symptom| Question {
            symptom,
            bits: bits(symptom, &causes, (1.0 - known).max(0.0)),
        })
        .filter(|question| question.bits >= WORTH)
        .collect();
    questions.sort_by(|a, b| {
        b.bits
            .total_cmp(&a.bits)
            .then(a.symptom.name.cmp(b.symptom.name))
    });
    questions
}

/// The causes that are left, with their shares: what is found, or where nothing is found, what words can speak for.
fn left(evidence: &Evidence, diagnosis: &Diagnosis) -> Vec<(&'static Cause, f64)> {
    let blocking = diagnosis
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking);
    let found: Vec<(&Cause, f64)> = diagnosis
        .findings
        .iter()
        .filter(|finding| !blocking || finding.severity == Severity::Blocking)
        .map(|finding| (finding.cause, finding.probability))
        .collect();
    let whole: f64 = found.iter().map(|(_, share)| share).sum();
    if found.is_empty() {
        return weigh::before_anything(diagnosis.reached, evidence);
    }
    found
        .into_iter()
        .map(|(cause, share)| (cause, share / whole.max(1.0)))
        .collect()
}

/// The person has said something about it already.
fn stated(evidence: &Evidence, known: &Known) -> bool {
    evidence.seen.iter().any(|seen| {
        matches!(&seen.fact, Fact::BehaviourStated { symptom, .. } if symptom.0 == known.name)
    })
}

/// How likely the answer is yes, when this is the cause.
fn yes(cause: &Cause, symptom: &Known) -> f64 {
    let symptom = model::codes::Symptom::of(symptom.name);
    let weight = f64::from(behaviours::of(cause, &symptom, true));
    (USUAL * 10_f64.powf(weight / 10.0)).min(SURE)
}

/// How much less is open when the answer is known, on average.
fn bits(symptom: &Known, causes: &[(&'static Cause, f64)], unknown: f64) -> f64 {
    let h = |p: f64| {
        let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
        part(p) + part(1.0 - p)
    };
    let answers: Vec<(f64, f64)> = causes
        .iter()
        .map(|(cause, share)| (*share, yes(cause, symptom)))
        .chain([(unknown, USUAL)])
        .collect();
    let mean: f64 = answers.iter().map(|(share, yes)| share * yes).sum();
    let left: f64 = answers.iter().map(|(share, yes)| share * h(*yes)).sum();
    (h(mean.clamp(0.0, 1.0)) - left).max(0.0)
}
