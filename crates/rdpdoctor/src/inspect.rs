//! `rdpdoctor inspect`: looks at this machine as client and server, and has it shake hands with itself.

use std::io::Cursor;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use diagnose::diagnose;
use intake::Intake;
use intake::registry::KEYS;
use model::{
    Attempt, AttemptOutcome, ClientProfile, Evidence, HostName, Intent, LookId, Observation,
    Target, UnixSeconds,
};
use probe::local::{Branch, Inspection, Scope, Told};
use probe::{Case, Depth, Options};

use crate::answer;
use crate::check::{now, runtime, status, watch};
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};
use crate::progress::Progress;
use crate::report::machine::{self, MachineReport};
use crate::report::{NotCheckedReport, Outcome, Report};

/// Keys below keys beyond this depth are not followed.
const DEEPEST: usize = 32;

/// What to look at.
#[derive(Args, Clone, Debug, Default)]
pub struct InspectArguments {
    /// Look at one role alone.
    #[arg(long, value_name = "ROLE")]
    pub role: Option<Role>,
    /// Look at another machine's files below this folder (a mounted disk, a container); nothing is asked of what runs.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<PathBuf>,
    /// The server program that is meant, when there are several.
    #[arg(long, value_name = "NAME")]
    pub server: Option<ServerProgram>,
    /// Its settings, when they are not in the usual place.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub settings: Option<PathBuf>,
    /// The user it runs as, when it is not the one found.
    #[arg(long, value_name = "USER")]
    pub service_user: Option<String>,
}

/// Roles of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// It connects to others.
    Client,
    /// Others connect to it.
    Server,
}

/// Server programs that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ServerProgram {
    /// xrdp.
    Xrdp,
    /// The remote desktop of GNOME.
    GnomeRemoteDesktop,
    /// The shadow server of FreeRDP.
    FreerdpShadow,
    /// The remote desktop of KDE.
    Krdp,
}

impl ServerProgram {
    fn name(self) -> String {
        match self {
            Self::Xrdp => "xrdp",
            Self::GnomeRemoteDesktop => "gnome-remote-desktop",
            Self::FreerdpShadow => "freerdp-shadow",
            Self::Krdp => "krdp",
        }
        .to_owned()
    }
}

/// Looks, and writes the report.
pub fn run(arguments: &InspectArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if let Some(root) = &arguments.root
        && !root.is_dir()
    {
        return Err(Failure::usage(format!(
            "{} is no folder; --root takes the folder that holds the other machine's files",
            root.display()
        )));
    }
    answer::prepare(output)?;
    let report = examine(arguments, output)?;
    answer::report(output, &report)?;
    Ok(status(&report))
}

/// Looks at the machine and concludes.
pub fn examine(arguments: &InspectArguments, output: &OutputArguments) -> Result<Report, Failure> {
    let scope = scope(arguments);
    let progress = Progress::begin(output);
    progress.on("this machine");
    let found = probe::local::inspect(&scope);
    progress.end();
    let target = target(&found, &scope);
    let evidence = if scope.server && scope.live && !found.servers.is_empty() {
        let runtime = runtime()?;
        let case = Case::open(target, Options::of(Depth::Standard), scope.now);
        let evidence = runtime.block_on(watch(case, output));
        runtime.shutdown_background();
        evidence
    } else {
        Evidence::of(target, scope.now)
    };
    Ok(conclude(found, evidence, &scope))
}

/// This machine, both roles.
pub(crate) fn live(now: UnixSeconds) -> Scope {
    Scope {
        branches: KEYS
            .iter()
            .map(|key| Branch {
                path: key.path.to_owned(),
                depth: match key.depth {
                    intake::registry::Depth::Own => 0,
                    intake::registry::Depth::Below => 1,
                    intake::registry::Depth::All => DEEPEST,
                },
            })
            .collect(),
        environment: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        ..Scope::live(now)
    }
}

/// A fact of the machine as an observation of a case.
pub(crate) fn observed(told: Told) -> Observation {
    Observation {
        at: None,
        place: told.place,
        source: told.source,
        vantage: String::new(),
        look: None,
        fact: told.fact,
    }
}

fn scope(arguments: &InspectArguments) -> Scope {
    let wants = |role| arguments.role.is_none_or(|only| only == role);
    let live = live(now());
    Scope {
        live: arguments.root.is_none(),
        root: arguments.root.clone().unwrap_or(live.root),
        server: wants(Role::Server),
        client: wants(Role::Client),
        program: arguments.server.map(ServerProgram::name),
        settings: arguments.settings.clone(),
        user: arguments.service_user.clone(),
        ..live
    }
}

/// The machine as a target: by its own name, and over the address on which it can be reached from itself.
fn target(found: &Inspection, scope: &Scope) -> Target {
    let server = found.servers.first();
    let name = if found.host.is_empty() {
        "this machine".to_owned()
    } else {
        found.host.clone()
    };
    Target {
        input: name.clone(),
        host: HostName(name),
        port: server.map_or(model::target::RDP_PORT, |server| server.port),
        address: scope.live.then(|| {
            server
                .and_then(|server| server.at)
                .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |at| at.ip())
        }),
        zone: None,
        gateway: None,
        proxy: None,
        client: ClientProfile::default(),
    }
}

/// Joins what was found with the handshake, and weighs it.
fn conclude(found: Inspection, mut evidence: Evidence, scope: &Scope) -> Report {
    let Inspection {
        seen,
        texts,
        registry,
        tried,
        servers,
        mut notes,
        host: _,
    } = found;
    evidence.seen.extend(seen.into_iter().map(observed));
    let mut intake = Intake::default();
    for text in texts {
        intake.take(&text.name, &mut Cursor::new(text.bytes));
    }
    if !registry.is_empty() {
        let values = registry
            .into_iter()
            .map(|value| (value.key, value.name, value.kind, value.data));
        intake::registry::live("this machine", values, scope.now, &mut intake.findings);
    }
    let read = intake.finish();
    notes.extend(read.notes);
    evidence
        .seen
        .extend(read.seen.into_iter().map(|seen| seen.observation));
    evidence.damage.extend(read.damage);
    let mut next = evidence
        .tried
        .iter()
        .map(|attempt| attempt.look.0)
        .max()
        .unwrap_or(0);
    let mut not_checked = Vec::new();
    for one in tried {
        next = next.saturating_add(1);
        if let AttemptOutcome::Broke(why) | AttemptOutcome::Skipped(why) = &one.outcome {
            not_checked.push(NotCheckedReport {
                what: one.says.clone(),
                why: why.clone(),
            });
        }
        evidence.tried.push(Attempt {
            look: LookId(next),
            probe: one.probe.name.to_owned(),
            intent: Intent::Contrast,
            says: one.says,
            outcome: one.outcome,
            at: None,
            took: None,
            trace: one.probe.trace,
        });
    }
    if scope.server && servers.is_empty() && notes.is_empty() {
        let note = if scope.live {
            "no server of Remote Desktop was found on this machine"
        } else {
            "no server of Remote Desktop was found below this folder"
        };
        notes.push(note.to_owned());
    }
    let mut report = Report::of(&evidence, &diagnose(&evidence));
    report.machine = Some(MachineReport {
        live: scope.live,
        serves: !servers.is_empty(),
        lines: machine::lines(&evidence),
    });
    // Without a connection there is nothing to stand on but the settings, and those are looked through.
    if report.outcome == Outcome::Unknown
        && report.findings.is_empty()
        && !report.interrupted
        && !evidence_of_connection(&evidence)
    {
        report.outcome = Outcome::Healthy;
        report.phases.clear();
        report.not_checked.clear();
    }
    report.summary = crate::report::words::summary(&report);
    report.not_checked.extend(not_checked);
    report.notes = notes;
    report
}

fn evidence_of_connection(evidence: &Evidence) -> bool {
    evidence.seen.iter().any(|seen| seen.look.is_some())
}
