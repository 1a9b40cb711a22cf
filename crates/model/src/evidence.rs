//! Facts with their provenance, and everything that was tried to get them.

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::ladder::Place;
use crate::target::Target;
use crate::time::{Micros, UnixSeconds};

/// The version of the format in which evidence is written.
pub const EVIDENCE_SCHEMA: &str = "rdpdoctor/evidence/1";

/// All observations and attempts of a case, in the order in which they came. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The version of this format: [`EVIDENCE_SCHEMA`].
    pub schema: String,
    /// What someone tried to reach.
    pub target: Target,
    /// Wall-clock time when the case was opened: the zero of every [`Micros`] in it.
    pub opened_at: UnixSeconds,
    /// What was seen.
    pub seen: Vec<Observation>,
    /// What was tried.
    pub tried: Vec<Attempt>,
    /// What an input did not let us read.
    #[serde(default)]
    pub damage: Vec<Damage>,
    /// The case was closed before all planned looks had ended.
    #[serde(default)]
    pub interrupted: bool,
}

impl Evidence {
    /// Opens a case.
    pub fn of(target: Target, opened_at: UnixSeconds) -> Self {
        Self {
            schema: EVIDENCE_SCHEMA.to_owned(),
            target,
            opened_at,
            seen: Vec::new(),
            tried: Vec::new(),
            damage: Vec::new(),
            interrupted: false,
        }
    }

    /// The attempt with this identity.
    pub fn attempt(&self, look: LookId) -> Option<&Attempt> {
        self.tried.iter().find(|attempt| attempt.look == look)
    }
}

/// A fact, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When it was seen, since the case was opened; `None` when the source does not know.
    #[serde(default)]
    pub at: Option<Micros>,
    /// The rung it tells about; `None` for facts that belong to no leg, such as clocks and policies.
    #[serde(default)]
    pub place: Option<Place>,
    /// What kind of source told it.
    pub source: Source,
    /// From where it was seen: the name of a machine, a file, a network; empty for this machine.
    #[serde(default)]
    pub vantage: String,
    /// The attempt during which it was seen. One attempt is at most one connection, so facts that
    /// share this number were seen on the same connection.
    #[serde(default)]
    pub look: Option<LookId>,
    /// What is known.
    #[serde(flatten)]
    pub fact: Fact,
}

/// Kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Our own look at the network.
    Probe,
    /// A packet capture.
    Capture,
    /// A Windows event log.
    EventLog,
    /// A registry hive or export, a policy, or another file of settings.
    Registry,
    /// A log file or the output of a command.
    Log,
    /// A person said so.
    Stated,
}

/// The number of an attempt within its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LookId(pub u32);

/// A look that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number.
    pub look: LookId,
    /// The name of the probe, file reader or question.
    pub probe: String,
    /// What it was for.
    pub intent: Intent,
    /// What it varied or looked at, in words: "TLS only", "TLS 1.2, small hello", "10.0.0.7:3389".
    pub says: String,
    /// How it went.
    pub outcome: AttemptOutcome,
    /// When it began.
    #[serde(default)]
    pub at: Option<Micros>,
    /// How long it took.
    #[serde(default)]
    pub took: Option<Micros>,
    /// What it leaves behind on the server.
    pub trace: Trace,
}

/// What a look is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// It does what the client of the case does: where it stops, the client stops. Connections of real
    /// clients found in captures and logs are of this kind.
    AsClient,
    /// It varies one thing, to learn what makes the difference. A refusal here is knowledge, not a fault.
    Contrast,
    /// It asks what no client asks, to learn all that the server takes. Its refusals say nothing of a client.
    Survey,
}

/// How an attempt went. A failing *connection* is [`AttemptOutcome::Ran`]: the attempt told something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "how", content = "why")]
pub enum AttemptOutcome {
    /// It ran.
    Ran,
    /// It was not run, and why.
    Skipped(String),
    /// It failed through a fault of ours or of this machine, and why; evidence against nobody.
    Broke(String),
}

/// What a look leaves behind on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trace {
    /// Nothing that is kept.
    Nothing,
    /// A line in a log.
    LogLine,
    /// A failed logon that may count towards a lock-out.
    FailedLogon,
}

/// What an input did not let us read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The file, and the place in it.
    pub place: String,
    /// What is wrong there.
    pub says: String,
}
