//! `rdpdoctor check --list-looks`: everything that can be looked at, with what it costs and what it leaves behind.

use model::{FactKind, Phase, Trace};
use probe::{Depth, PROBES, Probe, Used};
use serde::Serialize;

use crate::answer;
use crate::cli::{Format, OutputArguments};
use crate::explain::list::json;
use crate::failure::{Failure, Status};
use crate::report::page::Page;
use crate::report::words::count;

/// The schema of the list.
const SCHEMA: &str = "rdpdoctor/looks/1";

#[derive(Serialize)]
struct Looks {
    schema: &'static str,
    /// The most connections of a check, by how much is asked for.
    connections: Connections,
    looks: Vec<One>,
}

#[derive(Serialize)]
struct Connections {
    quick: usize,
    default: usize,
    full: usize,
}

#[derive(Serialize)]
struct One {
    look: &'static str,
    does: &'static str,
    asked_for_by: String,
    needs: Option<Phase>,
    connections: u32,
    datagrams: u32,
    leaves_behind: Trace,
    tells: &'static [FactKind],
}

/// Writes the list.
pub fn list(output: &OutputArguments) -> Result<Status, Failure> {
    let text = match answer::format(output) {
        Format::Text => {
            let layout = answer::layout(output);
            let mut page = Page::new(&layout);
            let widest = PROBES.iter().map(|probe| probe.name.len()).max();
            let columns = widest.unwrap_or_default().saturating_add(2);
            for (used, heading) in groups() {
                page.heading(&heading);
                for probe in PROBES.iter().filter(|probe| probe.used == used) {
                    let says = format!("{} {}", probe.says, cost(probe));
                    page.row(probe.name, columns, &says);
                }
            }
            page.heading("At most, in one check");
            for (option, depth) in DEPTHS {
                page.row(option, columns, &count(depth.connections(), "connection"));
            }
            page.written()
        }
        format @ (Format::Json | Format::Jsonl) => json(&looks(), format == Format::Json)?,
        _ => {
            return Err(Failure::usage(
                "the list of looks is written as text, json or jsonl",
            ));
        }
    };
    answer::deliver(output, &text)?;
    Ok(Status::Healthy)
}

/// How much can be asked for.
const DEPTHS: [(&str, Depth); 3] = [
    ("--quick", Depth::Quick),
    ("neither", Depth::Standard),
    ("--full", Depth::Full),
];

/// What can be asked for, in the order of what it costs, with a heading.
fn groups() -> Vec<(Used, String)> {
    let mut used: Vec<Used> = PROBES.iter().map(|probe| probe.used).collect();
    used.sort();
    used.dedup();
    used.into_iter()
        .map(|used| {
            let heading = match used {
                Used::Quick => "In every check".to_owned(),
                Used::Check => "In a check, unless --quick is given".to_owned(),
                Used::Full => "With --full".to_owned(),
                Used::Option(option) => format!("With {option}"),
                Used::Command(command) => format!("By rdpdoctor {command}"),
            };
            (used, heading)
        })
        .collect()
}

/// What it costs and leaves behind, in a sentence.
fn cost(probe: &Probe) -> String {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if probe.connections > 0 {
        parts.push(count(number(probe.connections), "connection"));
    }
    if probe.datagrams > 0 {
        parts.push(format!(
            "up to {}",
            count(number(probe.datagrams), "datagram")
        ));
    }
    if parts.is_empty() {
        parts.push("nothing is sent to the host".to_owned());
    }
    format!(
        "Costs: {}. Leaves: {}.",
        parts.join(", "),
        leaves(probe.trace)
    )
}

/// What has to be asked for, in a word.
pub fn asked_for(used: Used) -> String {
    match used {
        Used::Quick => "every check".to_owned(),
        Used::Check => "a check".to_owned(),
        Used::Full => "`--full`".to_owned(),
        Used::Option(option) => format!("`{option}`"),
        Used::Command(command) => format!("`rdpdoctor {command}`"),
    }
}

/// What a look leaves behind at most, in words.
pub const fn leaves(trace: Trace) -> &'static str {
    match trace {
        Trace::Nothing => "nothing",
        Trace::LogLine => "perhaps a line in the server's log",
        Trace::FailedLogon => "a failed logon, which may count towards a lock-out",
    }
}

fn looks() -> Looks {
    Looks {
        schema: SCHEMA,
        connections: Connections {
            quick: Depth::Quick.connections(),
            default: Depth::Standard.connections(),
            full: Depth::Full.connections(),
        },
        looks: PROBES
            .iter()
            .map(|probe| One {
                look: probe.name,
                does: probe.says,
                asked_for_by: asked_for(probe.used).replace('`', ""),
                needs: probe.needs,
                connections: probe.connections,
                datagrams: probe.datagrams,
                leaves_behind: probe.trace,
                tells: probe.yields,
            })
            .collect(),
    }
}
