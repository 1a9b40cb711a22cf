//! A look at this machine, as client and as server of Remote Desktop: what is installed, how it is set up, and
//! whether that can work. Reads only. One module per system tells the same kinds of facts.
//!
//! Logs, outputs of commands and registry values are handed back as they are: whoever reads files reads them
//! too, so that a live look and a file tell the same.

pub mod access;
#[cfg(any(target_os = "linux", windows))]
mod command;
#[cfg(target_os = "linux")]
mod linux;
pub mod outputs;
#[cfg(windows)]
mod windows;

use std::net::SocketAddr;
use std::path::PathBuf;

use model::{AttemptOutcome, Fact, Phase, Place, Source, UnixSeconds};

use crate::probes::Probe;

/// What to look at, where and when.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The root of the file system: `/`, or a folder that holds another machine's files.
    pub root: PathBuf,
    /// The root is this machine's own: what runs, listens and filters can be asked for.
    pub live: bool,
    /// Look at what lets others in.
    pub server: bool,
    /// Look at what connects to others.
    pub client: bool,
    /// The server program that is meant, when there are several.
    pub program: Option<String>,
    /// Its settings, when they are not in the usual place.
    pub settings: Option<PathBuf>,
    /// The user it runs as, when that is not to be found out.
    pub user: Option<String>,
    /// The environment of the caller: names and values.
    pub environment: Vec<(String, String)>,
    /// Branches of a registry to read, where there is one.
    pub branches: Vec<Branch>,
    /// Wall-clock time.
    pub now: UnixSeconds,
}

/// A branch of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its path without the root.
    pub path: String,
    /// How many levels below it.
    pub depth: usize,
}

impl Scope {
    /// This machine, both roles.
    pub fn live(now: UnixSeconds) -> Self {
        Self {
            root: PathBuf::from("/"),
            live: true,
            server: true,
            client: true,
            program: None,
            settings: None,
            user: None,
            environment: Vec::new(),
            branches: Vec::new(),
            now,
        }
    }

    /// The value of a variable of the caller's environment.
    #[cfg(any(target_os = "linux", windows))]
    fn variable(&self, name: &str) -> Option<&str> {
        self.environment
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// What was found on a machine.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The name of the machine; empty when it does not tell.
    pub host: String,
    /// Facts.
    pub seen: Vec<Told>,
    /// Logs and outputs of commands, to be read as files are.
    pub texts: Vec<Text>,
    /// Values of a registry, as they are.
    pub registry: Vec<RegistryValue>,
    /// Looks that were tried.
    pub tried: Vec<Tried>,
    /// The servers of Remote Desktop that are installed, the one the facts are about first.
    pub servers: Vec<Server>,
    /// What a reader should know that is no fact about a connection.
    pub notes: Vec<String>,
}

/// A fact with its source and rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What kind of source told it.
    pub source: Source,
    /// The rung it tells about.
    pub place: Option<Place>,
    /// What is known.
    pub fact: Fact,
}

/// A log, or what a command wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The file or the command.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A value of a registry, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryValue {
    /// The path of its key, with a short root.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The number of its type.
    pub kind: u32,
    /// Its data.
    pub data: Vec<u8>,
}

/// A look at the machine that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The kind of look.
    pub probe: &'static Probe,
    /// What it looked at.
    pub says: String,
    /// How it went.
    pub outcome: AttemptOutcome,
}

/// A server of Remote Desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// It runs; `None` when that was not asked.
    pub running: Option<bool>,
    /// It starts by itself.
    pub starts: bool,
    /// The port it is set up for or listens on.
    pub port: u16,
    /// Where it can be reached from this machine.
    pub at: Option<SocketAddr>,
}

impl Inspection {
    fn see(&mut self, phase: Phase, fact: Fact) {
        self.tell(Source::Registry, Some(Place::host(phase)), fact);
    }

    fn tell(&mut self, source: Source, place: Option<Place>, fact: Fact) {
        self.seen.push(Told {
            source,
            place,
            fact,
        });
    }

    fn attempt(&mut self, probe: &'static Probe, says: impl Into<String>, outcome: AttemptOutcome) {
        let tried = Tried {
            probe,
            says: says.into(),
            outcome,
        };
        if !self.tried.contains(&tried) {
            self.tried.push(tried);
        }
    }

    fn ran(&mut self, probe: &'static Probe, says: impl Into<String>) {
        self.attempt(probe, says, AttemptOutcome::Ran);
    }

    fn broke(&mut self, probe: &'static Probe, says: impl Into<String>, why: impl Into<String>) {
        self.attempt(probe, says, AttemptOutcome::Broke(why.into()));
    }

    fn skipped(&mut self, probe: &'static Probe, says: impl Into<String>, why: impl Into<String>) {
        self.attempt(probe, says, AttemptOutcome::Skipped(why.into()));
    }
}

/// Looks at the machine.
#[cfg(target_os = "linux")]
pub fn inspect(scope: &Scope) -> Inspection {
    linux::inspect(scope)
}

/// Looks at the machine.
#[cfg(windows)]
pub fn inspect(scope: &Scope) -> Inspection {
    windows::inspect(scope)
}

/// Looks at the machine; of this system nothing is known yet.
#[cfg(not(any(target_os = "linux", windows)))]
pub fn inspect(_scope: &Scope) -> Inspection {
    let mut inspection = Inspection::default();
    inspection.skipped(
        &crate::probes::SERVER,
        "this machine",
        "this version knows the insides of Linux and Windows alone",
    );
    inspection
}
