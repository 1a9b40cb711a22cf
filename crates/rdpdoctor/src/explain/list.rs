//! Lists, searches and pages.

use std::fmt::Write as _;

use model::codes::{self, Code, space};
use serde::Serialize;

use super::answer::{Plausibility, ReadingReport, Tool, report};
use super::suggest;
use crate::answer as out;
use crate::cli::{Format, OutputArguments};
use crate::failure::{Failure, Status};
use crate::report::page::Page;

/// How many codes a search shows.
const MOST: usize = 25;

/// A value as JSON, in one line or indented.
pub fn json(value: &impl Serialize, indented: bool) -> Result<String, Failure> {
    let written = if indented {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    written
        .map(|json| json + "\n")
        .map_err(|error| Failure::could_not_look(format!("cannot write JSON: {error}")))
}

#[derive(Serialize)]
struct Namespaces {
    schema: &'static str,
    tool: Tool,
    namespaces: Vec<Namespace>,
}

#[derive(Serialize)]
struct Namespace {
    namespace: &'static str,
    says: &'static str,
    codes: usize,
    document: &'static str,
    section: &'static str,
    also: &'static [&'static str],
}

#[derive(Serialize)]
struct Codes {
    schema: &'static str,
    tool: Tool,
    codes: Vec<ReadingReport>,
}

/// Lists the namespaces, or the codes of one.
pub fn list(namespace: &str, output: &OutputArguments) -> Result<Status, Failure> {
    let namespace = namespace.trim();
    let answer = if namespace.is_empty() {
        namespaces(output)?
    } else {
        let wanted = slug(namespace);
        let spaces: Vec<&space::Space> = space::ALL
            .iter()
            .copied()
            .filter(|space| {
                slug(space.slug) == wanted || space.also.iter().any(|also| slug(also) == wanted)
            })
            .collect();
        if spaces.is_empty() {
            return Err(unknown(namespace));
        }
        let found: Vec<&'static Code> = codes::all()
            .filter(|code| spaces.contains(&code.space))
            .collect();
        of_codes(&found, output)?
    };
    out::deliver(output, &answer)?;
    Ok(Status::Healthy)
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

fn unknown(namespace: &str) -> Failure {
    let near: Vec<&str> = space::ALL
        .iter()
        .map(|space| space.slug)
        .filter(|known| known.contains(&slug(namespace)))
        .take(5)
        .collect();
    let help = if near.is_empty() {
        "rdpdoctor explain --list shows all".to_owned()
    } else {
        format!("did you mean {}?", near.join(", or "))
    };
    Failure::usage(format!("there is no namespace {namespace:?}; {help}"))
}

fn namespaces(output: &OutputArguments) -> Result<String, Failure> {
    let count = |space: &space::Space| codes::all().filter(|code| code.space == space).count();
    let format = out::format(output);
    if matches!(format, Format::Json | Format::Jsonl) {
        let namespaces = space::ALL
            .iter()
            .map(|space| Namespace {
                namespace: space.slug,
                says: space.says,
                codes: count(space),
                document: space.document,
                section: space.section,
                also: space.also,
            })
            .collect();
        let all = Namespaces {
            schema: super::SCHEMA,
            tool: Tool::THIS,
            namespaces,
        };
        return json(&all, format == Format::Json);
    }
    let mut text = String::new();
    if format == Format::Markdown {
        text.push_str(
            "| namespace | codes | what its numbers are | source |\n|---|---:|---|---|\n",
        );
        for space in space::ALL {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} {} |",
                space.slug,
                count(space),
                space.says,
                space.document,
                space.section
            );
        }
        return Ok(text);
    }
    let layout = out::layout(output);
    let mut page = Page::new(&layout);
    for space in space::ALL {
        page.row(
            space.slug,
            28,
            &format!("{:>4}  {}", count(space), space.says),
        );
    }
    Ok(page.written())
}

fn of_codes(found: &[&'static Code], output: &OutputArguments) -> Result<String, Failure> {
    let format = out::format(output);
    if matches!(format, Format::Json | Format::Jsonl) {
        let all = Codes {
            schema: super::SCHEMA,
            tool: Tool::THIS,
            codes: found
                .iter()
                .map(|code| report(code, None, Plausibility::Likely))
                .collect(),
        };
        return json(&all, format == Format::Json);
    }
    let mut text = String::new();
    if format == Format::Markdown {
        text.push_str("| number | name | what it says | namespace |\n|---|---|---|---|\n");
        for code in found {
            let _ = writeln!(
                text,
                "| {} | {} | {} | `{}` |",
                code.written(),
                code.name,
                code.says,
                code.space.slug
            );
        }
        return Ok(text);
    }
    let layout = out::layout(output);
    let mut page = Page::new(&layout);
    let mut space = "";
    for code in found {
        if code.space.slug != space {
            space = code.space.slug;
            page.heading(&format!("{space}: {}", code.space.says));
        }
        let name = if code.name.is_empty() {
            String::new()
        } else {
            format!("{}: ", code.name)
        };
        page.row(&code.written(), 13, &format!("{name}{}", code.says));
    }
    Ok(page.written())
}

/// Shows the codes that answer a search, best first.
pub fn search(words: &str, output: &OutputArguments) -> Result<Status, Failure> {
    let mut found = suggest::search(words);
    if found.is_empty() {
        return Err(Failure::usage(format!(
            "no code speaks of {words:?}; try fewer or other words"
        )));
    }
    found.truncate(MOST);
    let format = out::format(output);
    let answer = if matches!(format, Format::Text) {
        let layout = out::layout(output);
        let mut page = Page::new(&layout);
        for code in found {
            let name = if code.name.is_empty() {
                String::new()
            } else {
                format!("{}: ", code.name)
            };
            page.row(
                &code.written(),
                13,
                &format!("{name}{} ({})", code.says, code.space.slug),
            );
        }
        page.written()
    } else {
        of_codes(&found, output)?
    };
    out::deliver(output, &answer)?;
    Ok(Status::Healthy)
}

#[derive(Serialize)]
struct PageReport<'p> {
    schema: &'static str,
    tool: Tool,
    page: &'p str,
    markdown: &'p str,
}

/// Shows a page of the catalogue.
pub fn page(name: &str, page: &str, output: &OutputArguments) -> Result<Status, Failure> {
    let format = out::format(output);
    let answer = match format {
        Format::Json | Format::Jsonl => {
            let report = PageReport {
                schema: super::SCHEMA,
                tool: Tool::THIS,
                page: name,
                markdown: page,
            };
            json(&report, format == Format::Json)?
        }
        Format::Text => {
            let layout = out::layout(output);
            let mut shown = Page::new(&layout);
            shown.markdown(page);
            shown.written()
        }
        _ => page.to_owned(),
    };
    out::deliver(output, &answer)?;
    Ok(Status::Healthy)
}
