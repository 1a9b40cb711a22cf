//! The chores of rdpdoctor, so that every machine does them the same way: `cargo xtask <chore>`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "chores talk to the person who runs them"
)]

mod book;
mod captures;
mod ci;
mod clients;
mod edges;
mod eval;
mod fuzz;
mod generate;
mod lists;
mod logs;
mod package;
mod record;
mod runner;
mod scaffold;
mod setup;
mod shell;
mod speed;
mod supply;
mod survey;
mod tidy;
mod tree;
mod windows;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of rdpdoctor")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything a change must pass: format, tidy, licences, lints, generated files, documents, the book, tests.
    Ci,
    /// All tests, real servers included; as root on Debian or Ubuntu it installs what they need.
    Test {
        /// Arguments for the test runner, such as `-p wire` or the name of a test.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Installs what the tests need and does nothing else.
    Setup,
    /// Begins something new; the tests are red until it is filled in.
    New {
        #[command(subcommand)]
        what: New,
    },
    /// Writes the files that are made from the code: pages, tables, schemas, man page, completions.
    Gen {
        /// Only say which are stale, and fail when one is.
        #[arg(long)]
        check: bool,
    },
    /// Builds the book with mdBook into `target/book`.
    Book,
    /// Builds what is handed to people: archive, Debian package, bill of materials, checksums, manifests.
    Package(package::Arguments),
    /// Feeds decoders with bytes that look for trouble.
    Fuzz {
        /// One decoder; otherwise each in turn.
        name: Option<String>,
        /// How long for each.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Records real clients against real servers and the lab for the tests of `analyze`; as root on Linux.
    Record {
        /// One recording; otherwise all of them.
        name: Option<String>,
    },
    /// Measures the verdict: how often it is right, and whether its odds are honest. As root on Linux real servers
    /// are looked at too.
    Eval(eval::Arguments),
    /// Times the release build, beside its limits and its peers; as root on Linux.
    Bench {
        /// What to time.
        subject: Subject,
        /// Runs of each; the median is shown.
        #[arg(long, default_value_t = 5)]
        runs: u32,
    },
    /// Runs the clients that are installed against the lab, and writes what they show into docs/lab.md.
    Clients {
        /// The table of gateways alone.
        #[arg(long)]
        gateways: bool,
    },
    /// What a reader trips over: line endings, long files, stray modules, edges between crates.
    Tidy,
    /// Licences and banned crates.
    Deny,
    /// Compiles the program for Windows and runs it under Wine; as root on Debian it installs what that needs.
    Windows,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// A check of healthy servers and of a silent host, at round-trip times of 1, 20 and 100 ms.
    Check,
    /// A diagnosis from evidence that is there: one of each sort, the slowest, and the whole matrix.
    Diagnose,
    /// `explain`, against the start of a process: time and memory.
    Explain,
    /// `scan`, beside the connections the kernel makes, a minimal loop, nmap and sslscan: hosts a second and memory.
    Scan,
    /// `analyze` of a large mixed capture, beside tshark and nfstream, and of what is meant to hurt: speed and memory.
    Analyze,
    /// `analyze` of a large event log, beside evtx_dump, and of a log of 1 GB: speed and memory.
    Logs,
    /// The survey of `--full` beside sslscan, nmap, sslyze and testssl.sh at one xrdp: time, and what each finds.
    Survey,
}

#[derive(Subcommand)]
enum New {
    /// A cause, with a scenario that expects it.
    Cause {
        /// The rung on which it shows first, such as `negotiate`.
        phase: String,
        /// Its name, such as `nla-required`.
        name: String,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    match chore {
        Chore::Ci => ci::ci(),
        Chore::Test { rest } => runner::test(&rest),
        Chore::Setup => setup::prepare().map(|_| ()),
        Chore::New {
            what: New::Cause { phase, name },
        } => scaffold::cause(&phase, &name),
        Chore::Gen { check } => generate::generate(check),
        Chore::Book => book::build(),
        Chore::Package(arguments) => package::package(&arguments),
        Chore::Fuzz { name, seconds } => fuzz::fuzz(name.as_deref(), seconds),
        Chore::Record { name } => record::record(name.as_deref()),
        Chore::Bench {
            subject: Subject::Check,
            runs,
        } => runner::bench("check", runs),
        Chore::Bench {
            subject: Subject::Diagnose,
            ..
        } => runner::bench_alone("diagnose"),
        Chore::Bench {
            subject: Subject::Explain,
            runs,
        } => speed::explain(runs),
        Chore::Bench {
            subject: Subject::Scan,
            runs,
        } => runner::bench("scan", runs),
        Chore::Bench {
            subject: Subject::Analyze,
            runs,
        } => captures::bench(runs),
        Chore::Eval(arguments) => eval::eval(&arguments),
        Chore::Clients { gateways } => clients::clients(gateways),
        Chore::Bench {
            subject: Subject::Logs,
            runs,
        } => logs::bench(runs),
        Chore::Bench {
            subject: Subject::Survey,
            runs,
        } => survey::bench(runs),
        Chore::Tidy => ci::tidy(),
        Chore::Deny => ci::deny(),
        Chore::Windows => windows::windows(),
    }
}
