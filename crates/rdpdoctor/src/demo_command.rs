//! `rdpdoctor demo`: the main job against the built-in lab, on loopback.

use std::fmt::Write as _;

use anyhow::Context as _;
use probe::Options;
use serde::Serialize;

use crate::cli::{DemoArguments, Format, OutputArguments};
use crate::demo::{self, Demo, Shown};
use crate::failure::{Failure, Status};
use crate::report::wrap::{padded, width, wrap};
use crate::{answer, check};

/// Shows a fault, or lists them.
pub fn run(arguments: &DemoArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if arguments.list {
        return list(output, demo::list()?);
    }
    answer::prepare(output)?;
    let runtime = check::runtime()?;
    let (demo, evidence) = runtime.block_on(async {
        let demo = demo::start(arguments.fault.as_deref()).await?;
        let evidence = match demo.case(Options::default()) {
            Some(case) => check::watch(case, output).await,
            None => demo.play(Options::default())?,
        };
        Ok::<_, Failure>((demo, evidence))
    })?;
    runtime.shutdown_background();
    let report = check::conclude(&evidence, vec![note(&demo)]);
    answer::report(output, &report)?;
    Ok(check::status(&report))
}

/// Says that nothing here is real, and what the lab does.
fn note(demo: &Demo) -> String {
    let place = match demo.in_memory() {
        Some(_) => "in memory",
        None => "on loopback",
    };
    format!(
        "A demonstration: the built-in lab plays {} {place}. {}",
        demo.scenario.id, demo.scenario.what
    )
}

/// A line of the list, for programs.
#[derive(Serialize)]
struct Line {
    name: String,
    what: String,
    cause: Option<String>,
}

/// Lists faults.
pub(crate) fn list(output: &OutputArguments, shown: Vec<Shown>) -> Result<Status, Failure> {
    let lines = shown.into_iter().map(|shown| Line {
        name: shown.name,
        what: shown.what,
        cause: shown.cause,
    });
    let mut answer = String::new();
    match answer::format(output) {
        Format::Json => {
            let lines: Vec<Line> = lines.collect();
            answer =
                serde_json::to_string_pretty(&lines).context("cannot write the list as JSON")?;
            answer.push('\n');
        }
        Format::Jsonl => {
            for line in lines {
                answer += &serde_json::to_string(&line).context("cannot write the list as JSON")?;
                answer.push('\n');
            }
        }
        Format::Text
        | Format::Markdown
        | Format::Html
        | Format::Csv
        | Format::Sarif
        | Format::Junit => {
            let lines: Vec<Line> = lines.collect();
            let name = lines
                .iter()
                .map(|line| width(&line.name))
                .max()
                .unwrap_or(0)
                + 2;
            let columns = answer::layout(output).width.saturating_sub(name);
            for line in &lines {
                for (index, words) in wrap(&line.what, columns).iter().enumerate() {
                    let head = if index == 0 { line.name.as_str() } else { "" };
                    // Writing to a string does not fail.
                    let _ = writeln!(answer, "{}{words}", padded(head, name));
                }
            }
        }
    }
    answer::deliver(output, &answer)?;
    Ok(Status::Healthy)
}
