//! Everything with a user in front: the command line, the report, and the commands that make them.

pub mod analyze;
pub mod answer;
pub mod assistant;
pub mod book;
pub mod check;
pub mod cli;
pub mod collect;
pub mod completions;
mod consent;
#[cfg(feature = "lab")]
pub mod demo;
#[cfg(feature = "lab")]
pub mod demo_command;
pub mod explain;
pub mod failure;
pub mod fix_command;
mod folders;
pub mod generate;
pub mod guided;
mod history;
pub mod hops;
pub mod inspect;
pub mod kerberos;
#[cfg(feature = "lab")]
pub mod lab_command;
mod live;
pub mod logon;
pub mod looks;
pub mod progress;
pub mod redact;
#[cfg(feature = "lab")]
pub mod rehearse;
pub mod report;
pub mod scan;
pub mod script;
pub mod symptoms;
pub mod target;
mod version;
pub mod watch;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Arguments, Command};
use crate::failure::{Failure, Status};

/// Runs the command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let verbose = arguments
        .iter()
        .any(|word| word == "--verbose" || word == "-v" || word == "-vV" || word == "-Vv");
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too. A closed pipe is no error.
            if error.kind() == clap::error::ErrorKind::DisplayVersion && verbose {
                let _ = answer::print(version::all().as_bytes());
                return Status::Healthy.into();
            }
            let _ = error.print();
            return if error.use_stderr() {
                Status::Usage.into()
            } else {
                Status::Healthy.into()
            };
        }
    };
    match command(arguments) {
        Ok(status) => status.into(),
        Err(Failure { status, says }) => {
            // Without stderr there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "rdpdoctor: {says}");
            status.into()
        }
    }
}

fn command(arguments: Arguments) -> Result<Status, Failure> {
    let Arguments {
        command,
        check,
        output,
    } = arguments;
    let command = cli::resolve(command, check)?;
    cli::fits(&command, &output)?;
    match command {
        Command::Check(arguments) => check::run(&arguments, &output),
        Command::Analyze(arguments) => analyze::run(&arguments, &output),
        Command::Scan(arguments) => scan::run(&arguments, &output),
        Command::Watch(arguments) => watch::run(&arguments, &output),
        Command::Inspect(arguments) => inspect::run(&arguments, &output),
        Command::Collect(arguments) => collect::run(&arguments, &output),
        Command::Explain(arguments) => explain::run(&arguments, &output),
        #[cfg(feature = "lab")]
        Command::Demo(arguments) => demo_command::run(&arguments, &output),
        #[cfg(feature = "lab")]
        Command::Lab(arguments) => lab_command::run(&arguments, &output),
        Command::Mcp(arguments) => assistant::run(&arguments),
        Command::Book(arguments) => book::run(&arguments),
        Command::Fix(arguments) => fix_command::run(&arguments, &output),
        Command::FixGuard(arguments) => fix_command::apply::guard::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
    }
}
