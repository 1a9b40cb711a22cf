//! Where receipts are kept, and what this user may do.

use std::io::Write as _;
use std::path::PathBuf;

use model::UnixSeconds;
use repair::{Machine, Receipt, Services, Shelf, Standing};

use super::ApplyArguments;
use crate::check::now;
use crate::failure::Failure;
use crate::folders;

/// The folder of the receipts.
pub(super) fn folder(arguments: &ApplyArguments) -> PathBuf {
    if let Some(folder) = &arguments.state_dir {
        return folder.clone();
    }
    #[cfg(windows)]
    if is_root() {
        return repair::common_folder().join("rdpdoctor");
    }
    #[cfg(not(windows))]
    if is_root() {
        return PathBuf::from("/var/lib/rdpdoctor");
    }
    folders::state().unwrap_or_else(|| std::env::temp_dir().join("rdpdoctor"))
}

/// The receipts, in a folder that is made when it is missing.
pub(super) fn shelf(arguments: &ApplyArguments) -> Result<Shelf, Failure> {
    Shelf::open(&folder(arguments)).map_err(|error| told(&error))
}

/// The receipts, when there are any.
pub(super) fn shelf_if_any(arguments: &ApplyArguments) -> Result<Option<Shelf>, Failure> {
    let folder = folder(arguments);
    match std::fs::metadata(&folder) {
        Ok(_) => shelf(arguments).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::could_not_look(format!(
            "cannot look into {}: {error}; run it as the user who carried the plan out",
            folder.display()
        ))),
    }
}

/// This machine, with its services in the hands that were named.
pub(super) fn machine(arguments: &ApplyArguments) -> Machine {
    match &arguments.service_command {
        Some(command) => Machine::with(Services::Command(
            command.split_whitespace().map(str::to_owned).collect(),
        )),
        None => Machine::here(),
    }
}

/// This user may do everything.
#[cfg(unix)]
pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// This user may change what belongs to the whole machine.
#[cfg(windows)]
pub(super) fn is_root() -> bool {
    repair::is_administrator()
}

/// New files can be made in the folder of this file.
#[cfg(unix)]
pub(super) fn can_replace(file: &str) -> bool {
    use nix::unistd::{AccessFlags, access};
    let real = std::fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(file));
    let folder = real.parent().map(std::path::Path::to_owned);
    folder.is_some_and(|folder| access(&folder, AccessFlags::W_OK | AccessFlags::X_OK).is_ok())
}

#[cfg(not(unix))]
pub(super) fn can_replace(_file: &str) -> bool {
    true
}

/// An error of the machinery as the user reads it: with its cause.
pub(super) fn told(error: &repair::Error) -> Failure {
    Failure::could_not_look(chain(error))
}

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The receipts that were begun and neither kept nor taken back, and those whose time is over.
pub(super) fn unsettled(shelf: &Shelf, now: UnixSeconds) -> Vec<Receipt> {
    let ids = shelf.list().unwrap_or_default();
    ids.iter()
        .filter_map(|id| shelf.receipt(id).ok())
        .filter(|receipt| {
            receipt.standing() == Standing::Open
                || receipt.standing() == Standing::Held
                || is_expired(receipt, now)
        })
        .collect()
}

/// It weakens a protection, is in force, and its time is over.
pub(super) fn is_expired(receipt: &Receipt, now: UnixSeconds) -> bool {
    receipt.standing() == Standing::Kept && receipt.expires_at().is_some_and(|end| end <= now)
}

/// Says on stderr what was left unsettled.
pub(super) fn remind(arguments: &ApplyArguments) {
    let Ok(Some(shelf)) = shelf_if_any(arguments) else {
        return;
    };
    // While another run is at it, its plan is open as a matter of course.
    if shelf.lock("looks for plans that were cut off").is_err() {
        return;
    }
    let now = now();
    for receipt in unsettled(&shelf, now) {
        let id = &receipt.plan.id;
        let says = match receipt.standing() {
            Standing::Held if receipt.armed_until().is_some_and(|until| until > now) => continue,
            Standing::Kept => format!(
                "the plan {id} weakens a protection and its time is over; take it back: rdpdoctor fix --undo {id}"
            ),
            _ => format!(
                "the plan {id} for {} was cut off before it was verified; finish it or take it back: \
                 rdpdoctor fix --resume",
                receipt.plan.cause
            ),
        };
        // Without stderr there is nobody to remind.
        let _ = writeln!(anstream::stderr(), "rdpdoctor: {says}");
    }
}
