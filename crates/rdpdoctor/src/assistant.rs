//! `rdpdoctor mcp`: the doctor as tools of an assistant, over the Model Context Protocol.
//!
//! The tools look, read, explain and plan, as the commands of the same names do and under the same rules. None changes
//! anything, logs on, or reads files outside the folders that were opened to it; a plan is carried out by a person.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Parser as _, ValueEnum as _, ValueHint};
use mcp::{Answer, Tool};
use serde_json::{Value, json};

use crate::analyze;
use crate::check;
use crate::cli::{Arguments, Command, OutputArguments};
use crate::explain;
use crate::failure::{Failure, Status};
use crate::fix_command::{plan, text as plan_text};
use crate::report::Report;
use crate::report::page::Layout;
use crate::report::text::text;
use crate::script::{Kind, script};

/// What the assistant may read.
#[derive(Args, Clone, Debug, Default)]
pub struct AssistantArguments {
    /// Let the assistant have files below this folder read [default: the current folder].
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub files: Vec<PathBuf>,
}

const ABOUT: &str = "rdpdoctor finds out why a Remote Desktop (RDP) connection fails and proves it. Begin with \
    `check` when there is a host, with `analyze` when there are files, with `explain` when there are only codes or \
    words of a dialog; then `plan` drafts the mend, which a person carries out. Report the verdict word (proven, likely, possible) with the cause, name rivals that cannot be \
    told apart, and who can mend it. Never advise to switch security off first.";

/// How many reports are kept, so that a plan can be drafted from what was seen.
const KEPT: usize = 8;

/// The latest reports of this conversation, newest first.
#[derive(Default)]
struct Kept(Mutex<VecDeque<Report>>);

impl Kept {
    fn keep(&self, report: &Report) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let about = |report: &Report| (report.target.input.clone(), report.target.host.clone());
        reports.retain(|kept| about(kept) != about(report));
        reports.push_front(report.clone());
        reports.truncate(KEPT);
    }

    fn about(&self, target: &str) -> Option<Report> {
        let reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let named = |report: &&Report| {
            report.target.input == target || report.target.host.eq_ignore_ascii_case(target)
        };
        reports.iter().find(named).cloned()
    }
}

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
    let kept = Arc::new(Kept::default());
    let (checked, analyzed, planned) = (Arc::clone(&kept), Arc::clone(&kept), kept);
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
            work: Arc::new(move |given| {
                let report = look(given)?;
                checked.keep(&report);
                answer(&report)
            }),
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
            work: Arc::new(move |given| {
                let report = read(given, &folders)?;
                analyzed.keep(&report);
                answer(&report)
            }),
        },
        Tool {
            name: "plan",
            title: "Plan the mend",
            says: "Drafts the plan that mends a cause: each step with its reason, the risk, the way back, and the look \
                that proves it; with `script` also as a script. It uses what `check` or `analyze` saw of the target \
                before. It carries nothing out: a person does, with the command in its answer. What weakens security \
                is not planned here.",
            takes: json!({
                "type": "object",
                "properties": {
                    "target": {"type": "string", "description": "the host: as it was given to check, or as an analysis names it"},
                    "cause": {"type": "string", "description": "the cause to mend, such as secure.key-unusable; without it, the most probable one that was seen"},
                    "remedy": {"type": "string", "description": "the remedy, when it is not the first of the cause"},
                    "system": {"type": "string", "enum": ["windows", "linux"], "description": "the system of the host, when nothing tells it"},
                    "script": {"type": "string", "enum": scripts(), "description": "write the plan as such a script too"},
                },
                "additionalProperties": false,
            }),
            goes_out: false,
            work: Arc::new(move |given| mend(given, &planned)),
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

fn look(given: &Value) -> Result<Report, String> {
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
    check::report(&arguments, &silent()).map_err(|failure| failure.says)
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

fn read(given: &Value, folders: &[PathBuf]) -> Result<Report, String> {
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
    analyze::examine(&arguments, &silent()).map_err(|failure| failure.says)
}

/// Kinds of scripts, as they are typed.
fn scripts() -> Vec<String> {
    Kind::value_variants()
        .iter()
        .filter_map(|kind| Some(kind.to_possible_value()?.get_name().to_owned()))
        .collect()
}

fn mend(given: &Value, kept: &Kept) -> Result<Answer, String> {
    let (target, cause) = (optional(given, "target")?, optional(given, "cause")?);
    let report = target.as_deref().and_then(|target| kept.about(target));
    let mut words = vec!["rdpdoctor".to_owned(), "fix".to_owned()];
    for name in ["remedy", "system", "script"] {
        if let Some(value) = optional(given, name)? {
            words.push(format!("--{name}={value}"));
        }
    }
    match (&cause, &target) {
        // A name of a file is no cause: nothing is read here.
        (Some(cause), _) if diagnose::cause(cause).is_none() => {
            return Err(format!(
                "there is no cause {cause:?}; check and analyze name causes, and explain their codes"
            ));
        }
        (None, Some(target)) if report.is_none() => {
            return Err(format!(
                "nothing was seen of {target} in this conversation: check it first, or name a cause"
            ));
        }
        (None, None) => {
            return Err("name a cause, or a target that was checked or analyzed before".to_owned());
        }
        (_, Some(target)) if report.is_none() => words.push(format!("--for={target}")),
        _ => {}
    }
    words.push("--".to_owned());
    words.extend(cause);
    let parsed = Arguments::try_parse_from(words).map_err(|error| plain(&error.to_string()))?;
    let Some(Command::Fix(arguments)) = parsed.command else {
        return Err("these arguments do not make a plan".to_owned());
    };
    let planned = match &report {
        Some(report) => plan::of_seen(&arguments, report),
        None => plan::planned(&arguments, None),
    };
    let planned = planned.map_err(|failure| failure.says)?;
    let mut text = plan_text::text(&planned, &Layout::default());
    let mut data = json!({
        "plan": serde_json::to_value(&planned.plan).map_err(|error| error.to_string())?,
    });
    if let (Some(kind), Some(data)) = (arguments.script, data.as_object_mut()) {
        let written = script(&planned.plan, kind, planned.system.0, &planned.evidence)
            .map_err(|unfit| unfit.to_string())?;
        text.push_str(&format!("\n{}", written.text));
        data.insert(
            "script".to_owned(),
            json!({"text": written.text, "undo": written.undo, "notes": written.notes}),
        );
    }
    Ok(Answer { text, data })
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
