//! Settling what was carried out: taking it back, keeping it, taking up what was cut off.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use model::Target;
use model::plan::PlannedStep;
use repair::{Error, Shelf, Standing};

use super::carry::{Run, asked, not_begun, ours, permitted, role, say, show, signals, told_left};
use super::{ApplyArguments, Resume, guard, receipts, state};
use crate::answer;
use crate::check::{self, now};
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};

/// Takes a plan back.
pub(super) fn undo(
    arguments: &ApplyArguments,
    id: &str,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let shelf = known(arguments)?;
    let id = &chosen(&shelf, id)?;
    let _interrupted = signals()?;
    let receipt = shelf.receipt(id).map_err(|error| state::told(&error))?;
    let machine = state::machine(arguments);
    let lock = lock(&shelf, &format!("takes back {id}"))?;
    let left =
        guard::take_back(&lock, &shelf, id, &machine).map_err(|error| state::told(&error))?;
    let mut text = String::new();
    let says = told_left(&mut text, id, &receipt.plan, &left);
    if left.is_empty() {
        let _ = writeln!(text, "Taken back: this machine is as it was before {id}.");
    }
    receipts::report(&shelf, id, says, &text, output)?;
    Ok(if left.is_empty() {
        Status::Healthy
    } else {
        Status::CouldNotLook
    })
}

/// Keeps a plan that waits for it.
pub(super) fn keep(
    arguments: &ApplyArguments,
    id: &str,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let shelf = known(arguments)?;
    let id = &chosen(&shelf, id)?;
    let lock = lock(&shelf, &format!("keeps {id}"))?;
    repair::keep(&lock, &shelf, id, now()).map_err(|error| match error {
        Error::NotHeld { .. } => Failure::usage(state::chain(&error)),
        error => state::told(&error),
    })?;
    let text = format!("Kept. To undo it: rdpdoctor fix --undo {id}\n");
    receipts::report(&shelf, id, Vec::new(), &text, output)?;
    Ok(Status::Healthy)
}

/// Takes up what was cut off.
pub(super) fn resume(
    arguments: &ApplyArguments,
    how: Resume,
    output: &OutputArguments,
) -> Result<Status, Failure> {
    let open = match state::shelf_if_any(arguments)? {
        Some(shelf) => {
            drop(lock(&shelf, "looks for plans that were cut off")?);
            let cut_off = state::unsettled(&shelf, now())
                .into_iter()
                .find(|receipt| receipt.standing() != Standing::Kept);
            cut_off.map(|receipt| (shelf, receipt))
        }
        None => None,
    };
    let Some((shelf, receipt)) = open else {
        answer::deliver(output, "Nothing was cut off.\n")?;
        return Ok(Status::Healthy);
    };
    let plan = &receipt.plan;
    let machine = state::machine(arguments);
    let target = Target {
        input: plan.host.clone(),
        host: model::HostName(if plan.host.is_empty() {
            "localhost".to_owned()
        } else {
            plan.host.clone()
        }),
        port: model::target::RDP_PORT,
        address: None,
        zone: None,
        gateway: None,
        proxy: None,
        client: model::ClientProfile::default(),
    };
    let role = role(arguments, plan, &target);
    let ours = |planned: &PlannedStep| ours(planned, role);
    say(&format!(
        "The plan {} was begun at {} and cut off.",
        plan.id,
        receipts::local(receipt.begun_at)
    ));
    show(plan, &machine, &ours)?;
    let finish = match how {
        Resume::Finish => true,
        Resume::Undo => false,
        Resume::Ask if arguments.yes => false,
        Resume::Ask => match asked("Take it back, or finish it? [u/f]")?.as_str() {
            "u" | "undo" => false,
            "f" | "finish" => true,
            _ => {
                say("Nothing was changed.");
                return Ok(Status::CouldNotLook);
            }
        },
    };
    if !finish {
        return undo(arguments, &plan.id, output);
    }
    permitted(arguments, true, plan, &ours)?;
    let run = Run {
        arguments,
        output,
        shelf: &shelf,
        machine: &machine,
        target: &target,
        before: None,
        elsewhere: arguments.hold || receipt.standing() == Standing::Held,
        interrupted: signals()?,
    };
    let carried = run.with_hands(plan, &ours, |hands| repair::finish(&shelf, &plan.id, hands));
    run.conclude(plan, carried)
}

/// The receipts; without any there is nothing to take back.
fn known(arguments: &ApplyArguments) -> Result<Shelf, Failure> {
    state::shelf_if_any(arguments)?.ok_or_else(|| {
        Failure::usage(format!(
            "nothing was carried out on this machine (receipts are kept in {})",
            state::folder(arguments).display()
        ))
    })
}

/// The lock; whoever stands by for a plan holds it for moments only.
fn lock(shelf: &Shelf, doing: &str) -> Result<repair::Lock, Failure> {
    let begun = Instant::now();
    let runtime = check::runtime()?;
    loop {
        match shelf.lock(doing) {
            Ok(lock) => return Ok(lock),
            Err(Error::Busy { .. }) if begun.elapsed() < Duration::from_secs(3) => {
                runtime.block_on(async { tokio::time::sleep(Duration::from_millis(50)).await });
            }
            Err(error) => return Err(not_begun(&error)),
        }
    }
}

/// The plan that was meant: its id, the beginning of it, or the last one.
fn chosen(shelf: &Shelf, asked: &str) -> Result<String, Failure> {
    let ids = shelf.list().map_err(|error| state::told(&error))?;
    if ids.iter().any(|id| id == asked) {
        return Ok(asked.to_owned());
    }
    if asked == "last" {
        let last = ids
            .iter()
            .filter_map(|id| shelf.receipt(id).ok())
            .filter(|receipt| receipt.standing() != Standing::RolledBack)
            .max_by_key(|receipt| receipt.begun_at);
        return last
            .map(|receipt| receipt.plan.id)
            .ok_or_else(|| Failure::usage("no plan is in force on this machine"));
    }
    let mut fits = ids
        .iter()
        .filter(|id| !asked.is_empty() && id.starts_with(asked));
    match (fits.next(), fits.next()) {
        (Some(id), None) => Ok(id.clone()),
        (Some(_), Some(_)) => Err(Failure::usage(format!(
            "several plans begin with {asked}; rdpdoctor fix --list shows them"
        ))),
        (None, _) => Err(Failure::usage(format!(
            "no plan named {asked} was carried out on this machine; rdpdoctor fix --list shows what was"
        ))),
    }
}
