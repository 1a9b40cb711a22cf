//! `rdpdoctor collect`: one archive that can be sent on, with the report, the evidence, versions, settings and the logs
//! that matter, without names and addresses.

pub mod linux;
pub mod script;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum, ValueHint};
use intake::Intake;
use intake::eventlog::{self, Event};
use model::{Evidence, UnixSeconds};
use probe::local::{Inspection, Scope};
use probe::{Case, Depth, Options};
use zip::write::SimpleFileOptions;

use crate::answer;
use crate::check::{now, runtime, watch};
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};
use crate::inspect;
use crate::redact::Redactor;
use crate::report::{Report, html, markdown};
use crate::target::{Asked, wanted};

/// The version of the layout of a bundle.
pub const BUNDLE_SCHEMA: &str = "rdpdoctor/bundle/1";
/// The last events of one log that are taken.
const MOST_EVENTS: usize = 20_000;

/// What goes into the bundle.
#[derive(Args, Debug)]
pub struct CollectArguments {
    /// Check this target too.
    #[arg(value_name = "TARGET", value_hint = ValueHint::Hostname)]
    pub target: Option<String>,
    /// Put what these files and folders tell into the bundle too.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub from: Vec<PathBuf>,
    /// Keep names and addresses as they are.
    #[arg(long)]
    pub no_redact: bool,
    /// Look at the files of another machine below this folder, such as a mounted disk.
    #[arg(long, value_name = "FOLDER", default_value = "/", value_hint = ValueHint::DirPath)]
    pub root: PathBuf,
    /// Take so many days of the journal.
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub days: u32,
    /// Write a script that collects on a machine where rdpdoctor is not; it changes nothing there.
    #[arg(long, value_name = "KIND", conflicts_with_all = ["target", "from", "root"])]
    pub script: Option<ScriptKind>,
    /// For Azure Run Command, which cuts answers off: the script tells only this part, from 1 on.
    #[arg(long, value_name = "NUMBER", requires = "script", value_parser = clap::value_parser!(u32).range(1..))]
    pub part: Option<u32>,
}

/// Kinds of scripts that collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScriptKind {
    /// Windows PowerShell 5.1 or later.
    Powershell,
}

/// A file of the bundle.
#[derive(Debug)]
struct Member {
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Events(Vec<Event>),
    Evidence(Box<Evidence>),
}

/// Collects, and says what was written.
pub fn run(arguments: &CollectArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if arguments.script.is_some() {
        answer::prepare(output)?;
        answer::deliver(
            output,
            &script::collector(arguments.part, !arguments.no_redact),
        )?;
        return Ok(Status::Healthy);
    }
    let path = output.output.clone().unwrap_or_else(|| {
        let stamp = jiff::Timestamp::from_second(now().0)
            .map(|at| at.strftime("%Y%m%d-%H%M%S").to_string())
            .unwrap_or_default();
        PathBuf::from(format!("rdpdoctor-{stamp}.zip"))
    });
    if path.is_dir() {
        return Err(Failure::usage(format!(
            "cannot write the bundle to {}: it is a folder; give the name of a file",
            path.display()
        )));
    }
    let members = members(arguments, output)?;
    let (report, evidence) = conclude(&members);
    let bundle = Bundle::of(members, &report, arguments, &evidence)?;
    let bytes = bundle.zip().context("cannot make the archive")?;
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let mut said = format!(
        "{}: {} files; {}\n",
        path.display(),
        bundle.files.len(),
        if arguments.no_redact {
            "names and addresses are as they are"
        } else {
            "names and addresses are replaced by pseudonyms"
        }
    );
    if let Some(mapping) = &bundle.mapping {
        let beside = beside(&path);
        private(&beside, mapping).with_context(|| format!("cannot write {}", beside.display()))?;
        said += &format!(
            "{}: what the pseudonyms stand for; keep it, do not send it\n",
            beside.display()
        );
    }
    said += &format!("{}\n", report.summary);
    answer::print(said.as_bytes())?;
    Ok(Status::Healthy)
}

/// The file beside an archive or report that says what the pseudonyms stand for.
pub fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".mapping.json");
    path.with_file_name(name)
}

/// Writes a file that nobody else may read.
pub fn private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A file that was there keeps its mode when it is opened.
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

/// Everything that goes in, as it is.
fn members(arguments: &CollectArguments, output: &OutputArguments) -> Result<Vec<Member>, Failure> {
    let mut members: Vec<Member> = linux::gather(&arguments.root, arguments.days)
        .into_iter()
        .map(|piece| Member {
            name: piece.name,
            content: Content::Text(piece.text),
        })
        .collect();
    let mut own = own_evidence(arguments, output)?;
    let machine = inspected(&arguments.root);
    if own.target.host.0.is_empty() && arguments.from.is_empty() {
        own.target.host = model::HostName(machine.host);
    }
    own.seen
        .extend(machine.seen.into_iter().map(inspect::observed));
    members.push(Member {
        name: "evidence.json".to_owned(),
        content: Content::Evidence(Box::new(own)),
    });
    let mut files = Vec::new();
    for path in &arguments.from {
        fs::metadata(path)
            .map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
        listed(path, 0, &mut files);
    }
    for (number, path) in files.iter().enumerate() {
        members.push(taken(path, number + 1)?);
    }
    Ok(members)
}

/// What a look at the target tells, when one was named.
fn own_evidence(
    arguments: &CollectArguments,
    output: &OutputArguments,
) -> Result<Evidence, Failure> {
    let Some(target) = &arguments.target else {
        let nobody = model::Target {
            input: String::new(),
            host: model::HostName(String::new()),
            port: model::target::RDP_PORT,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: model::ClientProfile::default(),
        };
        return Ok(Evidence::of(nobody, now()));
    };
    let wanted = wanted(
        target,
        Asked {
            client: None,
            offer: None,
        },
    )?;
    let runtime = runtime()?;
    let case = Case::open(wanted.target, Options::of(Depth::Standard), now());
    let evidence = runtime.block_on(watch(case, output));
    runtime.shutdown_background();
    Ok(evidence)
}

/// What a look at this machine, or at the files of another, tells.
fn inspected(root: &Path) -> Inspection {
    let live = inspect::live(now());
    probe::local::inspect(&Scope {
        live: root == Path::new("/"),
        root: root.to_owned(),
        ..live
    })
}

/// The files below a path, in the order of their names.
fn listed(path: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        inside.sort();
        for path in inside.into_iter().filter(|_| depth < 64) {
            listed(&path, depth + 1, files);
        }
    } else if files.len() < 10_000 {
        files.push(path.to_owned());
    }
}

/// What a file gives to the bundle: logs their text, event logs the events that matter, and everything else what it
/// tells, because its bytes cannot be freed of names.
fn taken(path: &Path, number: usize) -> Result<Member, Failure> {
    let open = || fs::File::open(path).with_context(|| format!("cannot read {}", path.display()));
    let shown = path.display().to_string();
    let base = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut intake = Intake::default();
    intake.take(&shown, &mut open()?);
    let findings = intake.finish();
    let kind = match findings.files.as_slice() {
        [file] if file.name == shown => file.kind,
        _ => None,
    };
    Ok(match kind {
        Some("event log" | "event log in XML" | "event log in JSON") => Member {
            name: format!("from/{number}-{base}.xml"),
            content: Content::Events(eventlog::last(&mut open()?, MOST_EVENTS)),
        },
        Some("log or output of a command") => Member {
            name: format!("from/{number}-{base}"),
            content: Content::Text(linux::tail(path, 64 * 1024 * 1024).unwrap_or_default()),
        },
        _ => {
            let target = findings.subject("");
            Member {
                name: format!("from/{number}-{base}.evidence.json"),
                content: Content::Evidence(Box::new(findings.into_evidence(target, now()))),
            }
        }
    })
}

impl Member {
    /// The bytes of the file.
    fn bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Text(text) => text.clone().into_bytes(),
            Content::Events(events) => eventlog::xml(events).into_bytes(),
            Content::Evidence(evidence) => serde_json::to_vec_pretty(evidence).unwrap_or_default(),
        }
    }
}

/// What the files together tell.
fn conclude(members: &[Member]) -> (Report, UnixSeconds) {
    let mut intake = Intake::default();
    for member in members {
        intake.take(&member.name, &mut Cursor::new(member.bytes()));
    }
    let findings = intake.finish();
    let target = findings.subject("the bundle");
    let joined = findings.joined.clone();
    let notes = findings.notes.clone();
    let mut report = crate::check::conclude(&findings.into_evidence(target, now()), notes);
    crate::report::joined::add(&mut report, &joined);
    (report, now())
}

/// The bundle as it is written.
#[derive(Debug)]
struct Bundle {
    files: Vec<(String, Vec<u8>)>,
    mapping: Option<String>,
}

impl Bundle {
    fn of(
        members: Vec<Member>,
        report: &Report,
        arguments: &CollectArguments,
        made: &UnixSeconds,
    ) -> anyhow::Result<Self> {
        let manifest = serde_json::json!({
            "schema": BUNDLE_SCHEMA,
            "tool": {"name": "rdpdoctor", "version": env!("CARGO_PKG_VERSION")},
            "made_at": jiff::Timestamp::from_second(made.0).map(|at| at.to_string()).unwrap_or_default(),
            "redacted": !arguments.no_redact,
        });
        let mut files = vec![(
            "manifest.json".to_owned(),
            serde_json::to_vec_pretty(&manifest).unwrap_or_default(),
        )];
        if arguments.no_redact {
            files.push(("report.html".to_owned(), html::html(report).into_bytes()));
            files.push((
                "report.md".to_owned(),
                markdown::markdown(report).into_bytes(),
            ));
            for member in members {
                let bytes = match &member.content {
                    Content::Text(text) => crate::redact::without_secrets(text).into_bytes(),
                    _ => member.bytes(),
                };
                files.push((member.name, bytes));
            }
            return Ok(Self {
                files,
                mapping: None,
            });
        }
        let mut redactor = Redactor::ready()?;
        let (hosts, users) = linux::names(&arguments.root);
        for host in &hosts {
            redactor.host(host);
        }
        for user in &users {
            redactor.user(user);
        }
        // Learn everything before anything is replaced.
        for member in &members {
            redactor.learn_text(&member.name);
            match &member.content {
                Content::Text(text) => redactor.learn_text(text),
                Content::Events(events) => {
                    for event in events {
                        redactor.host(&event.computer);
                        for (name, value) in &event.fields {
                            redactor.field(&event.provider, u64::from(event.id), name, value);
                        }
                    }
                }
                Content::Evidence(evidence) => {
                    if let Ok(value) = serde_json::to_value(evidence) {
                        redactor.learn_json(&value);
                    }
                }
            }
        }
        if let Some(report) = &redactor.report(report) {
            files.push(("report.html".to_owned(), html::html(report).into_bytes()));
            files.push((
                "report.md".to_owned(),
                markdown::markdown(report).into_bytes(),
            ));
        }
        for member in members {
            let name = redactor.words(&member.name);
            let bytes = match member.content {
                Content::Text(text) => redactor.text(&text).into_bytes(),
                Content::Events(mut events) => {
                    for event in &mut events {
                        event.computer = redactor.value(&event.computer);
                        for (_, value) in &mut event.fields {
                            *value = redactor.value(value);
                        }
                    }
                    eventlog::xml(&events).into_bytes()
                }
                Content::Evidence(evidence) => {
                    let mut value = serde_json::to_value(&evidence).unwrap_or_default();
                    redactor.json(&mut value);
                    serde_json::to_vec_pretty(&value).unwrap_or_default()
                }
            };
            files.push((name, bytes));
        }
        Ok(Self {
            files,
            mapping: Some(serde_json::to_string_pretty(&redactor.mapping())?),
        })
    }

    fn zip(&self) -> anyhow::Result<Vec<u8>> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .large_file(false);
        for (name, bytes) in &self.files {
            archive
                .start_file(name.as_str(), options)
                .with_context(|| format!("cannot put {name} into the archive"))?;
            archive.write_all(bytes)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

#[cfg(test)]
mod tests;
