//! The measure of the verdict: how often it is right, how often it is wrong and sure of it, and whether its
//! probabilities mean what they say. Run by `cargo xtask eval`.
//!
//! Five sources, each named in the table: generated cases, faults of real servers (what the tests of real servers
//! noted down), cases of a collection and reports of strangers through words alone, and labelled files. What is not
//! there is said so.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement is for whoever reads its table"
)]

mod figures;
mod files;
mod generated;
mod score;
mod servers;
mod strange;
mod table;
mod truth;
mod words;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;

use table::{Measure, Section};

/// What to measure.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often every scenario is played.
    #[arg(long, default_value_t = 10)]
    rounds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1000)]
    seed: u64,
    /// How many strange cases are put together.
    #[arg(long, default_value_t = 500)]
    strange: u64,
    /// A collection of cases: one JSON object a line, with `id`, `codes`, `symptoms`, `confirmed_cause`.
    #[arg(long)]
    cases: Option<PathBuf>,
    /// A folder with folders of files, each with a `labels.jsonl`.
    #[arg(long)]
    data: Option<PathBuf>,
    /// What the tests of real servers noted down, one JSON object a line.
    #[arg(long)]
    servers: Option<PathBuf>,
    /// Write the table here, as Markdown and beside it as JSON.
    #[arg(long)]
    output: Option<PathBuf>,
    /// How this was built, for the table, where its profile does not tell.
    #[arg(long)]
    build: Option<String>,
    /// The date of the measurement, for the table.
    #[arg(long, default_value = "")]
    date: String,
    /// Show the cases of one half of the collection one by one, and never those of the other.
    #[arg(long)]
    show: bool,
    /// Write every generated case here, one JSON object a line: what is drawn and what was said of it.
    #[arg(long)]
    each: Option<PathBuf>,
    /// Measure verdicts from words alone, and nothing else.
    #[arg(long)]
    words: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    if arguments.words {
        for section in words::sections(arguments.cases.as_deref(), arguments.show)? {
            println!("{}", section.markdown());
        }
        return Ok(());
    }
    let (scored, endless) = generated::play(arguments.rounds, arguments.seed)?;
    if let Some(path) = &arguments.each {
        fs::write(path, generated::lines(&scored)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let mut measure = Measure {
        date: arguments.date.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: arguments.build.clone().unwrap_or_else(|| {
            if cfg!(debug_assertions) {
                "a build for tests, without optimisation: its times mean nothing".to_owned()
            } else {
                "release build".to_owned()
            }
        }),
        sections: figures::of(&scored, &endless),
    };
    let strange = strange::play(arguments.strange, arguments.seed)?;
    measure.sections.push(strange::section(&strange));
    measure.sections.push(flood());
    measure
        .sections
        .push(servers::section(arguments.servers.as_deref())?);
    measure
        .sections
        .extend(words::sections(arguments.cases.as_deref(), arguments.show)?);
    measure
        .sections
        .push(files::section(arguments.data.as_deref())?);
    let page = measure.markdown();
    println!("{page}");
    if arguments.show {
        figures::misses(&scored);
        strange::show(&strange);
    }
    if let Some(path) = &arguments.output {
        fs::write(path, &page).with_context(|| format!("cannot write {}", path.display()))?;
        let path = path.with_extension("json");
        fs::write(&path, serde_json::to_string_pretty(&measure)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// How long a diagnosis takes over a case with a million observations.
fn flood() -> Section {
    let mut section = Section::of(
        "A million observations",
        "One failing look, and beside it a million connections of another machine's log, each different.",
    );
    let mut evidence = rdpdoctor::explain::spoken(&["the port is closed".to_owned()], None, None);
    for port in 1..=1_000_000_u32 {
        evidence.seen.push(model::Observation {
            at: Some(model::Micros(u64::from(port))),
            place: Some(model::Place::host(model::Phase::Tcp)),
            source: model::Source::Log,
            vantage: String::new(),
            look: None,
            fact: model::Fact::TcpRefused {
                to: std::net::SocketAddr::from(([10, 0, 0, 1], 3389)),
                took: model::Micros(u64::from(port)),
            },
        });
    }
    let begun = std::time::Instant::now();
    let diagnosis = diagnose::diagnose(&evidence);
    section.number(
        "milliseconds",
        begun.elapsed().as_secs_f64() * 1000.0,
        0,
        "",
    );
    section.number("findings", score::number(diagnosis.findings.len()), 0, "");
    section
}
