//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    rdpdoctor::run(std::env::args_os())
}
