//! `rdpdoctor completions`: scripts that complete the command line.

use clap::CommandFactory as _;

use crate::answer;
use crate::cli::{Arguments, CompletionsArguments};
use crate::failure::{Failure, Status};

/// Writes the script for a shell to stdout.
pub fn run(arguments: &CompletionsArguments) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "rdpdoctor",
        &mut script,
    );
    answer::print(&script)?;
    Ok(Status::Healthy)
}
