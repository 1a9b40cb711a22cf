//! The pages of the book that are not of the catalogue: codes, rungs, stories with their reports, the contents.

use std::fmt::Write as _;

use model::Phase;
use model::codes::{self, Code, space};
use rust_embed::RustEmbed;

/// The pages written by hand, and whatever else lies among them. A debug build reads them from the disk.
#[derive(RustEmbed)]
#[folder = "../../docs"]
#[include = "*.md"]
#[exclude = "SUMMARY.md"]
#[exclude = "causes/*"]
#[exclude = "remedies/*"]
#[exclude = "codes/*"]
#[exclude = "rungs/*"]
struct Written;

/// The chapters in the order in which they are read: the path of the page and its title. A page that is not among
/// them is listed at the end, so that none is lost.
const CHAPTERS: &[(&str, &str)] = &[
    ("start.md", "Start here"),
    ("reading.md", "Reading a report"),
    ("stories/README.md", "Ten stories"),
    ("examples/README.md", "Example reports"),
    ("mending.md", "Mending, and taking it back"),
    ("windows.md", "On Windows"),
    ("scripting.md", "Scripts and pipelines"),
    ("scripts.md", "Plans and scripts"),
    ("assistants.md", "For assistants"),
    ("causes/README.md", "Causes"),
    ("remedies/README.md", "Remedies"),
    ("codes/README.md", "Codes"),
    ("rungs/README.md", "The ladder"),
    ("how-it-works.md", "How it works"),
    ("measure.md", "How often it is right"),
    ("files.md", "Files: what is read"),
    ("speed.md", "How fast it is"),
    ("looks.md", "Looks"),
    ("measured.md", "What is measured, and against whom"),
    ("facts.md", "Facts"),
    ("lab.md", "For developers: the lab"),
    ("building.md", "Building"),
    ("packages.md", "Packages"),
    ("decisions.md", "Decisions"),
];

/// What begins the place of a report in a page written by hand.
const MARK: &str = "<!-- report: ";

/// Every page made here, with its path.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = codes_pages();
    pages.extend(rung_pages());
    for (path, text) in written() {
        // A folder that holds a generated page holds nothing else.
        if text.contains(MARK) || path.starts_with("stories/") {
            pages.push((format!("docs/{path}"), with_reports(&text)));
        }
    }
    pages
}

/// The pages written by hand, with their paths below `docs`.
pub fn written() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = Written::iter()
        .filter_map(|path| {
            let file = Written::get(&path)?;
            let text = String::from_utf8_lossy(&file.data).replace("\r\n", "\n");
            Some((path.replace('\\', "/"), text))
        })
        .collect();
    pages.sort();
    pages
}

/// The contents of the book over all its pages, in the form of mdBook.
pub fn contents(pages: &[(String, String)]) -> String {
    let mut left: Vec<(&str, &str)> = pages
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix("docs/")?, text.as_str())))
        .filter(|(path, _)| path.ends_with(".md") && *path != "SUMMARY.md")
        .collect();
    left.sort_unstable();
    let mut list = "# rdpdoctor\n\n".to_owned();
    for (path, title) in CHAPTERS {
        let Some(at) = left.iter().position(|(known, _)| known == path) else {
            continue;
        };
        left.remove(at);
        let _ = writeln!(list, "- [{title}]({path})");
        let Some(folder) = path.strip_suffix("README.md") else {
            continue;
        };
        // In the order of its table of contents, where it has one.
        let table = pages
            .iter()
            .find(|(known, _)| known.strip_prefix("docs/") == Some(path))
            .map_or("", |(_, text)| text.as_str());
        let (mut inside, rest): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|(known, _)| known.starts_with(folder));
        left = rest;
        inside.sort_by_key(|(known, _)| {
            let name = known.strip_prefix(folder).unwrap_or(known);
            (
                table.find(&format!("({name})")).unwrap_or(usize::MAX),
                *known,
            )
        });
        for (known, text) in inside {
            let _ = writeln!(list, "  - [{}]({known})", title_of(text));
        }
    }
    for (path, text) in left {
        let _ = writeln!(list, "- [{}]({path})", title_of(text));
    }
    list
}

/// The first heading of a page, without marks that a link would trip over.
pub fn title_of(text: &str) -> String {
    text.lines()
        .find_map(|line| line.strip_prefix("# "))
        .unwrap_or("Without a title")
        .replace(['[', ']', '`'], "")
}

/// Every page of the book, with its path below `docs`, its contents first.
pub fn whole() -> Vec<(String, String)> {
    let made = super::files()
        .into_iter()
        .filter_map(|(path, text)| Some((path.strip_prefix("docs/")?.to_owned(), text)))
        .filter(|(path, _)| path.ends_with(".md"));
    let mut pages: std::collections::BTreeMap<String, String> = written().into_iter().collect();
    pages.extend(made);
    let contents = pages.remove("SUMMARY.md");
    contents
        .map(|text| ("SUMMARY.md".to_owned(), text))
        .into_iter()
        .chain(pages)
        .collect()
}

fn codes_pages() -> Vec<(String, String)> {
    let mut list = "# Codes\n\nA number means nothing without its namespace. `rdpdoctor explain` takes numbers, \
        pairs, names and whole pasted texts and says every reading.\n\n| namespace | what its numbers are | codes |\n\
        |---|---|---|\n"
        .to_owned();
    let mut pages = Vec::new();
    for space in space::ALL {
        let here: Vec<&Code> = codes::all()
            .filter(|code| code.space.slug == space.slug)
            .collect();
        if here.is_empty() {
            continue;
        }
        let _ = writeln!(
            list,
            "| [`{0}`]({0}.md) | {1} | {2} |",
            space.slug,
            cell(space.says),
            here.len()
        );
        pages.push((
            format!("docs/codes/{}.md", space.slug),
            codes_page(space, &here),
        ));
    }
    pages.push(("docs/codes/README.md".to_owned(), list));
    pages
}

fn codes_page(space: &space::Space, codes: &[&Code]) -> String {
    let mut page = format!(
        "# {}\n\n{}. Source: {}{}.\n\n| code | name | says |\n|---|---|---|\n",
        space.slug,
        capital(space.says),
        space.document,
        if space.section.is_empty() {
            String::new()
        } else {
            format!(", {}", space.section)
        }
    );
    for code in codes {
        // A log line is known by its words.
        let number = match code.lines.first() {
            Some(line) if code.number.is_none() => format!("`{}`", line.replace('`', "'")),
            _ => cell(&code.written()),
        };
        let name = match code.name {
            "" => String::new(),
            name => format!("`{name}`"),
        };
        let note = if code.note.is_empty() {
            String::new()
        } else {
            format!(". {}", capital(code.note))
        };
        let _ = writeln!(
            page,
            "| {} | {} | {}{} |",
            number.replace('|', "\\|"),
            name.replace('|', "\\|"),
            cell(code.says),
            cell(&note)
        );
    }
    page
}

fn rung_pages() -> Vec<(String, String)> {
    let mut list = "# The ladder\n\nThe rungs that a connection climbs, in order.\n\n".to_owned();
    let mut pages = Vec::new();
    for phase in Phase::ALL {
        let _ = writeln!(list, "- [{0}]({0}.md): {1}", phase.slug(), phase.says());
        let page = crate::explain::catalogue::page(phase.slug()).unwrap_or_default();
        let page: String = page.lines().map(linked).collect();
        pages.push((format!("docs/rungs/{}.md", phase.slug()), page));
    }
    pages.push(("docs/rungs/README.md".to_owned(), list));
    pages
}

/// A line of a list that begins with the name of a cause leads to its page.
fn linked(line: &str) -> String {
    let name = line
        .strip_prefix("- `")
        .and_then(|rest| rest.split_once('`'))
        .filter(|(name, _)| diagnose::cause(name).is_some());
    match name {
        Some((name, rest)) => format!("- [`{name}`](../causes/{name}.md){rest}\n"),
        None => format!("{line}\n"),
    }
}

/// The text of a cell of a table: what would be markup is written as itself.
fn cell(text: &str) -> String {
    let mut written = String::new();
    for c in text.chars() {
        if matches!(c, '|' | '<' | '*' | '_' | '[' | ']' | '\\') {
            written.push('\\');
        }
        written.push(if c == '\n' { ' ' } else { c });
    }
    written
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The page with the report of each fault it names below the name, in place of the one that is there.
#[cfg(feature = "lab")]
fn with_reports(text: &str) -> String {
    let mut page = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        page.push_str(line);
        page.push('\n');
        let fault = line
            .strip_prefix(MARK)
            .and_then(|rest| rest.strip_suffix(" -->"));
        let Some(fault) = fault else { continue };
        let _ = write!(page, "\n```text\n{}```\n", report(fault.trim()));
        // The report that stands there, if one does.
        let mut after = lines.clone().skip_while(|line| line.is_empty());
        if after.next() == Some("```text") {
            while lines.next().is_some_and(|line| line != "```text") {}
            while lines.next().is_some_and(|line| line != "```") {}
        }
    }
    page
}

/// Without the lab nothing can be played, and the page stays as it is.
#[cfg(not(feature = "lab"))]
fn with_reports(text: &str) -> String {
    text.to_owned()
}

/// What the program says of a fault.
#[cfg(feature = "lab")]
fn report(fault: &str) -> String {
    let played = lab::scenario::find(fault)
        .map_err(anyhow::Error::from)
        .and_then(|scenario| {
            crate::rehearse::play(&scenario, &crate::rehearse::Settings::default())
        });
    match played {
        Ok(evidence) => crate::report::text::text(
            &crate::check::conclude(&evidence, Vec::new()),
            &crate::report::page::Layout::default(),
        ),
        // A story that names a fault which is gone shows it, and a test looks for it.
        Err(error) => format!("cannot play {fault}: {error:#}\n"),
    }
}
