//! The one command that runs all tests.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::setup::{self, Peers};
use crate::shell::{cargo, output, run, succeeds, target};

/// The tests against real servers, in the words of cargo-nextest.
const PEERS: &str = "package(rdpdoctor) & test(/^peers::/)";

/// Those that need a server of Rust, which is built for them.
const IRONRDP: &str = "package(rdpdoctor) & test(/^peers::ironrdp::/)";

/// Prepares the machine, then runs every test; the runner's own summary comes last.
pub fn test(rest: &[String]) -> Result<()> {
    let peers = setup::prepare()?;
    if let Peers::Missing(reasons) = &peers {
        let reasons: String = reasons
            .iter()
            .map(|reason| format!("\n  - {reason}"))
            .collect();
        println!("The tests against real servers are skipped:{reasons}");
        if in_ci() {
            bail!("with CI=true a skipped test is a failed test");
        }
    }
    let mut skipped = None;
    if matches!(peers, Peers::Missing(_)) {
        skipped = Some(Skipped {
            tests: PEERS,
            module: "peers::",
        });
    } else if let Err(error) = setup::ironrdp() {
        println!("The tests against IronRDP's server are skipped: {error:#}");
        if in_ci() {
            bail!("with CI=true a skipped test is a failed test");
        }
        skipped = Some(Skipped {
            tests: IRONRDP,
            module: "peers::ironrdp::",
        });
    }
    if has_nextest() {
        nextest(skipped.as_ref(), rest)
    } else {
        cargo_test(skipped.as_ref(), rest)
    }
}

/// Tests that cannot run here.
struct Skipped {
    /// In the words of cargo-nextest.
    tests: &'static str,
    /// The module they are in.
    module: &'static str,
}

/// Runs a benchmark of the program against real servers.
pub fn bench(subject: &str, runs: u32) -> Result<()> {
    if let Peers::Missing(reasons) = setup::prepare()? {
        bail!(
            "the servers to measure cannot run here: {}",
            reasons.join("; ")
        );
    }
    run(released(subject)?.env("RDPDOCTOR_BENCH_RUNS", runs.to_string()))
}

/// Runs a benchmark that needs nothing but the code.
pub fn bench_alone(subject: &str) -> Result<()> {
    run(released(subject)?.arg("--bench"))
}

/// A benchmark beside the program as it is released, both built.
fn released(subject: &str) -> Result<Command> {
    let name = format!("bench-{subject}");
    let mut words = vec!["build", "--locked", "--release", "--package", "rdpdoctor"];
    run(&mut cargo(words.iter().copied()))?;
    words.extend(["--example", &name]);
    run(&mut cargo(words))?;
    let folder = target().join("release/examples");
    Ok(Command::new(folder.join(name)))
}

/// cargo-nextest is there, or could be installed.
fn has_nextest() -> bool {
    let there = || succeeds(&mut cargo(["nextest", "--version"]));
    if there() {
        return true;
    }
    println!("cargo-nextest is missing; installing it once (some minutes)");
    if let Err(error) = run(&mut cargo(["install", "--locked", "cargo-nextest"])) {
        println!("{error:#}: going on with `cargo test`");
    }
    there()
}

fn nextest(skipped: Option<&Skipped>, rest: &[String]) -> Result<()> {
    let mut words = vec!["nextest", "run", "--locked"];
    if !names_a_package(rest) {
        words.push("--workspace");
    }
    let others = skipped.map(|skipped| format!("not ({})", skipped.tests));
    if let (Some(skipped), Some(others)) = (skipped, &others) {
        let skipped = output(&mut cargo([
            "nextest",
            "list",
            "--locked",
            "-p",
            "rdpdoctor",
            "-T",
            "oneline",
            "-E",
            skipped.tests,
        ]))
        .context("cannot list the tests that are skipped")?;
        println!("Skipped:\n{}", skipped.trim_end());
        words.extend(["-E", others]);
    }
    if in_ci() {
        words.extend(["--profile", "ci"]);
    }
    words.extend(rest.iter().map(String::as_str));
    run(&mut cargo(words))
}

fn cargo_test(skipped: Option<&Skipped>, rest: &[String]) -> Result<()> {
    let mut words = vec!["test", "--locked"];
    if !names_a_package(rest) {
        words.push("--workspace");
    }
    words.extend(rest.iter().map(String::as_str));
    // Without the runner's groups the servers would all start at once.
    words.extend(["--", "--test-threads=2"]);
    if let Some(skipped) = skipped {
        words.extend(["--skip", skipped.module]);
    }
    run(&mut cargo(words))
}

/// Nobody watches: what is skipped is a failure, and everything runs to its end.
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

fn names_a_package(rest: &[String]) -> bool {
    rest.iter()
        .any(|word| word == "-p" || word.starts_with("--package") || word == "--workspace")
}
