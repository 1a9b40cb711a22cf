//! How a command ends: the exit status, and the sentence when there is no answer.

use std::process::ExitCode;

/// The exit status of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Healthy, or done.
    Healthy,
    /// A blocking or degrading finding.
    Finding,
    /// Wrong usage or unreadable input.
    Usage,
    /// Could not look: permission, or a fault of ours.
    CouldNotLook,
    /// Interrupted by the user: what was known was printed.
    Interrupted,
}

impl Status {
    /// The number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Finding => 1,
            Self::Usage => 2,
            Self::CouldNotLook => 3,
            Self::Interrupted => 130, // 128 + SIGINT, as shells count
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.number())
    }
}

/// A command that has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit status.
    pub status: Status,
    /// What was seen, what it means, what to do: in that order, in lower case, without a final full stop.
    pub says: String,
}

impl Failure {
    /// Wrong usage or unreadable input.
    pub fn usage(says: impl Into<String>) -> Self {
        Self {
            status: Status::Usage,
            says: says.into(),
        }
    }

    /// Could not look.
    pub fn could_not_look(says: impl Into<String>) -> Self {
        Self {
            status: Status::CouldNotLook,
            says: says.into(),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::could_not_look(format!("{error:#}"))
    }
}
