//! What a script says it did. It is the last line of its output, and is kept beside what it kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Status};
use crate::report::wrap::harmless;

/// The version of the format in which scripts tell what they did.
pub const RECEIPT_SCHEMA: &str = "rdpdoctor/receipt/1";

/// What a script did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "rdpdoctor receipt")]
pub struct Receipt {
    /// The version of this format: `rdpdoctor/receipt/1`.
    #[schemars(extend("const" = "rdpdoctor/receipt/1"))]
    pub schema: String,
    /// The plan.
    pub plan: String,
    /// The cause it mends.
    pub cause: String,
    /// The remedy it carries out.
    pub remedy: String,
    /// The kind of script.
    pub script: String,
    /// The machine it ran on.
    pub machine: String,
    /// When it began, UTC; empty when the script cannot tell.
    pub began: String,
    /// What it was asked to do.
    pub mode: Mode,
    /// How it ended.
    pub outcome: Outcome,
    /// Where it keeps what was there first; empty when it does not say.
    pub kept: String,
    /// Its steps, in the order in which they were made.
    pub steps: Vec<Told>,
}

/// What a script was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// To carry the plan out.
    Apply,
    /// To take it back.
    Undo,
}

/// How a script ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Values were changed; something that has no value, such as a restart, failed.
    Partly,
    /// A change failed, and what was changed before it was taken back.
    Failed,
    /// Everything was taken back.
    Undone,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// Its index in the plan.
    pub step: usize,
    /// What became of it.
    pub outcome: StepOutcome,
    /// What stood there first, or its beginning, where it can be shown.
    pub was: Option<String>,
    /// What the machine said.
    pub says: String,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// The value was changed.
    Changed,
    /// It stood there already.
    Already,
    /// The step does not apply to this machine.
    Skipped,
    /// It could not be made.
    Failed,
    /// Something was done that has no value.
    Done,
    /// A person has to do it.
    Person,
    /// It was taken back.
    Undone,
    /// It was as it had been; nothing had to be taken back.
    AsItWas,
    /// Somebody else changed it since; it was left alone.
    ChangedSince,
    /// It could not be taken back.
    Left,
}

/// Reads a receipt out of what a script printed: the last line that is one. Windows may have written it in UTF-16.
pub fn read(bytes: &[u8]) -> Result<Receipt, Failure> {
    let plain: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&plain);
    let mut wrong = None;
    for line in text.lines().rev() {
        let Some(start) = line.find("{\"schema\":\"rdpdoctor/receipt/") else {
            continue;
        };
        match serde_json::from_str::<Receipt>(line.get(start..).unwrap_or_default().trim()) {
            Ok(receipt) if receipt.schema == RECEIPT_SCHEMA => return Ok(receipt),
            Ok(receipt) => wrong = wrong.or(Some(format!("it is written in {}", receipt.schema))),
            Err(error) => wrong = wrong.or(Some(error.to_string())),
        }
    }
    let why = wrong.unwrap_or_else(|| "no line of it is one".to_owned());
    Err(Failure::usage(format!(
        "this is no receipt of a script ({why}); give the whole output of the script, or the file ending in .receipt.json"
    )))
}

/// The receipt in words, and the status that goes with it.
pub fn words(receipt: &Receipt) -> (String, Status) {
    let mut text = format!(
        "{} on {}: {}\n",
        harmless(&receipt.plan),
        harmless(&receipt.machine),
        match (receipt.mode, receipt.outcome) {
            (_, Outcome::Done) => "carried out.",
            (_, Outcome::Undone) => "taken back; everything is as it was.",
            (_, Outcome::Failed) =>
                "not carried out: a step failed, and what was changed before it was taken back.",
            (Mode::Apply, Outcome::Partly) =>
                "the values are changed, and something after them failed; see below.",
            (Mode::Undo, Outcome::Partly) => "not everything could be taken back; see below.",
        }
    );
    for told in &receipt.steps {
        let outcome = match told.outcome {
            StepOutcome::Changed => "changed",
            StepOutcome::Already => "stood there already",
            StepOutcome::Skipped => "does not apply to this machine",
            StepOutcome::Failed => "failed",
            StepOutcome::Done => "done",
            StepOutcome::Person => "left to you",
            StepOutcome::Undone => "taken back",
            StepOutcome::AsItWas => "was as it had been",
            StepOutcome::ChangedSince => "changed by somebody else since, left alone",
            StepOutcome::Left => "could not be taken back",
        };
        text.push_str(&format!("  {:>2}. {outcome}", told.step.saturating_add(1)));
        if let Some(was) = told.was.as_deref().filter(|was| !was.is_empty()) {
            text.push_str(&format!(" (was {})", harmless(was)));
        }
        if !told.says.is_empty() {
            text.push_str(&format!(": {}", harmless(&told.says)));
        }
        text.push('\n');
    }
    let status = match receipt.outcome {
        Outcome::Done | Outcome::Undone => Status::Healthy,
        Outcome::Failed | Outcome::Partly => Status::Finding,
    };
    if receipt.mode == Mode::Apply && status == Status::Healthy {
        text.push_str(
            "Now look again: the plan worked when the check no longer names the cause.\n",
        );
    }
    (text, status)
}
