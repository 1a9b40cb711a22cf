//! Causes, remedies, and the function that weighs them.

mod asks;
pub mod behaviours;
pub mod cause;
pub mod causes;
mod clues;
pub mod diagnosis;
pub mod draft;
mod index;
mod leads;
mod names;
mod prelude;
mod prescription;
mod priors;
mod questions;
pub mod remedies;
pub mod remedy;
mod rung_words;
mod standing;
mod stated;
pub mod told;
mod view;
mod weigh;
mod weighings;
pub mod words;

use model::{Evidence, Leg};

pub use cause::{Ask, Cause, Clue, Reading, Severity, Side, Weight};
pub use causes::CAUSES;
pub use diagnosis::{
    Diagnosis, Finding, Lead, NotChecked, Outcome, Reason, Rung, RungOutcome, Verdict,
};
pub use draft::{Case, Draft};
pub use questions::{Question, questions};
pub use remedies::REMEDIES;
pub use remedy::{Remedy, Risk};
pub use stated::speaking_for;
pub use view::View;
pub use weighings::{Said, Weighing, weighings};

/// Concludes from the evidence. The same evidence gives the same diagnosis, in whatever order it came.
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let index = index::Index::of(evidence);
    let standing = standing::stand(&index);
    let findings = weigh::findings(&index, &standing);
    let leads = leads::leads(&findings, &index);
    let stopped_at = standing.stopped_at();
    // What people say is weighed and is no look: without one, nothing was seen.
    let spoken = weigh::is_spoken(&index);
    let any = |severity| !spoken && findings.iter().any(|finding| finding.severity == severity);
    let now_and_then = standing
        .rungs
        .iter()
        .any(|rung| rung.outcome == RungOutcome::Warned && rung.place.leg != Leg::Side);
    let outcome = if stopped_at.is_some() || any(Severity::Blocking) {
        Outcome::Failing
    } else if any(Severity::Degrading) || now_and_then {
        Outcome::Degraded
    } else if standing.arrived() && !evidence.interrupted {
        Outcome::Healthy
    } else {
        Outcome::Unknown
    };
    let reached = standing.reached();
    let mut rungs = standing.rungs;
    for rung in &mut rungs {
        let hurt = findings.iter().any(|finding| {
            // The rungs of a gateway's leg are judged one by one.
            finding.severity == Severity::Degrading
                && finding.leg != Leg::Gateway
                && finding.leg == rung.place.leg
                && finding.cause.phase == rung.place.phase
        });
        if hurt && rung.outcome == RungOutcome::Passed {
            rung.outcome = RungOutcome::Warned;
        }
    }
    Diagnosis {
        outcome,
        reached,
        stopped_at,
        rungs,
        findings,
        leads,
        not_checked: standing.not_checked,
    }
}

/// What the words of a person alone speak for, whatever was seen: each family of causes under the one that fits
/// best, the most probable first.
pub fn by_words(evidence: &Evidence) -> Vec<Finding> {
    weigh::of_words(&index::Index::of(evidence))
}

/// The cause with this id.
pub fn cause(id: &str) -> Option<&'static Cause> {
    CAUSES.iter().copied().find(|cause| cause.id == id)
}

/// The remedy with this id.
pub fn remedy(id: &str) -> Option<&'static Remedy> {
    REMEDIES.iter().copied().find(|remedy| remedy.id == id)
}

/// The page of a cause or remedy, in Markdown.
pub fn page(id: &str) -> Option<String> {
    cause(id)
        .map(Cause::page_text)
        .or_else(|| remedy(id).map(Remedy::page_text))
}
