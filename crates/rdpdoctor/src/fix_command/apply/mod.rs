//! `rdpdoctor fix --apply`: carries a plan out on this machine, proves that it helped, and takes it back.

mod carry;
pub mod guard;
mod look;
mod receipts;
mod remote;
mod settle;
mod source;
mod state;
mod words;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use model::plan::Machine as Role;
use model::{Evidence, Target};

use super::FixArguments;
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};

/// What to do with a plan on this machine.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "On this machine")]
pub struct ApplyArguments {
    /// Carry the plan out here, after asking; take it back unless a fresh look shows that it helped.
    #[arg(long)]
    pub apply: bool,
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
    /// Show what --apply would change here, with the values of today, and change nothing.
    #[arg(long, conflicts_with = "apply")]
    pub dry_run: bool,
    /// Leave it to a look from elsewhere to tell whether it helped: undone after a time unless kept (--keep).
    #[arg(long, requires = "apply")]
    pub hold: bool,
    /// Which machine of the connection this is [default: the server, where the plan has steps for it].
    #[arg(long, value_name = "MACHINE")]
    pub here: Option<Here>,
    /// Take the plan back after this time unless it was verified or kept by then [default: 5m, held 10m].
    #[arg(long, value_name = "TIME", value_parser = crate::cli::time)]
    pub undo_after: Option<Duration>,
    /// List what was carried out here.
    #[arg(long, conflicts_with = "apply")]
    pub list: bool,
    /// Take back what was carried out: an id of --list, or "last".
    #[arg(long, value_name = "ID", conflicts_with_all = ["apply", "list"])]
    pub undo: Option<String>,
    /// Keep a plan that waits for it: a look from elsewhere has shown that it helped.
    #[arg(long, value_name = "ID", conflicts_with_all = ["apply", "list", "undo"])]
    pub keep: Option<String>,
    /// Take up a plan whose run was cut off, and finish it or take it back.
    #[arg(
        long,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "ask",
        conflicts_with_all = ["apply", "list", "undo", "keep"]
    )]
    pub resume: Option<Resume>,
    /// Keep the receipts in this folder [default: /var/lib/rdpdoctor, or a folder of the user's].
    #[arg(long, value_name = "FOLDER")]
    pub state_dir: Option<PathBuf>,
    /// Carry it out on the host of --for over ssh, and judge it from here: USER@HOST, or what else ssh takes.
    #[arg(long, value_name = "DESTINATION", requires = "host")]
    pub ssh: Option<String>,
    /// Where rdpdoctor is on the other side of --ssh [default: on its path].
    #[arg(long, value_name = "PATH", requires = "ssh")]
    pub remote_program: Option<String>,
    /// Start and stop services with this command, called as COMMAND ACTION SERVICE (supervisorctl, for example).
    #[arg(long, value_name = "COMMAND")]
    pub service_command: Option<String>,
}

/// A machine of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Here {
    /// The one that connects.
    Client,
    /// A router, firewall or forwarder on the way.
    Network,
    /// The one connected to.
    Server,
    /// The RD Gateway.
    Gateway,
    /// A name server.
    NameServer,
    /// A domain controller.
    Controller,
}

impl From<Here> for Role {
    fn from(here: Here) -> Self {
        match here {
            Here::Client => Self::Client,
            Here::Network => Self::Network,
            Here::Server => Self::Server,
            Here::Gateway => Self::Gateway,
            Here::NameServer => Self::NameServer,
            Here::Controller => Self::Controller,
        }
    }
}

/// What becomes of a plan whose run was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Resume {
    /// Ask.
    Ask,
    /// Take it back.
    Undo,
    /// Make what was not made, and verify.
    Finish,
}

/// What a plan was drafted for.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// What someone tries to reach.
    pub target: Target,
    /// The cause was seen from elsewhere: the plan comes from a report.
    pub reported: bool,
    /// What was seen here just now, when somebody looked already.
    pub seen: Option<Evidence>,
}

impl ApplyArguments {
    /// Something is asked for that needs no plan.
    pub fn needs_no_plan(&self) -> bool {
        self.list || self.undo.is_some() || self.keep.is_some() || self.resume.is_some()
    }

    /// A plan is to be carried out, or shown as if.
    pub fn wants_to_apply(&self) -> bool {
        self.apply || self.dry_run || self.ssh.is_some()
    }
}

/// Does what needs no plan: lists, takes back, keeps, resumes.
pub fn manage(arguments: &ApplyArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if arguments.list {
        return receipts::list(arguments, output);
    }
    if let Some(id) = &arguments.undo {
        return settle::undo(arguments, id, output);
    }
    if let Some(id) = &arguments.keep {
        return settle::keep(arguments, id, output);
    }
    settle::resume(arguments, arguments.resume.unwrap_or(Resume::Ask), output)
}

/// Carries out here what was asked for, or shows what that would change.
pub fn run(arguments: &FixArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if let Some(destination) = &arguments.apply.ssh {
        return remote::run(arguments, destination, output);
    }
    let (plan, occasion) = source::chosen(arguments, output)?;
    carry::apply(arguments, &plan, &occasion, output)
}

/// Says on stderr when an earlier plan was cut off and nobody took it up.
pub fn remind(arguments: &ApplyArguments) {
    state::remind(arguments);
}
