//! `rdpdoctor book`: the book as pages for a browser, written from the copy inside the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueHint};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::answer;
use crate::failure::{Failure, Status};
use crate::folders;
use crate::generate::book::{title_of, whole};

/// Which page, and where the pages go.
#[derive(Args, Clone, Debug, Default)]
pub struct BookArguments {
    /// The page: a cause, a remedy, a namespace of codes, a rung, or a chapter [default: the first].
    pub page: Option<String>,
    /// Write the pages into this folder [default: a folder among this user's caches].
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub to: Option<PathBuf>,
    /// Say where the page is, and open no browser.
    #[arg(long)]
    pub print: bool,
}

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes the book and opens it.
pub fn run(arguments: &BookArguments) -> Result<Status, Failure> {
    let pages = whole();
    let start = match &arguments.page {
        None => "start.md".to_owned(),
        Some(name) => find(&pages, name)?,
    };
    let folder = match &arguments.to {
        Some(folder) => folder.clone(),
        None => cache()?.join(format!("book-{}", env!("CARGO_PKG_VERSION"))),
    };
    for (path, contents) in render(&pages) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("cannot make the folder {}", parent.display()))?;
        }
        std::fs::write(&path, contents)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let first = folder.join(page_name(&start));
    answer::print(format!("{}\n", first.display()).as_bytes())?;
    // A script that asks for the path wants no browser.
    if !arguments.print && arguments.to.is_none() && std::io::stdout().is_terminal() {
        open::that_detached(&first).map_err(|error| {
            Failure::could_not_look(format!(
                "no browser could be started ({error}); open the file above in one"
            ))
        })?;
    }
    Ok(Status::Healthy)
}

/// The page that is called so: by its path, its last part, or the name of a cause, remedy, rung or namespace.
fn find(pages: &[(String, String)], name: &str) -> Result<String, Failure> {
    let wanted = name.trim().trim_end_matches(".md").to_lowercase();
    let matches = |path: &str| {
        let path = path.trim_end_matches(".md").to_lowercase();
        let path = path.trim_end_matches("/readme");
        path == wanted || path.rsplit('/').next() == Some(wanted.as_str())
    };
    pages
        .iter()
        .map(|(path, _)| path)
        .find(|path| matches(path))
        .cloned()
        .ok_or_else(|| {
            Failure::usage(format!(
                "the book has no page {name:?}; without a name it opens at the beginning, and has a search there"
            ))
        })
}

/// The folder for what can be made again at any time.
fn cache() -> Result<PathBuf, Failure> {
    folders::cache().ok_or_else(|| {
        Failure::could_not_look(
            "this user has no folder for caches (HOME is not set); name one with --to FOLDER",
        )
    })
}

/// The files of the book: a page each, the style, and the search.
pub fn render(pages: &[(String, String)]) -> BTreeMap<String, String> {
    let contents = pages
        .iter()
        .find(|(path, _)| path == "SUMMARY.md")
        .map_or("", |(_, text)| text.as_str());
    let mut files = BTreeMap::new();
    let mut index = Vec::new();
    for (path, text) in pages.iter().filter(|(path, _)| path != "SUMMARY.md") {
        let up = "../".repeat(path.matches('/').count());
        let page = Page {
            title: title_of(text),
            body: body(text),
            side: side(contents, path, &up),
            up,
        };
        files.insert(page_name(path), page.written());
        index.push(serde_json::json!([
            page_name(path),
            page.title,
            plain(text)
        ]));
    }
    files.insert("style.css".to_owned(), STYLE.to_owned());
    files.insert("script.js".to_owned(), SCRIPT.to_owned());
    // A page opened from the disk may load a script and no data.
    let index = serde_json::Value::Array(index);
    files.insert("pages.js".to_owned(), format!("const PAGES = {index};\n"));
    let start = "<!doctype html><meta charset=\"utf-8\"><title>rdpdoctor</title>\
        <meta http-equiv=\"refresh\" content=\"0; url=start.html\"><a href=\"start.html\">Start here</a>\n";
    files.insert("index.html".to_owned(), start.to_owned());
    files
}

struct Page {
    title: String,
    body: String,
    side: String,
    up: String,
}

impl Page {
    fn written(&self) -> String {
        let Self {
            title,
            body,
            side,
            up,
        } = self;
        let title = escaped(title);
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
            <title>{title} - rdpdoctor</title><link rel=\"stylesheet\" href=\"{up}style.css\"></head>\n\
            <body data-up=\"{up}\"><a class=\"skip\" href=\"#page\">To the page</a>\n\
            <header><a href=\"{up}start.html\">rdpdoctor</a><a class=\"jump\" href=\"#contents\">Contents</a>\
            <form role=\"search\" id=\"search\" hidden><label>Search <input type=\"search\" id=\"words\" \
            autocomplete=\"off\"></label></form></header>\n\
            <div class=\"book\"><nav id=\"contents\" aria-label=\"Contents\">{side}</nav>\n\
            <main id=\"page\"><div id=\"found\" aria-live=\"polite\" hidden></div>\n{body}</main></div>\n\
            <script src=\"{up}pages.js\"></script><script src=\"{up}script.js\"></script></body></html>\n"
        )
    }
}

/// The contents as a tree in which the way to this page is open.
fn side(contents: &str, here: &str, up: &str) -> String {
    let folder = here.rsplit_once('/').map(|(folder, _)| folder);
    let mut list = String::from("<ul>");
    let mut inside = false;
    for line in contents.lines() {
        let deep = line.starts_with("  - ");
        let Some((title, path)) = link_of(line) else {
            continue;
        };
        // Only the folder the page is in is unfolded; hundreds of pages are not for reading down.
        if deep && path.rsplit_once('/').map(|(folder, _)| folder) != folder {
            continue;
        }
        match (inside, deep) {
            (false, true) => list.push_str("<ul>"),
            (true, false) => list.push_str("</ul>"),
            _ => {}
        }
        inside = deep;
        let current = if path == here {
            " aria-current=\"page\""
        } else {
            ""
        };
        let _ = write!(
            list,
            "<li><a href=\"{up}{}\"{current}>{}</a>",
            page_name(path),
            escaped(title)
        );
    }
    if inside {
        list.push_str("</ul>");
    }
    list.push_str("</ul>");
    list
}

/// The title and the path of a line of the contents.
fn link_of(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("- [")?;
    let (title, rest) = rest.rsplit_once("](")?;
    Some((title, rest.strip_suffix(')')?))
}

/// `causes/README.md` is `causes/index.html`.
fn page_name(path: &str) -> String {
    match path.strip_suffix("README.md") {
        Some(folder) => format!("{folder}index.html"),
        None => format!("{}.html", path.trim_end_matches(".md")),
    }
}

/// The Markdown as HTML: headings that can be linked to, links that lead to pages of the book, wide tables that
/// scroll by themselves.
fn body(text: &str) -> String {
    let mut events = Vec::new();
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut heading: Option<(HeadingLevel, String, Vec<Event<'_>>)> = None;
    for event in parser {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some((level, String::new(), Vec::new()));
                continue;
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, words, inner)) = heading.take() {
                    events.push(Event::Start(Tag::Heading {
                        level,
                        id: Some(CowStr::from(slug(&words))),
                        classes: Vec::new(),
                        attrs: Vec::new(),
                    }));
                    events.extend(inner);
                    events.push(Event::End(TagEnd::Heading(level)));
                }
                continue;
            }
            _ => {}
        }
        let event = match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Link {
                link_type,
                dest_url: CowStr::from(target(&dest_url)),
                title,
                id,
            }),
            // The pages are ours, and none needs markup of its own.
            Event::Html(_) | Event::InlineHtml(_) => continue,
            Event::Start(Tag::Table(_)) => {
                events.push(Event::Html(CowStr::from("<div class=\"scroll\">")));
                event
            }
            Event::End(TagEnd::Table) => {
                events.push(event);
                Event::Html(CowStr::from("</div>"))
            }
            event => event,
        };
        match &mut heading {
            Some((_, words, inner)) => {
                if let Event::Text(text) | Event::Code(text) = &event {
                    words.push_str(text);
                }
                inner.push(event);
            }
            None => events.push(event),
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    page
}

/// Where a link of a Markdown page leads in the book.
fn target(link: &str) -> String {
    if link.contains("://") {
        return link.to_owned();
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, format!("#{anchor}")),
        None => (link, String::new()),
    };
    match path.ends_with(".md") {
        true => page_name(path) + &anchor,
        false => link.to_owned(),
    }
}

/// The anchor of a heading.
pub fn slug(words: &str) -> String {
    words
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            ' ' => Some('-'),
            _ => None,
        })
        .collect()
}

/// The words of a page, for the search.
fn plain(text: &str) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                words.push_str(&text);
                words.push(' ');
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Whether every link between pages leads to a page, and every anchor to a heading: what is wrong, one line each.
pub fn broken_links(pages: &[(String, String)], exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let anchors: BTreeMap<&str, Vec<String>> = pages
        .iter()
        .map(|(path, text)| (path.as_str(), headings(text)))
        .collect();
    let mut broken = Vec::new();
    for (path, text) in pages {
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
            else {
                continue;
            };
            if dest_url.contains("://") || dest_url.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = match dest_url.split_once('#') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (dest_url.as_ref(), None),
            };
            let full = match file {
                "" => path.clone(),
                file => joined(path, file),
            };
            let fine = match (anchors.get(full.as_str()), anchor) {
                (Some(known), Some(anchor)) => known.iter().any(|known| known == anchor),
                (Some(_), None) => true,
                (None, _) => exists(Path::new(&full)),
            };
            if !fine {
                broken.push(format!("{path}: {dest_url}"));
            }
        }
    }
    broken
}

fn headings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut words: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => words = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => found.extend(words.take().map(|words| slug(&words))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(words) = &mut words {
                    words.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

/// The path of a file that a page names, from the folder of all pages.
fn joined(page: &str, file: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
