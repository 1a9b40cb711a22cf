//! `rdpdoctor mcp`: the doctor as tools of an assistant, over the Model Context Protocol.
//!
//! The tools look, read and explain, as the commands of the same names do and under the same rules. None changes
//! anything, logs on, or reads files outside the folders that were opened to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Parser as _, ValueHint};
use mcp::{Answer, Tool};
use serde_json::{Value, json};

use crate::analyze;
use crate::check;
use crate::cli::{Arguments, Command, OutputArguments};
use crate::explain;
use crate::failure::{Failure, Status};
use crate::report::Report;
use crate::report::text::{Layout, text};

/// What the assistant may read.
#[derive(Args, Clone, Debug, Default)]
pub struct AssistantArguments {
    /// Let the assistant have files below this folder read [default: the current folder].
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub files: Vec<PathBuf>,
}

const ABOUT: &str = "rdpdoctor finds out why a Remote Desktop (RDP) connection fails and proves it. Begin with \
    `check` when there is a host, with `analyze` when there are files, with `explain` when there are only codes or \
    words of a dialog. Report the verdict word (proven, likely, possible) with the cause, name rivals that cannot be \
    told apart, and who can mend it. Never advise to switch security off first.";

/// Serves until the assistant closes the connection.
pub fn run(arguments: &AssistantArguments) -> Result<Status, Failure> {
    let folders = opened(&arguments.files)?;
    check::runtime()?
        .block_on(mcp::serve(ABOUT, env!("CARGO_PKG_VERSION"), tools(folders)))
        .map_err(Failure::could_not_look)?;
    Ok(Status::Healthy)
}

/// The folders that are opened, by their real paths.
fn opened(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = [PathBuf::from(".")];
    let folders = if folders.is_empty() { &here } else { folders };
    folders
        .iter()
        .map(|folder| {
            std::fs::canonicalize(folder).map_err(|error| {
                Failure::usage(format!(
                    "cannot open {} to the assistant: {error}",
                    folder.display()
                ))
            })
        })
        .collect()
}

/// What an assistant can have done.
fn tools(folders: Vec<PathBuf>) -> Vec<Tool> {
    let shown: Vec<String> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    vec![
        Tool {
            name: "check",
            title: "Look at a Remote Desktop host",
            says: "Climbs to a host as a Remote Desktop client does (name, TCP, negotiation, TLS, NLA) and says where \
                and why the connection ends, how sure that is, who can mend it and what to look at next. It opens at \
                most 8 connections, stops before the logon, needs no credentials, changes nothing; the host may log \
                the connections. Look only at hosts the person is allowed to look at.",
            takes: json!({
                "type": "object",
                "properties": {
                    "target": {"type": "string", "description": "host, host:port, [IPv6]:port or an rdp:// link"},
                    "client": {"type": "string", "description": "the client that fails: mstsc, mac, freerdp, remmina, guacd, rdesktop"},
                    "saw": {"type": "string", "description": "codes or words that the client showed, such as 0x904 0x7"},
                    "quick": {"type": "boolean", "description": "open one connection alone"},
                },
                "required": ["target"],
                "additionalProperties": false,
            }),
            goes_out: true,
            work: Arc::new(look),
        },
        Tool {
            name: "explain",
            title: "Explain codes and pasted text",
            says: "Says what Remote Desktop error codes, pairs of codes, event numbers, names or a pasted text mean, what \
                they rule in and out and where to look next; also a page of the catalogue by the name of a cause or \
                remedy. Nothing leaves this machine.",
            takes: json!({
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "codes such as 0x904 0x7, a name such as secure.key-unusable, or a text"},
                },
                "required": ["text"],
                "additionalProperties": false,
            }),
            goes_out: false,
            work: Arc::new(meaning),
        },
        Tool {
            name: "analyze",
            title: "Diagnose from files",
            says: "Gives the same verdict from files: captures (pcap, pcapng), Windows event logs, registry hives and \
                exports, logs, .rdp files, folders and archives of them. It reads files below the folders that the \
                person opened to it, and nothing leaves this machine.",
            takes: json!({
                "type": "object",
                "properties": {
                    "paths": {
                        "type": "array", "items": {"type": "string"}, "minItems": 1,
                        "description": format!("files and folders below {}", shown.join(" or ")),
                    },
                    "host": {"type": "string", "description": "the host they are about, when the files do not tell"},
                },
                "required": ["paths"],
                "additionalProperties": false,
            }),
            goes_out: false,
            work: Arc::new(move |given| read(given, &folders)),
        },
    ]
}

/// The output of a tool goes to the assistant: nothing is drawn on the way.
fn silent() -> OutputArguments {
    OutputArguments {
        no_progress: true,
        ..OutputArguments::default()
    }
}

fn look(given: &Value) -> Result<Answer, String> {
    let mut words = vec!["rdpdoctor".to_owned(), "check".to_owned()];
    for name in ["client", "saw"] {
        if let Some(value) = optional(given, name)? {
            words.push(format!("--{name}={value}"));
        }
    }
    if given.get("quick").and_then(Value::as_bool) == Some(true) {
        words.push("--quick".to_owned());
    }
    // What follows cannot be taken for an option.
    words.push("--".to_owned());
    words.push(required(given, "target")?);
    let parsed = Arguments::try_parse_from(words).map_err(|error| plain(&error.to_string()))?;
    let Some(Command::Check(arguments)) = parsed.command else {
        return Err("these arguments do not make a check".to_owned());
    };
    let report = check::report(&arguments, &silent()).map_err(|failure| failure.says)?;
    answer(&report)
}

fn meaning(given: &Value) -> Result<Answer, String> {
    let text = required(given, "text")?;
    if let Some(page) = explain::catalogue::page(&text) {
        return Ok(Answer {
            data: json!({"page": text.trim(), "markdown": page}),
            text: page,
        });
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let explanation = explain::of_words(&words, None);
    if explanation.answers.is_empty() {
        return Err(explain::nothing(&text).says);
    }
    let data = serde_json::to_value(&explanation).map_err(|error| error.to_string())?;
    Ok(Answer {
        text: explain::plain(&explanation),
        data,
    })
}

fn read(given: &Value, folders: &[PathBuf]) -> Result<Answer, String> {
    let paths: Vec<&str> = given
        .get("paths")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if paths.is_empty() {
        return Err("paths has to be a list of files or folders".to_owned());
    }
    let mut words = vec!["rdpdoctor".to_owned(), "analyze".to_owned()];
    if let Some(host) = optional(given, "host")? {
        words.push(format!("--host={host}"));
    }
    words.push("--".to_owned());
    for path in paths {
        words.push(allowed(Path::new(path), folders)?);
    }
    let parsed = Arguments::try_parse_from(words).map_err(|error| plain(&error.to_string()))?;
    let Some(Command::Analyze(arguments)) = parsed.command else {
        return Err("these arguments do not make an analysis".to_owned());
    };
    let report = analyze::examine(&arguments, &silent()).map_err(|failure| failure.says)?;
    answer(&report)
}

/// The real path of a file that lies below an opened folder.
fn allowed(path: &Path, folders: &[PathBuf]) -> Result<String, String> {
    let shown: Vec<String> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    // A relative path is one below any of the folders.
    let real = folders
        .iter()
        .filter_map(|folder| std::fs::canonicalize(folder.join(path)).ok())
        .find(|real| folders.iter().any(|folder| real.starts_with(folder)));
    let real = real.ok_or_else(|| {
        format!(
            "{} is not a file that can be read below {}; the person who started this server can open another \
            folder with --files FOLDER",
            path.display(),
            shown.join(" or ")
        )
    })?;
    real.into_os_string()
        .into_string()
        .map_err(|_| format!("{} has a name that is not text", path.display()))
}

fn answer(report: &Report) -> Result<Answer, String> {
    Ok(Answer {
        text: text(report, &Layout::default()),
        data: serde_json::to_value(report).map_err(|error| error.to_string())?,
    })
}

fn required(given: &Value, name: &str) -> Result<String, String> {
    optional(given, name)?.ok_or_else(|| format!("{name} is missing"))
}

fn optional(given: &Value, name: &str) -> Result<Option<String>, String> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(format!("{name} has to be text, and is {other}")),
    }
}

/// The sentence of an error of the command line, without its help.
fn plain(error: &str) -> String {
    error
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}
