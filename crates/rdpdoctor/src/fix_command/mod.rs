//! `rdpdoctor fix`: the plan that mends a cause, as text, as data, or as a script for the way in that is left.

pub mod apply;
pub mod plan;
pub mod schema;
pub mod scripts;
pub mod text;
pub mod words;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use model::plan::System;

use crate::answer;
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};
use crate::script::Kind;

/// What to mend, and how to tell it.
#[derive(Args, Clone, Debug, Default)]
pub struct FixArguments {
    /// A cause (secure.key-unusable), or a report in JSON: a file, or '-' for standard input.
    #[arg(value_name = "CAUSE|REPORT")]
    pub what: Option<String>,
    /// The host that the plan is for, when a cause was given.
    #[arg(long = "for", value_name = "HOST", value_hint = clap::ValueHint::Hostname)]
    pub host: Option<String>,
    /// What the other machine saw, joined with the report: its own report (inspect), logs, any file analyze reads.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub with: Vec<PathBuf>,
    /// The remedy, when it is not the first of the cause.
    #[arg(long, value_name = "REMEDY")]
    pub remedy: Option<String>,
    /// The system of the server, when nothing tells it.
    #[arg(long, value_name = "SYSTEM")]
    pub system: Option<SystemName>,
    /// Plan a weakening of security all the same.
    #[arg(long)]
    pub accept_risk: bool,
    /// Write the plan as a script for the way in that is left.
    #[arg(long, value_name = "KIND")]
    pub script: Option<Kind>,
    /// Say what a script did, from what it printed: a file, or '-' for standard input.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["what", "script"])]
    pub receipt: Option<PathBuf>,
    /// What to do with the plan on this machine.
    #[command(flatten)]
    pub apply: apply::ApplyArguments,
}

/// Systems, as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SystemName {
    /// Windows.
    Windows,
    /// Linux.
    Linux,
}

impl From<SystemName> for System {
    fn from(name: SystemName) -> Self {
        match name {
            SystemName::Windows => Self::Windows,
            SystemName::Linux => Self::Linux,
        }
    }
}

/// Plans, and writes the plan.
pub fn run(arguments: &FixArguments, output: &OutputArguments) -> Result<Status, Failure> {
    answer::prepare(output)?;
    if let Some(file) = &arguments.receipt {
        return scripts::receipt(file, output);
    }
    if arguments.apply.needs_no_plan() {
        return apply::manage(&arguments.apply, output);
    }
    apply::remind(&arguments.apply);
    if arguments.apply.wants_to_apply() {
        return apply::run(arguments, output);
    }
    let planned = plan::planned(arguments, None)?;
    if let Some(kind) = arguments.script {
        return scripts::write(&planned, kind, output);
    }
    let answer = plan::written(&planned, output)?;
    answer::deliver(output, &answer)?;
    Ok(Status::Healthy)
}
