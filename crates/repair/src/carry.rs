//! Carrying out a plan, and taking it back.

use model::UnixSeconds;
use model::plan::{Action, Entry, Key, Plan, PlannedStep, Step, Value};

use crate::error::Error;
use crate::journal::{Journal, Lock, Receipt, Shelf, Standing};
use crate::machine::{self, Machine, Way};

/// What the caller contributes while a plan is carried out.
pub struct Hands<'h> {
    /// The machine it is carried out on.
    pub machine: &'h Machine,
    /// A step is for this machine; others are passed over, and the reason is kept.
    pub ours: &'h dyn Fn(&PlannedStep) -> Result<(), String>,
    /// Does an action: [`Machine::act`], or something that asks a person first.
    pub act: &'h mut dyn FnMut(&Action, Way) -> Result<(), Error>,
    /// Has a process of its own stand by to take the plan back; `None` when the plan needs none. Called
    /// before the first change, and must come back only when the process is ready.
    pub arm: &'h mut dyn FnMut() -> Result<Option<Armed>, Error>,
    /// Looks again: kept when fresh evidence no longer supports the cause.
    pub verify: &'h mut dyn FnMut() -> Looked,
    /// Asked before every change on disk; [`Error::Stopped`] stops the run there and then, as a power cut
    /// would, and any other error makes it turn round.
    pub cord: &'h mut dyn FnMut() -> Result<(), Error>,
    /// The clock.
    pub now: &'h mut dyn FnMut() -> UnixSeconds,
}

/// A process that stands by to take a plan back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armed {
    /// Its number.
    pub process: u32,
    /// When it acts.
    pub until: UnixSeconds,
}

/// What the look after the last step told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Fresh evidence no longer supports the cause.
    Mended,
    /// It still does, or something else is worse.
    NotMended,
    /// It cannot be told from here; somebody else looks.
    ElsewhereToTell,
}

/// How carrying out a plan ended.
#[derive(Debug)]
pub enum Carried {
    /// Verified, and kept.
    Kept,
    /// Made, and waiting for somebody to keep it.
    Held,
    /// Not verified, or a step failed: everything was taken back.
    RolledBack {
        /// What failed; `None` when the look afterwards still showed the cause.
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
    let _lock: Lock = shelf.lock(&format!("carries out {}", plan.id))?;
    if shelf.has(&plan.id)? {
        return Err(Error::BegunBefore {
            id: plan.id.clone(),
        });
    }
    let mut unknown = None;
    let mut able = false;
    for planned in &plan.steps {
        if (hands.ours)(planned).is_ok() {
            match hands.machine.can(planned) {
                Ok(()) => able = true,
                Err(error @ Error::NoSuchService { .. }) => unknown = Some(error),
                Err(error) => return Err(error),
            }
        }
    }
    if let (Some(error), false) = (unknown, able) {
        return Err(error);
    }
    (hands.cord)()?;
    let mut journal = shelf.append(&plan.id)?;
    // Whoever stands by does so before there is anything to take back.
    let begun = journal.reserve().and_then(|()| {
        let armed = (hands.arm)()?;
        journal.write(&Entry::Begun {
            plan: plan.clone(),
            at: (hands.now)(),
        })?;
        Ok(armed)
    });
    let armed = match begun {
        Ok(armed) => armed,
        Err(error) => {
            journal.release();
            shelf.forget_empty(&plan.id);
            return Err(error);
        }
    };
    go_on(shelf, plan, armed, &mut journal, hands)
}

/// Goes on with a plan whose run died: makes what was not made, and verifies.
pub fn finish(shelf: &Shelf, id: &str, hands: &mut Hands<'_>) -> Result<Carried, Error> {
    let _lock: Lock = shelf.lock(&format!("finishes {id}"))?;
    let receipt = shelf.receipt(id)?;
    match receipt.standing() {
        Standing::Open | Standing::Held => {}
        Standing::Kept => return Ok(Carried::Kept),
        Standing::RolledBack => {
            return Err(Error::NotHeld {
                id: id.to_owned(),
                says: "it was taken back",
            });
        }
    }
    let mut journal = shelf.append(id)?;
    let armed = (hands.arm)()?;
    go_on(shelf, &receipt.plan, armed, &mut journal, hands)
}

fn go_on(
    shelf: &Shelf,
    plan: &Plan,
    armed: Option<Armed>,
    journal: &mut Journal,
    hands: &mut Hands<'_>,
) -> Result<Carried, Error> {
    let made = make_all(shelf, plan, armed, journal, hands).map(|()| (hands.verify)());
    let failed = match made {
        Ok(Looked::Mended) => {
            (hands.cord)()?;
            journal.write(&Entry::Kept { at: (hands.now)() })?;
            journal.release();
            return Ok(Carried::Kept);
        }
        Ok(Looked::ElsewhereToTell) => {
            (hands.cord)()?;
            journal.write(&Entry::Held { at: (hands.now)() })?;
            return Ok(Carried::Held);
        }
        Ok(Looked::NotMended) => None,
        Err(Error::Stopped) => return Err(Error::Stopped),
        Err(error) => Some(error),
    };
    let left = take_back(&shelf.receipt(&plan.id)?, journal, hands)?;
    Ok(Carried::RolledBack { failed, left })
}

fn make_all(
    shelf: &Shelf,
    plan: &Plan,
    armed: Option<Armed>,
    journal: &mut Journal,
    hands: &mut Hands<'_>,
) -> Result<(), Error> {
    let receipt = shelf.receipt(&plan.id)?;
    if let Some(Armed { process, until }) = armed {
        (hands.cord)()?;
        journal.write(&Entry::Armed { process, until })?;
    }
    for (index, planned) in plan.steps.iter().enumerate() {
        if receipt.is_done(index) {
            continue;
        }
        if let Some(why) = passed_over(planned, hands)? {
            (hands.cord)()?;
            journal.write(&Entry::Passed { step: index, why })?;
            continue;
        }
        // A step that was begun before is made again; what it replaced is known from then.
        if !receipt.in_force().contains(&index) {
            let (was, before) = match &planned.step {
                Step::Set { key, .. } => {
                    (Some(hands.machine.read(key)?), hands.machine.image(key)?)
                }
                Step::Act(_) => (None, None),
            };
            (hands.cord)()?;
            journal.write(&Entry::About {
                step: index,
                was,
                before,
            })?;
        }
        (hands.cord)()?;
        let mut made = None;
        match &planned.step {
            Step::Set { key, to } => {
                hands.machine.clear_drafts(key)?;
                hands.machine.write(key, to)?;
                if matches!(to, Value::NewKeyPair { .. }) {
                    made = public_part(hands.machine.read(key)?);
                }
            }
            Step::Act(action) => (hands.act)(action, Way::Forth)?,
        }
        (hands.cord)()?;
        journal.write(&Entry::Done { step: index, made })?;
    }
    Ok(())
}

/// Why a step is not made here, when it is not.
fn passed_over(planned: &PlannedStep, hands: &Hands<'_>) -> Result<Option<String>, Error> {
    if let Err(why) = (hands.ours)(planned) {
        return Ok(Some(why));
    }
    // What is a service of its own on one system is started by the script of another on the next.
    if let Step::Set {
        key: Key::ServiceState { .. } | Key::ServiceStart { .. },
        ..
    }
    | Step::Act(Action::RestartService { .. }) = &planned.step
        && let Err(error @ Error::NoSuchService { .. }) = hands.machine.can(planned)
    {
        return Ok(Some(error.to_string()));
    }
    for condition in &planned.only_if {
        if !hands.machine.holds(condition)? {
            return Ok(Some("what it is for is not so here".to_owned()));
        }
    }
    Ok(None)
}

/// A pair without its key: enough to tell later whether it is still ours.
fn public_part(value: Value) -> Option<Value> {
    match value {
        Value::KeyPair { certificate, .. } => Some(Value::KeyPair {
            certificate,
            key: None,
        }),
        _ => None,
    }
}

/// Keeps a plan that waits for it: somebody else has seen that it helped.
pub fn keep(_lock: &Lock, shelf: &Shelf, id: &str, now: UnixSeconds) -> Result<(), Error> {
    let says = match shelf.receipt(id)?.standing() {
        Standing::Kept => return Ok(()),
        Standing::Held => {
            let mut journal = shelf.append(id)?;
            journal.write(&Entry::Kept { at: now })?;
            journal.release();
            return Ok(());
        }
        Standing::Open => "it was interrupted before all of it was made",
        Standing::RolledBack => "it was taken back",
    };
    Err(Error::NotHeld {
        id: id.to_owned(),
        says,
    })
}

/// Takes a plan back, whatever became of it: after success, after a failed run, after death at any point.
/// Doing it twice does no harm.
pub fn undo(shelf: &Shelf, id: &str, hands: &mut Hands<'_>) -> Result<Vec<Left>, Error> {
    let lock = shelf.lock(&format!("takes back {id}"))?;
    undo_under(&lock, shelf, id, hands)
}

/// The same for somebody who holds the lock already.
pub fn undo_under(
    _lock: &Lock,
    shelf: &Shelf,
    id: &str,
    hands: &mut Hands<'_>,
) -> Result<Vec<Left>, Error> {
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
    journal.release();
    let mut left = Vec::new();
    let mut acted: Vec<(usize, &Action)> = Vec::new();
    for step in receipt.in_force().into_iter().rev() {
        let Some(Entry::About { was, before, .. }) = receipt.about(step) else {
            continue;
        };
        let planned = receipt.plan.steps.get(step).map(|planned| &planned.step);
        let outcome = match (planned, was) {
            (Some(Step::Set { key, to }), Some(was)) => {
                cord_back(hands)?;
                let ours = receipt.made(step).unwrap_or(to);
                restore(hands.machine, key, ours, was, before.as_ref())
            }
            (Some(Step::Act(action)), _) => {
                acted.push((step, action));
                continue;
            }
            _ => Ok(()),
        };
        finished(step, outcome, journal, hands, &mut left)?;
    }
    // A service that was restarted to read the new values must read the old ones again; only then is the
    // action taken back, or death in between would leave the service with the new ones.
    for (step, action) in acted.into_iter().rev() {
        cord_back(hands)?;
        let outcome = (hands.act)(action, Way::Back);
        finished(step, outcome, journal, hands, &mut left)?;
    }
    if left.is_empty() {
        cord_back(hands)?;
        journal.write(&Entry::RolledBack { at: (hands.now)() })?;
    }
    Ok(left)
}

fn finished(
    step: usize,
    outcome: Result<(), Error>,
    journal: &mut Journal,
    hands: &mut Hands<'_>,
    left: &mut Vec<Left>,
) -> Result<(), Error> {
    let outcome = match outcome {
        Ok(()) => {
            cord_back(hands)?;
            // What is back is back, also when it cannot be written down: the next one must come back too.
            journal.write(&Entry::Undone { step })
        }
        Err(error) => Err(error),
    };
    match outcome {
        Err(Error::Stopped) => Err(Error::Stopped),
        Err(error) => {
            left.push(Left { step, error });
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// On the way back only death stops.
fn cord_back(hands: &mut Hands<'_>) -> Result<(), Error> {
    match (hands.cord)() {
        Err(Error::Stopped) => Err(Error::Stopped),
        _ => Ok(()),
    }
}

/// Puts back what stood at a key. The whole file comes back byte for byte when nobody else has changed
/// it since; otherwise only the value does, and the other's change stays.
fn restore(
    machine: &Machine,
    key: &Key,
    to: &Value,
    was: &Value,
    before: Option<&model::Bytes>,
) -> Result<(), Error> {
    machine.clear_drafts(key)?;
    if let Key::KeyPair { certificate, .. } = key {
        // Another certificate than ours and the old one is somebody else's.
        let there = public_part(machine.read(key)?);
        let foreign = there != public_part(was.clone())
            && matches!(to, Value::KeyPair { .. })
            && there.as_ref() != Some(to);
        return if foreign {
            Err(Error::ChangedSince {
                path: certificate.into(),
            })
        } else {
            machine.write(key, was)
        };
    }
    let file = match key {
        Key::Ini { file, .. } | Key::Content { file } | Key::RdpFile { file, .. } => file,
        // What is half done reads like what was, and taking back what is not there does no harm.
        Key::PacketRule { .. } | Key::Member { .. } | Key::ServiceState { .. } => {
            return machine.write(key, was);
        }
        _ => {
            let there = machine.read(key)?;
            let ours = match key {
                Key::Owner { file } => machine.numbered(std::path::Path::new(file), to)?,
                _ => to.clone(),
            };
            // What Windows put into a key since stays beside what is put back.
            let joins = matches!((key, was), (Key::RegistryTree { .. }, Value::Tree(_)));
            return if there == *was {
                machine.clear_ground(key, before)
            } else if joins || there == ours {
                machine.write(key, was)?;
                machine.clear_ground(key, before)
            } else {
                Err(Error::ChangedSince {
                    path: machine::named(key).into(),
                })
            };
        }
    };
    let whole = Key::Content { file: file.clone() };
    let there = machine.image(key)?;
    let ours = machine.image_after(key, before, to);
    if there == ours {
        let back = before.map_or(Value::Absent, |bytes| Value::Content(bytes.clone()));
        machine.write(&whole, &back)
    } else if there.as_ref() == before {
        Ok(())
    } else if matches!(key, Key::Content { .. }) {
        // Somebody else replaced the whole file since: it is theirs.
        Err(Error::ChangedSince { path: file.into() })
    } else {
        machine.write(key, was)
    }
}
