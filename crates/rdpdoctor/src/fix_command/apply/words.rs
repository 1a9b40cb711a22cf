//! Values of today in words, beside the words of a plan.

use model::plan::{PlannedStep, Start, Value};

pub(super) use super::super::words::place;

/// A step as an imperative.
pub(super) fn step(planned: &PlannedStep) -> String {
    let text = super::super::words::step(&planned.step);
    text.trim_end_matches('.').to_owned()
}

/// A value; what files hold is not told, because keys are among them.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Absent => "nothing".to_owned(),
        Value::Text(text) if text.is_empty() => "an empty value".to_owned(),
        Value::Text(text) => text.clone(),
        Value::Mode(mode) => format!("{mode:04o}"),
        Value::Owner { user, group } => format!("user {user}, group {group}"),
        Value::Content(bytes) => format!("{} bytes", bytes.0.len()),
        Value::Number(number) => number.to_string(),
        Value::Switch(true) => "yes".to_owned(),
        Value::Switch(false) => "no".to_owned(),
        Value::Start(Start::Automatic) => "starts with the system".to_owned(),
        Value::Start(Start::Delayed) => "starts after the system".to_owned(),
        Value::Start(Start::Manual) => "starts when asked for".to_owned(),
        Value::Start(Start::Disabled) => "never starts".to_owned(),
        Value::KeyPair {
            certificate: None,
            key: None,
        } => "no files".to_owned(),
        Value::KeyPair { .. } => "the files as they are".to_owned(),
        Value::NewKeyPair { .. } => "a new pair".to_owned(),
        other => format!("{other:?}"),
    }
}
