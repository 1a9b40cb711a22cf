//! What can go wrong with us while a plan is carried out. Every variant says what was being done to what.

use std::path::PathBuf;

/// A fault of ours or of this machine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {doing} {path}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A value cannot stand at that key.
    #[error("{key} cannot hold that value")]
    Misfit {
        /// The key.
        key: String,
    },
    /// This program cannot change such a thing here; a script of the plan can.
    #[error(
        "{what} is not changed by this program on this machine; let a script of the plan do it"
    )]
    NotHere {
        /// The key or action.
        what: String,
    },
    /// The file is not text.
    #[error("{path} is not a text file")]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A journal cannot be understood.
    #[error("the journal {path} is damaged at line {line}: {says}")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// Its line.
        line: usize,
        /// What is wrong.
        says: String,
    },
    /// Another run holds the lock.
    #[error("another run is at work on this machine{}", .holder.as_ref().map(|holder| format!(": {holder}")).unwrap_or_default())]
    Busy {
        /// Who, as far as it is known.
        holder: Option<String>,
    },
    /// There is no plan of that name.
    #[error("no plan named {id} was carried out on this machine")]
    NoSuchPlan {
        /// The name.
        id: String,
    },
    /// A plan of that name was begun before.
    #[error("the plan {id} was begun before; undo or resume it first")]
    BegunBefore {
        /// The name.
        id: String,
    },
    /// The name of a plan is not fit for a file.
    #[error("{id:?} cannot be the name of a plan")]
    BadName {
        /// The name.
        id: String,
    },
    /// An action failed.
    #[error("cannot {doing}: {says}")]
    Action {
        /// What was being done.
        doing: String,
        /// Why not.
        says: String,
    },
    /// Nobody here knows the service.
    #[error("no service named {service} is known here")]
    NoSuchService {
        /// Its name.
        service: String,
    },
    /// Somebody else changed the file after the plan was carried out.
    #[error("{path} was changed by somebody else since; it is left as it is")]
    ChangedSince {
        /// The file.
        path: PathBuf,
    },
    /// The plan is not one that waits for somebody to keep it.
    #[error("the plan {id} does not wait to be kept: {says}")]
    NotHeld {
        /// The name.
        id: String,
        /// How it stands.
        says: &'static str,
    },
    /// A person or the system wants the work to end: what was begun is taken back.
    #[error("it was interrupted")]
    Interrupted,
    /// Time ran out before the plan was verified.
    #[error("it was not verified in time")]
    Overdue,
    /// The run was stopped from outside at this point.
    #[error("the run was stopped")]
    Stopped,
}

pub(crate) fn file(
    doing: &'static str,
    path: &std::path::Path,
) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        doing,
        path,
        source,
    }
}
