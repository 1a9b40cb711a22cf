//! The speed and size of commands that answer from tables, beside the start of a process that does nothing.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::shell::{cargo, command, output, root, run, target};

/// What is asked, one line each.
const ASKED: &[&[&str]] = &[
    &["explain", "0x904", "0x7"],
    &["explain", "7"],
    &["explain", "STATUS_LOGON_FAILURE"],
    &["explain", "event 36870"],
];

/// The limits: milliseconds above the start of a process, and KiB resident.
const MILLIS: f64 = 15.0;
const RESIDENT: u64 = 12 * 1024;

/// Times `explain` against `true` on a release build, and reads how much memory it takes at most.
pub fn explain(runs: u32) -> Result<()> {
    run(&mut cargo([
        "build",
        "--locked",
        "--release",
        "--package",
        "rdpdoctor",
    ]))?;
    let program = target().join("release/rdpdoctor");
    let idle = median("true", runs)?;
    println!("{:44} {idle:6.2} ms", "true");
    for asked in ASKED {
        let quoted: Vec<String> = asked.iter().map(|word| format!("'{word}'")).collect();
        let line = format!("{} {}", program.display(), quoted.join(" "));
        let taken = median(&line, runs)?;
        let resident = resident(&program, asked)?;
        println!(
            "{:44} {taken:6.2} ms   {:5.1} MiB",
            format!("rdpdoctor {}", asked.join(" ")),
            f64::from(u32::try_from(resident).unwrap_or(u32::MAX)) / 1024.0
        );
        ensure!(
            taken - idle <= MILLIS,
            "{line} takes {:.1} ms more than doing nothing; the limit is {MILLIS} ms",
            taken - idle
        );
        ensure!(
            resident <= RESIDENT,
            "{line} takes {resident} KiB; the limit is {RESIDENT} KiB"
        );
    }
    Ok(())
}

/// The median time of a command, in milliseconds, as hyperfine takes it.
fn median(line: &str, runs: u32) -> Result<f64> {
    let times = root().join("target/explain-times.json");
    let runs = runs.max(10).to_string();
    let export = times.to_string_lossy();
    output(&mut command(
        "hyperfine",
        [
            "--shell=none",
            "--warmup",
            "3",
            "--runs",
            &runs,
            "--style",
            "none",
            "--export-json",
            &export,
            line,
        ],
    ))?;
    let json = std::fs::read_to_string(&times).context("hyperfine left no times")?;
    let json: serde_json::Value = serde_json::from_str(&json).context("hyperfine left no JSON")?;
    let seconds = json
        .pointer("/results/0/median")
        .and_then(serde_json::Value::as_f64)
        .context("hyperfine told no median")?;
    Ok(seconds * 1000.0)
}

/// The most memory a command has resident, in KiB, as GNU time reads it.
fn resident(program: &Path, asked: &[&str]) -> Result<u64> {
    let told = root().join("target/explain-resident.txt");
    let told_as = told.to_string_lossy().into_owned();
    let program = program.to_string_lossy().into_owned();
    let words = ["-f", "%M", "-o", &told_as, &program];
    output(&mut command("/usr/bin/time", words.iter().chain(asked)))?;
    let text = std::fs::read_to_string(&told).context("time told nothing")?;
    text.trim().parse().context("time told no number")
}
