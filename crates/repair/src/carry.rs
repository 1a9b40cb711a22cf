//! Carrying out a plan, and taking it back.

use model::UnixSeconds;
use model::plan::{Entry, Key, Plan, Step, Value};

use crate::error::Error;
use crate::journal::{Journal, Lock, Receipt, Shelf, Standing};
use crate::machine;

/// What the caller contributes while a plan is carried out.
pub struct Hands<'h> {
    /// Does an action: [`machine::act`], or something that asks a person first.
    pub act: &'h mut dyn FnMut(&model::plan::Action) -> Result<(), Error>,
    /// Looks again: true when fresh evidence no longer supports the cause.
    pub verify: &'h mut dyn FnMut() -> bool,
    /// Asked before every change on disk; an error stops the run there and then, as a power cut would.
    pub cord: &'h mut dyn FnMut() -> Result<(), Error>,
    /// The clock.
    pub now: &'h mut dyn FnMut() -> UnixSeconds,
}

/// How carrying out a plan ended.
#[derive(Debug)]
pub enum Carried {
    /// Verified, and kept.
    Kept,
    /// Not verified, or a step failed: everything was taken back.
    RolledBack {
        /// The step that failed; `None` when the look afterwards still showed the cause.
        failed: Option<Error>,
        /// Steps that could not be taken back.
        left: Vec<Left>,
    },
}

/// A step that could not be taken back.
#[derive(Debug)]
pub struct Left {
    /// Its index in the plan.
    pub step: usize,
    /// Why not.
    pub error: Error,
}

/// Carries out a plan: journal, change, verify; takes everything back when a step fails or the cause
/// is still there. [`Error::Stopped`] from the cord ends it as death would: nothing is taken back.
pub fn carry_out(shelf: &Shelf, plan: &Plan, hands: &mut Hands<'_>) -> Result<Carried, Error> {
    let _lock: Lock = shelf.lock()?;
    if shelf.has(&plan.id)? {
        return Err(Error::BegunBefore {
            id: plan.id.clone(),
        });
    }
    (hands.cord)()?;
    let mut journal = shelf.append(&plan.id)?;
    journal.write(&Entry::Begun {
        plan: plan.clone(),
        at: (hands.now)(),
    })?;
    let failed = match make_all(plan, &mut journal, hands) {
        Ok(()) if (hands.verify)() => {
            (hands.cord)()?;
            journal.write(&Entry::Kept { at: (hands.now)() })?;
            return Ok(Carried::Kept);
        }
        Ok(()) => None,
        Err(Error::Stopped) => return Err(Error::Stopped),
        Err(error) => Some(error),
    };
    let left = take_back(&shelf.receipt(&plan.id)?, &mut journal, hands)?;
    Ok(Carried::RolledBack { failed, left })
}

fn make_all(plan: &Plan, journal: &mut Journal, hands: &mut Hands<'_>) -> Result<(), Error> {
    for (index, planned) in plan.steps.iter().enumerate() {
        let (was, before) = match &planned.step {
            Step::Set { key, .. } => (Some(machine::read(key)?), machine::image(key)?),
            Step::Act(_) => (None, None),
        };
        (hands.cord)()?;
        journal.write(&Entry::About {
            step: index,
            was,
            before,
        })?;
        (hands.cord)()?;
        match &planned.step {
            Step::Set { key, to } => machine::write(key, to)?,
            Step::Act(action) => (hands.act)(action)?,
        }
        (hands.cord)()?;
        journal.write(&Entry::Done { step: index })?;
    }
    Ok(())
}

/// Takes a plan back, whatever became of it: after success, after a failed run, after death at any point.
/// Doing it twice does no harm.
pub fn undo(shelf: &Shelf, id: &str, hands: &mut Hands<'_>) -> Result<Vec<Left>, Error> {
    let _lock: Lock = shelf.lock()?;
    let receipt = shelf.receipt(id)?;
    if receipt.standing() == Standing::RolledBack {
        return Ok(Vec::new());
    }
    let mut journal = shelf.append(id)?;
    take_back(&receipt, &mut journal, hands)
}

/// Goes through the steps in force in reverse, and does not stop at the first that fails.
fn take_back(
    receipt: &Receipt,
    journal: &mut Journal,
    hands: &mut Hands<'_>,
) -> Result<Vec<Left>, Error> {
    let mut left = Vec::new();
    let mut acted = Vec::new();
    for step in receipt.in_force().into_iter().rev() {
        let Some(Entry::About { was, before, .. }) = receipt.about(step) else {
            continue;
        };
        let planned = receipt.plan.steps.get(step).map(|planned| &planned.step);
        let outcome = match (planned, was) {
            (Some(Step::Set { key, to }), Some(was)) => {
                (hands.cord)()?;
                restore(key, to, was, before.as_ref())
            }
            (Some(Step::Act(action)), _) => {
                acted.push(action.clone());
                Ok(())
            }
            _ => Ok(()),
        };
        match outcome {
            Ok(()) => {
                (hands.cord)()?;
                journal.write(&Entry::Undone { step })?;
            }
            Err(Error::Stopped) => return Err(Error::Stopped),
            Err(error) => left.push(Left { step, error }),
        }
    }
    // A service that was restarted to read the new values must read the old ones again.
    for action in acted.iter().rev() {
        if matches!(action, model::plan::Action::RestartService { .. })
            && let Err(error) = (hands.act)(action)
        {
            if matches!(error, Error::Stopped) {
                return Err(error);
            }
            let step = receipt
                .plan
                .steps
                .iter()
                .position(|planned| planned.step == Step::Act(action.clone()))
                .unwrap_or_default();
            left.push(Left { step, error });
        }
    }
    if left.is_empty() {
        (hands.cord)()?;
        journal.write(&Entry::RolledBack { at: (hands.now)() })?;
    }
    Ok(left)
}

/// Puts back what stood at a key. The whole file comes back byte for byte when nobody else has changed
/// it since; otherwise only the value does, and the other's change stays.
fn restore(key: &Key, to: &Value, was: &Value, before: Option<&model::Bytes>) -> Result<(), Error> {
    machine::clear_draft(key)?;
    let Some(file) = key
        .file()
        .filter(|_| matches!(key, Key::Ini { .. } | Key::Content { .. }))
    else {
        return machine::write(key, was);
    };
    let whole = Key::Content {
        file: file.to_owned(),
    };
    let there = machine::image(key)?;
    let ours = match (key, before, to) {
        (Key::Ini { section, key, .. }, before, to) => {
            let before = before.map_or(Some(""), |bytes| std::str::from_utf8(&bytes.0).ok());
            let to = match to {
                Value::Text(to) => Some(to.as_str()),
                _ => None,
            };
            before.map(|text| crate::ini::with_value(text, section, key, to).into_bytes())
        }
        (_, _, Value::Content(bytes)) => Some(bytes.0.clone()),
        _ => None,
    };
    if there.as_ref().map(|bytes| &bytes.0) == ours.as_ref() {
        let back = before.map_or(Value::Absent, |bytes| Value::Content(bytes.clone()));
        machine::write(&whole, &back)
    } else if there.as_ref() == before {
        Ok(())
    } else if matches!(key, Key::Ini { .. }) {
        machine::write(key, was)
    } else {
        // Somebody else replaced the whole file since: it is theirs.
        Err(Error::ChangedSince { path: file.into() })
    }
}
