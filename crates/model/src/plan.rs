//! Changes as data: what a remedy wants to be different, before anybody does it.

use serde::{Deserialize, Serialize};

use crate::text::Bytes;
use crate::time::UnixSeconds;

/// The version of the format in which plans are written.
pub const PLAN_SCHEMA: &str = "rdpdoctor/plan/1";

/// A list of changes that together mend a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this format: [`PLAN_SCHEMA`].
    pub schema: String,
    /// Its name, unique on the machine it is carried out on.
    pub id: String,
    /// The cause it mends.
    pub cause: String,
    /// When it was drafted.
    pub drafted_at: UnixSeconds,
    /// What to do, in order.
    pub steps: Vec<PlannedStep>,
}

/// One change, and what a person wants to know before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The change.
    pub step: Step,
    /// What it is good for.
    pub why: String,
    /// The protection it takes away, when it takes one away.
    #[serde(default)]
    pub weakens: Option<String>,
    /// Running sessions end.
    #[serde(default)]
    pub drops_sessions: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A value becomes another. Its undo is the value it had.
    Set {
        /// Where the value stands.
        key: Key,
        /// What it becomes.
        to: Value,
    },
    /// Something is done that has no value to go back to.
    Act(Action),
}

/// A place where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// A key of an ini file, such as `security_layer` in `[Globals]` of `xrdp.ini`.
    Ini {
        /// The file.
        file: String,
        /// The section, without brackets.
        section: String,
        /// The key.
        key: String,
    },
    /// The permission bits of a file.
    Mode {
        /// The file.
        file: String,
    },
    /// The owner and group of a file, by number.
    Owner {
        /// The file.
        file: String,
    },
    /// The whole content of a file.
    Content {
        /// The file.
        file: String,
    },
}

impl Key {
    /// The file it stands in.
    pub fn file(&self) -> &str {
        match self {
            Self::Ini { file, .. }
            | Self::Mode { file }
            | Self::Owner { file }
            | Self::Content { file } => file,
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// There is none.
    Absent,
    /// A line of text.
    Text(String),
    /// Permission bits.
    Mode(u32),
    /// Owner and group.
    Owner {
        /// User number.
        user: u32,
        /// Group number.
        group: u32,
    },
    /// The content of a file.
    Content(Bytes),
}

/// Something done that has no value to go back to. It comes after all changes of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A service is restarted, so that it reads what was changed.
    RestartService {
        /// Its name: a systemd unit or a Windows service.
        service: String,
    },
    /// A person does something that a program cannot or should not do.
    AskPerson {
        /// What, as an imperative.
        says: String,
    },
}

/// A line of the journal of a plan that is being carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// The plan is about to be carried out.
    Begun {
        /// It.
        plan: Plan,
        /// When.
        at: UnixSeconds,
    },
    /// A step is about to be made. On disk before the world is touched.
    About {
        /// Its index in the plan.
        step: usize,
        /// The value it replaces; `None` for an action.
        was: Option<Value>,
        /// The file as it was, when the value stands in a file; `None` when there was no file.
        #[serde(default)]
        before: Option<Bytes>,
    },
    /// The step was made.
    Done {
        /// Its index.
        step: usize,
    },
    /// The step was taken back.
    Undone {
        /// Its index.
        step: usize,
    },
    /// Fresh evidence no longer supports the cause: the plan stays.
    Kept {
        /// When.
        at: UnixSeconds,
    },
    /// Everything was taken back.
    RolledBack {
        /// When.
        at: UnixSeconds,
    },
}
