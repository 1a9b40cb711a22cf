//! Changes as data: what a remedy wants to be different, before anybody does it.

mod key;

use serde::{Deserialize, Serialize};

use crate::text::Bytes;
use crate::time::UnixSeconds;

pub use key::{
    Guarded, Hive, Key, PacketFilter, PacketRule, RegistryValue, Rights, Start, System, Transport,
    Value, WhichCertificate,
};

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
    /// The remedy it carries out; empty in plans older than this field.
    #[serde(default)]
    pub remedy: String,
    /// What it does, as an imperative.
    #[serde(default)]
    pub title: String,
    /// The host whose connections it mends; empty when it was drafted for any.
    #[serde(default)]
    pub host: String,
    /// When it was drafted.
    pub drafted_at: UnixSeconds,
    /// What to do, in order.
    pub steps: Vec<PlannedStep>,
    /// What shows that it worked.
    #[serde(default)]
    pub verify: Vec<Verification>,
    /// It weakens a protection and has to be taken back after this many seconds.
    #[serde(default)]
    pub expires_after: Option<u64>,
}

impl Plan {
    /// A plan for a cause with these steps, and nothing else said about it.
    pub fn new(id: &str, cause: &str, drafted_at: UnixSeconds, steps: Vec<PlannedStep>) -> Self {
        Self {
            schema: PLAN_SCHEMA.to_owned(),
            id: id.to_owned(),
            cause: cause.to_owned(),
            remedy: String::new(),
            title: String::new(),
            host: String::new(),
            drafted_at,
            steps,
            verify: Vec::new(),
            expires_after: None,
        }
    }

    /// A step of it takes a protection away.
    pub fn weakens(&self) -> bool {
        self.steps.iter().any(|step| step.weakens.is_some())
    }
}

/// A look that shows whether a plan worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The machine the look is taken from.
    pub from: Machine,
    /// The command of the look.
    pub look: String,
    /// What it shows when the plan worked.
    pub shows: String,
    /// The cause that it no longer finds.
    pub gone: String,
}

/// One change, and what a person wants to know before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The change.
    pub step: Step,
    /// What it is good for.
    pub why: String,
    /// The machine it is made on.
    #[serde(default)]
    pub on: Machine,
    /// The system of that machine; `None` when it does not matter.
    #[serde(default)]
    pub system: Option<System>,
    /// What it may break.
    #[serde(default)]
    pub risk: Risk,
    /// The protection it takes away, when it takes one away.
    #[serde(default)]
    pub weakens: Option<String>,
    /// Running sessions end.
    #[serde(default)]
    pub drops_sessions: bool,
    /// It is made only when all of these hold, and passed over otherwise.
    #[serde(default)]
    pub only_if: Vec<Condition>,
}

impl PlannedStep {
    /// A change on the server that breaks nothing and takes nothing away.
    pub fn new(step: Step, why: &str) -> Self {
        let system = match &step {
            Step::Set { key, .. } => key.system(),
            Step::Act(_) => None,
        };
        Self {
            step,
            why: why.to_owned(),
            on: Machine::Server,
            system,
            risk: Risk::Low,
            weakens: None,
            drops_sessions: false,
            only_if: Vec::new(),
        }
    }

    /// It can be taken back to the letter.
    pub fn is_reversible(&self) -> bool {
        matches!(self.step, Step::Set { .. })
    }
}

/// The machine on which a step is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Machine {
    /// The one that connects.
    Client,
    /// A device on the way: a router, firewall, forwarder or hypervisor.
    Network,
    /// The one connected to.
    #[default]
    Server,
    /// The RD Gateway.
    Gateway,
    /// A name server.
    NameServer,
    /// A domain controller, or where its policies are edited.
    Controller,
}

/// What a change may break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing changes for anybody else.
    #[default]
    Low,
    /// Sessions may drop, or others may notice.
    Medium,
    /// Done wrong, it locks people out or loses something.
    High,
}

/// Something that must hold before a step is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// A value stands at the key, whichever it is.
    Present(Key),
    /// No value stands at the key.
    Missing(Key),
    /// This value stands at the key.
    Is {
        /// The key.
        key: Key,
        /// The value.
        value: Value,
    },
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

/// Something done that has no value to go back to. It comes after all changes of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The policies of the domain are taken over again (`gpupdate /force`).
    RefreshPolicy,
    /// Old answers of name servers are forgotten.
    ForgetNames,
    /// The machine registers its addresses with its name server (`ipconfig /registerdns`).
    RegisterNames,
    /// The clock is set by its time source.
    SyncClock,
    /// A saved password is forgotten. Nobody can read it, so nobody can put it back.
    ForgetCredential {
        /// The name under which it is saved: `TERMSRV/srv01`.
        target: String,
    },
    /// An address is taken off a ban list of fail2ban.
    Unban {
        /// The jail.
        jail: String,
        /// The address.
        address: String,
    },
    /// A service is restarted, so that it reads what was changed.
    RestartService {
        /// Its name: a systemd unit or a Windows service.
        service: String,
    },
    /// A session is ended; what was not saved in it is lost.
    LogOff {
        /// Its number, as `qwinsta` or `loginctl` shows it.
        session: u32,
    },
    /// The same look is taken again.
    LookAgain {
        /// The command.
        command: String,
    },
    /// A person does something that a program cannot or should not do.
    AskPerson {
        /// What, as an imperative.
        says: String,
    },
}

impl Action {
    /// Its place in the order in which actions come: first what prepares, then restarts, a person last.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::RefreshPolicy
            | Self::ForgetNames
            | Self::RegisterNames
            | Self::SyncClock
            | Self::ForgetCredential { .. }
            | Self::Unban { .. } => 0,
            Self::LogOff { .. } => 1,
            Self::RestartService { .. } => 2,
            Self::LookAgain { .. } => 3,
            Self::AskPerson { .. } => 4,
        }
    }
}

impl Step {
    /// Its place in the order of a plan: files, settings, how services start, whether they run, then actions.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Set { key, .. } => match key {
                Key::Content { .. }
                | Key::KeyPair { .. }
                | Key::Mode { .. }
                | Key::Owner { .. }
                | Key::AccessEntry { .. }
                | Key::Member { .. } => 0,
                Key::Ini { .. }
                | Key::RdpFile { .. }
                | Key::Registry { .. }
                | Key::Policy { .. }
                | Key::RegistryTree { .. }
                | Key::CertificateBinding { .. } => 1,
                Key::FirewallRule { .. }
                | Key::FirewallGroup { .. }
                | Key::FirewallPort { .. }
                | Key::PacketRule { .. }
                | Key::Mtu { .. } => 2,
                Key::ServiceStart { .. } => 3,
                Key::ServiceState { .. } => 4,
            },
            Self::Act(action) => 5_u8.saturating_add(action.rank()),
        }
    }
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
        /// The file as it was, when the value stands in a file; `None` when there was no file. For a value of
        /// the registry whose key was not there: the path of the nearest key above that was.
        #[serde(default)]
        before: Option<Bytes>,
    },
    /// A process of its own stands by to take the plan back. On disk before the first change.
    Armed {
        /// Its number.
        process: u32,
        /// When it takes the plan back, unless the plan was kept by then.
        until: UnixSeconds,
    },
    /// A step does not apply here and is passed over.
    Passed {
        /// Its index.
        step: usize,
        /// Why.
        why: String,
    },
    /// The step was made.
    Done {
        /// Its index.
        step: usize,
        /// What came to stand there, when only carrying it out could tell; never a secret.
        #[serde(default)]
        made: Option<Value>,
    },
    /// All steps were made; somebody else looks whether they helped, and keeps the plan or takes it back.
    Held {
        /// When.
        at: UnixSeconds,
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
