//! Measuring the verdict: generated cases, real servers, reported cases and labelled files.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::setup::{self, Peers};
use crate::shell::{cargo, output, root, run};

/// The tests of real servers take minutes; after so many seconds what they noted down is counted all the same.
const LONGEST: &str = "2400";

/// What to measure.
#[derive(Args)]
pub struct Arguments {
    /// How often every scenario of the lab is played, each time elsewhere.
    #[arg(long, default_value_t = 20)]
    rounds: u64,
    /// The first seed; another one makes other cases.
    #[arg(long, default_value_t = 1000)]
    seed: u64,
    /// Build for speed first, so that the time of a diagnosis is the real one.
    #[arg(long)]
    release: bool,
    /// Optimise what diagnoses and nothing else: built sooner than with `--release`, and the time of a diagnosis is
    /// nearly the real one.
    #[arg(long, conflicts_with = "release")]
    optimised: bool,
    /// A collection of reported cases, one JSON object a line: `id`, `codes`, `symptoms`, `confirmed_cause`, and
    /// where known `client`, `server`, `kind`, `confidence`.
    #[arg(long, env = "RDPDOCTOR_CASES")]
    cases: Option<PathBuf>,
    /// A folder with folders of captures, logs and event logs, each with a `labels.jsonl`.
    #[arg(long, env = "RDPDOCTOR_LABELLED")]
    data: Option<PathBuf>,
    /// Leave the real servers out.
    #[arg(long)]
    no_servers: bool,
    /// Show what was missed, one by one.
    #[arg(long)]
    show: bool,
    /// Write the page of the documentation anew, `docs/measure.md`.
    #[arg(long)]
    write: bool,
}

/// Measures, prints the table and writes it below `target/`.
pub fn eval(arguments: &Arguments) -> Result<()> {
    let folder = root().join("target/measure");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let servers = if arguments.no_servers {
        None
    } else {
        real_servers(&folder.join("servers.jsonl"))?
    };
    let page = folder.join("measure.md");
    let date = output(Command::new("date").args(["-u", "+%Y-%m-%d"]))
        .map(|date| date.trim().to_owned())
        .unwrap_or_default();
    let mut measure = cargo(["run", "--package", "rdpdoctor", "--example", "eval"]);
    if arguments.release {
        measure.arg("--release");
    }
    if arguments.optimised {
        for package in ["diagnose", "model"] {
            let profile = format!("profile.dev.package.{package}.opt-level=3");
            measure.args(["--config", &profile]);
        }
    }
    measure
        .args(["--", "--rounds", &arguments.rounds.to_string()])
        .args(["--seed", &arguments.seed.to_string(), "--date", &date])
        .arg("--output")
        .arg(&page);
    for (name, path) in [
        ("--cases", &arguments.cases),
        ("--data", &arguments.data),
        ("--servers", &servers),
    ] {
        if let Some(path) = path {
            let path = std::fs::canonicalize(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            measure.arg(name).arg(path);
        }
    }
    if arguments.show {
        measure.arg("--show");
    }
    if arguments.optimised {
        measure.args([
            "--build",
            "a build for tests in which what diagnoses is optimised as in a release, but not across crates",
        ]);
    }
    run(&mut measure)?;
    if arguments.write {
        let kept = root().join("docs/measure.md");
        std::fs::copy(&page, &kept).with_context(|| format!("cannot write {}", kept.display()))?;
    }
    println!("written: {} and .json beside it", page.display());
    Ok(())
}

/// Runs the tests of real servers, which note down what they see; `None` where they cannot run.
fn real_servers(notes: &std::path::Path) -> Result<Option<PathBuf>> {
    if let Peers::Missing(reasons) = setup::prepare()? {
        println!("The real servers are left out: {}", reasons.join("; "));
        return Ok(None);
    }
    match std::fs::remove_file(notes) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove {}", notes.display()));
        }
        _ => {}
    }
    let words = [
        "test",
        "--package",
        "rdpdoctor",
        "--test",
        "tests",
        "--",
        "--test-threads=2",
        // What looks at no server notes nothing down.
        "--skip=peers::assistant",
        "--skip=peers::browser",
        "--skip=peers::cut_off",
        "peers::",
    ];
    let tests = cargo(words);
    let mut bounded = Command::new("timeout");
    bounded
        .args(["--kill-after=30", LONGEST])
        .arg(tests.get_program())
        .args(tests.get_args())
        .current_dir(tests.get_current_dir().unwrap_or(&root()))
        .env("RDPDOCTOR_NOTES", notes);
    for (name, value) in tests.get_envs() {
        match value {
            Some(value) => bounded.env(name, value),
            None => bounded.env_remove(name),
        };
    }
    let ran = run(&mut bounded);
    if let Err(error) = ran {
        // A test that fails has noted down what it saw, which is what is counted.
        println!("{error:#}");
    }
    Ok(notes.is_file().then(|| notes.to_owned()))
}
