//! Causes, remedies, and the function that weighs them.

pub mod cause;
pub mod diagnosis;

pub use cause::{Cause, Clue, Reading, Severity, Side, View, Weight};
pub use diagnosis::{
    Diagnosis, Finding, Lead, NotChecked, Outcome, Reason, Rung, RungOutcome, Verdict,
};
