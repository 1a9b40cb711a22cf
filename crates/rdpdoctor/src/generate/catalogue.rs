//! The pages of the catalogue: one per cause and remedy, their tables of contents, and what is known of facts.

use std::fmt::Write as _;

use diagnose::{CAUSES, Cause, Clue, REMEDIES, Remedy};
use model::{FactKind, Phase};
use probe::PROBES;
use serde::Serialize;

use crate::looks;

/// Every page of the catalogue, with its path.
pub fn pages() -> Vec<(String, String)> {
    let contents = [
        ("docs/facts.md".to_owned(), facts()),
        ("docs/looks.md".to_owned(), looks()),
        ("docs/causes/README.md".to_owned(), causes()),
        ("docs/remedies/README.md".to_owned(), remedies()),
    ];
    let causes = CAUSES
        .iter()
        .map(|cause| (format!("docs/causes/{}.md", cause.id), cause_page(cause)));
    let remedies = REMEDIES.iter().map(|remedy| {
        (
            format!("docs/remedies/{}.md", remedy.id),
            remedy_page(remedy),
        )
    });
    contents.into_iter().chain(causes).chain(remedies).collect()
}

/// The page of a cause: what it is, what speaks for and against it, where to look, what mends it.
pub fn cause_page(cause: &Cause) -> String {
    let mut page = format!(
        "# {}\n\n`{}`, family `{}`, {}. Shows first at `{}`; mended on the side of the {}.\n\n{}\n",
        cause.title,
        cause.id,
        cause.family,
        slug(cause.severity),
        cause.phase,
        side(cause.side),
        demoted(&cause.page_text())
    );
    page += "\n## What speaks for it and against it\n\nWords in braces are filled in with what was seen.\n\n";
    page.extend(cause.clues.iter().map(clue));
    section(&mut page, "What to look at next", cause.asks, |ask| {
        format!("- {}.\n  It {}.", ask.look, ask.why)
    });
    section(&mut page, "What may be behind it", cause.roots, |root| {
        format!(
            "- [{}]({root}.md)",
            diagnose::cause(root).map_or(*root, |cause| cause.title)
        )
    });
    section(
        &mut page,
        "What mends it, best first",
        cause.remedies,
        |id| {
            format!(
                "- [{}](../remedies/{id}.md)",
                diagnose::remedy(id).map_or(*id, |remedy| remedy.title)
            )
        },
    );
    page
}

/// The page of a remedy: what to do, at what risk, and for which causes.
pub fn remedy_page(remedy: &Remedy) -> String {
    let mut page = format!(
        "# {}\n\n`{}`. Done on the side of the {}; risk {}; {}.\n",
        remedy.title,
        remedy.id,
        side(remedy.side),
        slug(remedy.risk),
        if remedy.reversible {
            "can be undone to the letter"
        } else {
            "cannot be undone to the letter"
        }
    );
    if let Some(protection) = remedy.weakens {
        let _ = writeln!(page, "\n**It weakens security: {protection}**");
    }
    let _ = writeln!(page, "\n{}", demoted(&remedy.page_text()));
    let mended: Vec<&&Cause> = CAUSES
        .iter()
        .filter(|cause| cause.remedies.contains(&remedy.id))
        .collect();
    section(&mut page, "What it mends", &mended, |cause| {
        format!("- [{}](../causes/{}.md)", cause.title, cause.id)
    });
    page
}

fn clue(clue: &Clue) -> String {
    let weight = |weight| format!("{weight:?}").to_lowercase();
    let reads: Vec<String> = clue
        .reads
        .iter()
        .map(|&kind| format!("`{}`", slug(kind)))
        .collect();
    format!(
        "- For, {}: {}.\n  Against, {}: {}.\n  Read from {}.\n",
        weight(clue.weight),
        clue.says,
        weight(clue.against),
        clue.denies,
        reads.join(", ")
    )
}

fn causes() -> String {
    let mut page =
        "# Causes\n\nWhy connections fail, in the order in which a connection climbs.\n".to_owned();
    for &phase in Phase::ALL {
        let here: Vec<&&Cause> = CAUSES.iter().filter(|cause| cause.phase == phase).collect();
        section(&mut page, &format!("At `{phase}`"), &here, |cause| {
            format!("- [{}]({}.md)", cause.title, cause.id)
        });
    }
    page
}

fn remedies() -> String {
    let mut page = "# Remedies\n".to_owned();
    let mut sides: Vec<_> = REMEDIES.iter().map(|remedy| remedy.side).collect();
    sides.dedup();
    for side in sides {
        let here: Vec<&&Remedy> = REMEDIES
            .iter()
            .filter(|remedy| remedy.side == side)
            .collect();
        section(
            &mut page,
            &format!("On the side of the {}", self::side(side)),
            &here,
            |remedy| format!("- [{}]({}.md)", remedy.title, remedy.id),
        );
    }
    page
}

fn facts() -> String {
    let mut page = "# Facts\n\nEverything that can be known about a connection, which looks tell it, and which causes read \
        it. What no look tells comes from files.\n\n| fact | says | told by | read by |\n|---|---|---|---|\n"
        .to_owned();
    for &kind in FactKind::ALL {
        let told: Vec<&str> = PROBES
            .iter()
            .filter(|probe| probe.yields.contains(&kind))
            .map(|probe| probe.name)
            .collect();
        let read = CAUSES
            .iter()
            .filter(|cause| cause.clues.iter().any(|clue| clue.reads.contains(&kind)))
            .count();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {read} causes |",
            slug(kind),
            kind.says(),
            told.join(", ")
        );
    }
    page
}

fn looks() -> String {
    let mut page = "# Looks\n\nWhat is looked at, what it opens and what it leaves behind.\n\n\
        | look | does | needs | asked for by | connections | datagrams | leaves behind |\n\
        |---|---|---|---|---|---|---|\n"
        .to_owned();
    for probe in PROBES {
        let needs = probe.needs.map_or("nothing", Phase::slug);
        let _ = writeln!(
            page,
            "| `{}` | {} | {needs} | {} | {} | {} | {} |",
            probe.name,
            probe.says,
            looks::asked_for(probe.used),
            probe.connections,
            probe.datagrams,
            looks::leaves(probe.trace)
        );
    }
    page
}

/// A heading and a line for each thing, when there is one.
fn section<T>(page: &mut String, heading: &str, things: &[T], line: impl Fn(&T) -> String) {
    if things.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n## {heading}\n");
    for thing in things {
        page.push_str(&line(thing));
        page.push('\n');
    }
}

/// The text one level of headings down, under the title of its page.
fn demoted(text: &str) -> String {
    let lines: Vec<String> = text
        .trim()
        .lines()
        .map(|line| {
            if line.starts_with("# ") {
                format!("#{line}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    lines.join("\n")
}

fn side(side: diagnose::Side) -> String {
    slug(side).replace('-', " ")
}

/// The name a value has in reports.
fn slug(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
