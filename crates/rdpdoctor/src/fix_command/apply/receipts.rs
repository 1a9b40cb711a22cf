//! What was carried out here, for people and for programs.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::UnixSeconds;
use model::plan::{Entry, Value};
use repair::{Receipt, Shelf, Standing};
use serde::Serialize;

use super::{ApplyArguments, state, words};
use crate::answer;
use crate::check::now;
use crate::cli::{Format, OutputArguments};
use crate::failure::{Failure, Status};

/// The version of the format in which receipts are written.
const RECEIPT_SCHEMA: &str = "rdpdoctor/receipt/1";

/// What became of a plan, for a program. Never holds what files hold: keys are among them.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    schema: &'static str,
    id: String,
    cause: String,
    remedy: String,
    title: String,
    host: String,
    /// `open`, `held`, `kept` or `taken-back`.
    state: &'static str,
    begun_at: String,
    last_at: String,
    /// When it is taken back by itself.
    undone_at: Option<String>,
    steps: Vec<ToldStep>,
    /// What the look or the way back said, when something went wrong.
    says: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ToldStep {
    does: String,
    /// `made`, `begun`, `passed-over`, `taken-back` or `not-begun`.
    state: &'static str,
    why: Option<String>,
}

/// Lists the receipts.
pub(super) fn list(
    arguments: &ApplyArguments,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let Some(shelf) = state::shelf_if_any(arguments)? else {
        return none(arguments, output);
    };
    let mut receipts = Vec::new();
    let mut damaged = Vec::new();
    for id in shelf.list().map_err(|error| state::told(&error))? {
        match shelf.receipt(&id) {
            Ok(receipt) => receipts.push(receipt),
            Err(repair::Error::NoSuchPlan { .. }) => {}
            Err(error) => damaged.push(state::chain(&error)),
        }
    }
    if receipts.is_empty() && damaged.is_empty() {
        return none(arguments, output);
    }
    receipts.sort_by_key(|receipt| std::cmp::Reverse(receipt.begun_at));
    match answer::format(output) {
        Format::Text
        | Format::Markdown
        | Format::Html
        | Format::Csv
        | Format::Sarif
        | Format::Junit => {
            let mut text = String::new();
            for receipt in &receipts {
                line(&mut text, receipt);
            }
            for says in &damaged {
                let _ = writeln!(text, "damaged: {says}");
            }
            answer::deliver(output, &text)?;
        }
        Format::Json => {
            let told: Vec<Told> = receipts.iter().map(|one| told(one, Vec::new())).collect();
            answer::deliver(output, &document(&told)?)?;
        }
        Format::Jsonl => {
            let mut text = String::new();
            for receipt in &receipts {
                text.push_str(&one_line(&told(receipt, Vec::new()))?);
            }
            answer::deliver(output, &text)?;
        }
    }
    Ok(if damaged.is_empty() {
        Status::Healthy
    } else {
        Status::CouldNotLook
    })
}

fn none(arguments: &ApplyArguments, output: &OutputArguments) -> Result<Status, Failure> {
    let text = match answer::format(output) {
        Format::Json => "[]\n".to_owned(),
        Format::Jsonl => String::new(),
        _ => format!(
            "Nothing was carried out on this machine (receipts are kept in {}).\n",
            state::folder(arguments).display()
        ),
    };
    answer::deliver(output, &text)?;
    Ok(Status::Healthy)
}

fn line(text: &mut String, receipt: &Receipt) {
    let plan = &receipt.plan;
    let _ = writeln!(text, "{}", plan.id);
    let _ = writeln!(
        text,
        "  {}, {}",
        local(receipt.begun_at),
        standing(receipt, now())
    );
    let title = if plan.title.is_empty() {
        ""
    } else {
        plan.title.trim_end_matches('.')
    };
    let _ = match title {
        "" => writeln!(text, "  for {}", plan.cause),
        title => writeln!(text, "  {title} (for {})", plan.cause),
    };
}

/// How it stands, in words.
fn standing(receipt: &Receipt, now: UnixSeconds) -> String {
    match receipt.standing() {
        Standing::Open => "cut off before it was verified: rdpdoctor fix --resume".to_owned(),
        Standing::Held => match receipt.armed_until() {
            Some(until) => format!("waits to be kept, else taken back at {}", local(until)),
            None => "waits to be kept".to_owned(),
        },
        Standing::Kept if state::is_expired(receipt, now) => {
            "in force, and its time is over".to_owned()
        }
        Standing::Kept => match receipt.expires_at() {
            Some(until) => format!("in force until {}", local(until)),
            None => "in force".to_owned(),
        },
        Standing::RolledBack => "taken back".to_owned(),
    }
}

/// Writes what became of one plan.
pub(super) fn report(
    shelf: &Shelf,
    id: &str,
    says: Vec<String>,
    text: &str,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let receipt = || shelf.receipt(id).map_err(|error| state::told(&error));
    match answer::format(output) {
        Format::Text
        | Format::Markdown
        | Format::Html
        | Format::Csv
        | Format::Sarif
        | Format::Junit => answer::deliver(output, text),
        Format::Json => answer::deliver(output, &document(&told(&receipt()?, says))?),
        Format::Jsonl => answer::deliver(output, &one_line(&told(&receipt()?, says))?),
    }
}

fn told(receipt: &Receipt, says: Vec<String>) -> Told {
    let plan = &receipt.plan;
    let state = match receipt.standing() {
        Standing::Open => "open",
        Standing::Held => "held",
        Standing::Kept => "kept",
        Standing::RolledBack => "taken-back",
    };
    let undone_at = match receipt.standing() {
        Standing::Open | Standing::Held => receipt.armed_until(),
        Standing::Kept => receipt.expires_at(),
        Standing::RolledBack => None,
    };
    let in_force = receipt.in_force();
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .map(|(index, planned)| {
            let passed = receipt.entries.iter().find_map(|entry| match entry {
                Entry::Passed { step, why } if *step == index => Some(why.clone()),
                _ => None,
            });
            let state = match (&passed, receipt.about(index)) {
                (Some(_), _) => "passed-over",
                (None, None) => "not-begun",
                (None, Some(_)) if !in_force.contains(&index) => "taken-back",
                (None, Some(_)) if receipt.is_done(index) => "made",
                (None, Some(_)) => "begun",
            };
            ToldStep {
                does: words::step(planned),
                state,
                why: passed,
            }
        })
        .collect();
    Told {
        schema: RECEIPT_SCHEMA,
        id: plan.id.clone(),
        cause: plan.cause.clone(),
        remedy: plan.remedy.clone(),
        title: plan.title.clone(),
        host: plan.host.clone(),
        state,
        begun_at: utc(receipt.begun_at),
        last_at: utc(receipt.last_at()),
        undone_at: undone_at.map(utc),
        steps,
        says,
    }
}

fn document(told: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(told)
        .map(|text| text + "\n")
        .map_err(unwritable)
}

fn one_line(told: &Told) -> Result<String, Failure> {
    serde_json::to_string(told)
        .map(|text| text + "\n")
        .map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Failure {
    Failure::could_not_look(format!("cannot write the receipt as JSON: {error}"))
}

fn utc(moment: UnixSeconds) -> String {
    Timestamp::from_second(moment.0).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// The moment on the clock of the reader, with its zone.
pub(super) fn local(moment: UnixSeconds) -> String {
    Timestamp::from_second(moment.0).map_or_else(
        |_| String::new(),
        |moment| {
            moment
                .to_zoned(TimeZone::system())
                .strftime("%Y-%m-%d %H:%M:%S %Z")
                .to_string()
        },
    )
}

/// A value in words; what files hold is not told.
pub(super) fn value(value: &Value) -> String {
    words::value(value)
}
