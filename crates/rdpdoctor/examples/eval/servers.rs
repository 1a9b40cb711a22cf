//! Faults of real servers: what the tests of real servers noted down while they ran.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::score::{number, share};
use super::table::Section;

/// What one look at a real server came to.
#[derive(Debug, Deserialize)]
struct Noted {
    test: String,
    expected: Vec<String>,
    outcome: String,
    expected_outcome: String,
    found: Vec<String>,
    #[serde(default)]
    peers: BTreeMap<String, bool>,
}

/// The section, from the notes.
pub fn section(notes: Option<&Path>) -> Result<Section> {
    let mut section = Section::of(
        "Faults of real servers",
        "xrdp, FreeRDP's shadow server, OpenSSH and nginx in network namespaces, each with a real fault (or none), \
         looked at as root on Linux by the tests under `crates/rdpdoctor/tests/peers`. Right is the family of the \
         first finding, or no finding on a healthy server. A peer *names the cause* when its own output holds the \
         words for it; it is asked about the same server with its usual options.",
    );
    let Some(path) = notes else {
        section
            .remarks
            .push("not measured: the real servers need root on Linux".to_owned());
        return Ok(section);
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let noted: Vec<Noted> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is no list of notes", path.display()))?;
    let right = |one: &Noted| {
        one.outcome == one.expected_outcome
            && match one.found.first() {
                None => one.expected.is_empty(),
                Some(first) => one.expected.contains(first),
            }
    };
    let ill: Vec<&Noted> = noted
        .iter()
        .filter(|one| !one.expected.is_empty())
        .collect();
    section.number("looks", number(noted.len()), 0, "");
    section.number("of them with a fault", number(ill.len()), 0, "");
    section.share("right", share(&noted, right), "100 %");
    let names: std::collections::BTreeSet<&String> =
        ill.iter().flat_map(|one| one.peers.keys()).collect();
    for name in names {
        let asked: Vec<&&Noted> = ill
            .iter()
            .filter(|one| one.peers.contains_key(name))
            .collect();
        section.share(
            &format!("{name} names the cause (of {})", asked.len()),
            share(&asked, |one| one.peers.get(name) == Some(&true)),
            "",
        );
    }
    section.remarks = noted
        .iter()
        .filter(|one| !right(one))
        .map(|one| {
            format!(
                "{}: {:?} expected, {:?} found",
                one.test, one.expected, one.found
            )
        })
        .collect();
    Ok(section)
}
