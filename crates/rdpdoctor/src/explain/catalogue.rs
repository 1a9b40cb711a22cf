//! The way from a code to the catalogue: causes it speaks for, and the pages of causes, remedies and rungs.

use std::fmt::Write as _;

use diagnose::Cause;
use model::Phase;
use model::codes::{self, Topic};

use super::answer::CauseReport;

/// How many causes are named for a code.
const MOST: usize = 6;

/// The causes that a topic speaks for, most probable first.
pub fn causes(topic: Topic) -> Vec<CauseReport> {
    diagnose::speaking_for(topic)
        .into_iter()
        .take(MOST)
        .map(|cause| CauseReport {
            id: cause.id,
            title: cause.title,
        })
        .collect()
}

/// The page with this name, in Markdown: a cause, a remedy, or a rung.
pub fn page(name: &str) -> Option<String> {
    let name = name.trim();
    if let Some(cause) = diagnose::cause(name) {
        return Some(of_cause(cause));
    }
    if let Some(page) = diagnose::page(name) {
        return Some(format!("# {name}\n\n{}", page.trim_start()));
    }
    let phase = Phase::ALL.iter().find(|phase| phase.slug() == name)?;
    Some(of_phase(*phase))
}

/// Every name that has a page.
pub fn names() -> impl Iterator<Item = &'static str> {
    diagnose::CAUSES
        .iter()
        .map(|cause| cause.id)
        .chain(diagnose::REMEDIES.iter().map(|remedy| remedy.id))
        .chain(Phase::ALL.iter().map(|phase| phase.slug()))
}

fn of_cause(cause: &Cause) -> String {
    let mut page = format!("# {}\n\n`{}`\n\n", cause.title, cause.id);
    page.push_str(cause.page_text().trim());
    page.push('\n');
    let codes: Vec<String> = codes::all()
        .filter(|code| cause.topics.contains(&code.topic) && code.number.is_some())
        .filter(|code| !code.name.is_empty())
        .map(|code| format!("`{}` {}", code.written(), code.name))
        .take(12)
        .collect();
    if !codes.is_empty() {
        // Writing to a string does not fail.
        let _ = write!(
            page,
            "\n## Codes that speak for it\n\n- {}\n",
            codes.join("\n- ")
        );
    }
    if !cause.remedies.is_empty() {
        page.push_str("\n## What mends it\n\n");
        for id in cause.remedies {
            let title = diagnose::remedy(id).map_or("", |remedy| remedy.title);
            let _ = writeln!(page, "- `{id}`: {title}");
        }
        let _ = writeln!(
            page,
            "\n`rdpdoctor fix {}` plans it, step by step; nothing is changed by that.",
            cause.id
        );
    }
    page
}

fn of_phase(phase: Phase) -> String {
    let mut page = format!("# {}\n\n{}\n", phase.slug(), phase.says());
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(page, "\n## {title}\n\n- {}\n", lines.join("\n- "));
        }
    };
    list(
        "Causes that show here first",
        diagnose::CAUSES
            .iter()
            .filter(|cause| cause.phase == phase)
            .map(|cause| format!("`{}`: {}", cause.id, cause.title))
            .collect(),
    );
    let here = |code: &&codes::Code| {
        code.place.is_some_and(|place| place.phase == phase)
            && code.number.is_some()
            && !code.name.is_empty()
    };
    list(
        "Some codes that tell about it",
        codes::all()
            .filter(here)
            .map(|code| format!("`{}` {}: {}", code.written(), code.name, code.says))
            .take(24)
            .collect(),
    );
    page
}
