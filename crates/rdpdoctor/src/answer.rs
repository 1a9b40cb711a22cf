//! Where the answer goes: stdout or a file, in colours or without, in the width of the terminal.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use anstream::AutoStream;
use anyhow::Context as _;
use jiff::tz::TimeZone;

use crate::cli::{ColorChoice, Format, OutputArguments};
use crate::collect;
use crate::failure::Failure;
use crate::redact::Redactor;
use crate::report::html::html;
use crate::report::markdown::markdown;
use crate::report::page::{Colors, Detail, Layout, Letters};
use crate::report::text::text;
use crate::report::{Report, json, junit, sarif};

/// The widest line that is still easy to read.
const WIDEST: usize = 110;

/// The narrowest width that is respected.
const NARROWEST: usize = 40;

/// Writes to stdout. A closed pipe is no error: whoever read has read enough.
pub fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = AutoStream::always(std::io::stdout().lock());
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to stdout"),
    }
}

/// Writes a report in the form and to the place that were asked for.
pub fn report(output: &OutputArguments, report: &Report) -> Result<(), Failure> {
    let hidden;
    let report = if output.redact {
        let mut redactor = Redactor::ready()?;
        hidden = redactor
            .report(report)
            .context("cannot replace the names in the report")?;
        if let Some(path) = &output.output {
            let mapping = serde_json::to_string_pretty(&redactor.mapping())
                .context("cannot write what the pseudonyms stand for")?;
            let beside = collect::beside(path);
            collect::private(&beside, &mapping)
                .with_context(|| format!("cannot write {}", beside.display()))?;
        }
        &hidden
    } else {
        report
    };
    let answer = match format(output) {
        Format::Text => text(report, &layout(output)),
        Format::Json => json::document(report).context("cannot write the report as JSON")?,
        Format::Jsonl => json::line(report).context("cannot write the report as JSON")?,
        Format::Markdown => markdown(report),
        Format::Html => html(report),
        Format::Sarif => sarif::document(report).context("cannot write the report as SARIF")?,
        Format::Junit => junit::document("rdpdoctor check", &[junit::Case::of_report(report)]),
        Format::Csv => {
            return Err(Failure::usage(
                "csv is for many hosts; one report is written as text, json, jsonl, markdown, html, sarif or junit",
            ));
        }
    };
    deliver(output, &answer)
}

/// Writes the answer to where it was asked for.
pub fn deliver(output: &OutputArguments, answer: &str) -> Result<(), Failure> {
    let Some(path) = &output.output else {
        return Ok(print(answer.as_bytes())?);
    };
    std::fs::write(path, answer).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

/// Finds out before the work whether the answer can be written, without touching what is there.
pub fn prepare(output: &OutputArguments) -> Result<(), Failure> {
    let Some(path) = &output.output else {
        return Ok(());
    };
    if path.is_dir() {
        return Err(Failure::usage(format!(
            "cannot write the report to {}: it is a folder; give the name of a file",
            path.display()
        )));
    }
    let existed = path.exists();
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .with_context(|| format!("cannot write the report to {}", path.display()))?;
    if !existed {
        // Only the permission was asked for; an interrupted run leaves no empty file.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// The format that was asked for, or the one that the name of the file says.
pub fn format(output: &OutputArguments) -> Format {
    output
        .format
        .or_else(|| output.output.as_deref().and_then(format_of))
        .unwrap_or(Format::Text)
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "md" | "markdown" => Some(Format::Markdown),
        "html" | "htm" => Some(Format::Html),
        "csv" => Some(Format::Csv),
        "sarif" => Some(Format::Sarif),
        "xml" => Some(Format::Junit),
        _ => None,
    }
}

/// How text is laid out for whoever reads the answer.
pub fn layout(output: &OutputArguments) -> Layout {
    let to_file = output.output.is_some();
    let colors = match output.color {
        ColorChoice::Always => Colors::Ansi,
        ColorChoice::Never => Colors::None,
        ColorChoice::Auto if to_file => Colors::None,
        // Knows NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM=dumb and terminals.
        ColorChoice::Auto => match AutoStream::choice(&std::io::stdout()) {
            anstream::ColorChoice::Never => Colors::None,
            _ => Colors::Ansi,
        },
    };
    let detail = match (output.quiet, output.verbose) {
        (true, _) => Detail::Verdict,
        (false, 0) => Detail::Report,
        (false, _) => Detail::Everything,
    };
    Layout {
        width: columns(to_file),
        letters: letters(|name| std::env::var(name).ok(), cfg!(windows)),
        colors,
        detail,
        zone: TimeZone::system(),
    }
}

/// The width of the terminal, of `COLUMNS`, or 80.
fn columns(to_file: bool) -> usize {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse::<usize>().ok());
    let terminal = (!to_file && std::io::stdout().is_terminal())
        .then(terminal_size::terminal_size)
        .flatten()
        .map(|(columns, _)| usize::from(columns.0));
    terminal
        .or(told)
        .map_or(80, |columns| columns.clamp(NARROWEST, WIDEST))
}

/// The letters that the locale says can be shown. Windows consoles take Unicode whatever the locale.
fn letters(variable: impl Fn(&str) -> Option<String>, always: bool) -> Letters {
    if variable("TERM").as_deref() == Some("dumb") {
        return Letters::Ascii;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|locale| !locale.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if always || locale.contains("utf-8") || locale.contains("utf8") {
        Letters::Unicode
    } else {
        Letters::Ascii
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_the_letters() {
        let check = |variables: &[(&str, &str)], expect: Letters| {
            let variable = |name: &str| {
                variables
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(letters(variable, false), expect, "{variables:?}");
        };
        check(&[], Letters::Ascii);
        check(&[("LANG", "de_DE.UTF-8")], Letters::Unicode);
        check(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], Letters::Ascii);
        check(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")], Letters::Unicode);
        check(&[("LANG", "en_US.UTF-8"), ("TERM", "dumb")], Letters::Ascii);
        check(&[("LANG", "en_US.ISO-8859-1")], Letters::Ascii);
    }

    #[test]
    fn the_name_of_the_file_says_the_format() {
        for (name, expect) in [
            ("a.json", Some(Format::Json)),
            ("a.MD", Some(Format::Markdown)),
            ("a.jsonl", Some(Format::Jsonl)),
            ("a.txt", None),
            ("a", None),
        ] {
            assert_eq!(format_of(Path::new(name)), expect, "{name}");
        }
    }
}
