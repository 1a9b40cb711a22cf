//! `rdpdoctor analyze`: the same verdict from files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use intake::capture::Keys;
use intake::eventlog::{Events, evtx};
use intake::{Findings, Intake, Wishes};
use model::{Evidence, Fact, Observation};

use crate::answer;
use crate::check::{conclude, now, status};
use crate::cli::{AnalyzeArguments, OutputArguments};
use crate::explain;
use crate::failure::{Failure, Status};
use crate::guided;
use crate::live;
use crate::progress::Progress;
use crate::report::{self, LeadReport, RecordedReport, Report};
use crate::symptoms;
use crate::target::endpoint::endpoint;

/// Files of one case that are opened.
const MOST_FILES: usize = 100_000;
/// Folders in folders beyond this depth are not opened.
const DEEPEST: usize = 64;
/// Event logs from this size on are read in parts.
const SIDE_BY_SIDE: u64 = 4 * 1024 * 1024;
/// Parts of one event log.
const MOST_PARTS: usize = 4;
/// Bytes of a file by which a key log is found among others.
const LONGEST_HEAD: u64 = 4096;
/// The kind of file that tells nothing by itself.
const KEY_LOG: &str = "TLS key log";
/// Files that are told one by one.
const MOST_TOLD: usize = 20;

/// Reads the files, and writes the report.
pub fn run(arguments: &AnalyzeArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if arguments.stated.wants_the_list() {
        return symptoms::list(output);
    }
    guided::can_ask(&arguments.stated)?;
    answer::prepare(output)?;
    let report = examine(arguments, output)?;
    answer::report(output, &report)?;
    Ok(status(&report))
}

/// Reads the files and concludes from them.
pub fn examine(arguments: &AnalyzeArguments, output: &OutputArguments) -> Result<Report, Failure> {
    let progress = Progress::begin(output);
    let mut intake = Intake::default();
    intake.findings.wishes = wishes(arguments)?;
    let mut skipped = Vec::new();
    let mut seen = BTreeSet::new();
    if let Some(interface) = &arguments.live {
        live::listen(interface, arguments, &progress, &mut intake.findings)?;
    }
    let mut paths = arguments.paths.clone();
    keys_first(&mut paths);
    for path in &paths {
        if path.as_os_str() == "-" {
            progress.on("standard input");
            intake.take("standard input", &mut std::io::stdin().lock());
            continue;
        }
        // What was named must be there; what lies in a folder may be unreadable.
        fs::metadata(path).map_err(|error| {
            Failure::usage(format!(
                "cannot read {}: {error}; give files, folders, or - for standard input",
                path.display()
            ))
        })?;
        read(path, 0, &mut intake, &progress, &mut seen, &mut skipped);
    }
    progress.end();
    let mut findings = intake.finish();
    let readable = findings
        .files
        .iter()
        .any(|file| file.kind.is_some_and(|kind| kind != KEY_LOG));
    if !readable && findings.damage.is_empty() {
        return Err(Failure::usage(unread(&findings)));
    }
    let input = arguments
        .live
        .clone()
        .unwrap_or_else(|| words(&arguments.paths));
    let mut target = findings.subject(&input);
    if let Some(host) = &arguments.host {
        let endpoint = endpoint(host)?;
        target.host = model::HostName(endpoint.host);
        target.port = endpoint.port.unwrap_or(match target.port {
            0 => model::target::RDP_PORT,
            known => known,
        });
        target.address = endpoint.address;
        target.zone = endpoint.zone;
    }
    let others = findings.settle_recordings(&target);
    let mut notes = notes(&findings, &skipped);
    if others > 0 {
        notes.push(format!(
            "the recording tells of {others} more; this is about {}, and --host chooses another",
            target.host.0
        ));
    }
    if let Some(number) = arguments.connection.filter(|_| findings.tried.is_empty()) {
        return Err(Failure::usage(format!(
            "no connection has the number {number}: {}; without --connection the report lists them",
            match findings.connections.len() {
                0 => "no connection of Remote Desktop was found".to_owned(),
                found => format!("{found} connections were found"),
            }
        )));
    }
    let empty = nothing_recorded(&findings);
    let recorded = findings
        .connections
        .iter()
        .map(RecordedReport::of)
        .collect();
    if let Some(client) = arguments.client {
        target.client.program = Some(client.name().to_owned());
    }
    let joined = findings.joined.clone();
    let heard = arguments.stated.heard(target.client.program.as_deref());
    let mut evidence = findings.into_evidence(target, now());
    evidence.seen.extend(heard.seen);
    evidence.damage.extend(heard.damage);
    guided::ask(&arguments.stated, &mut evidence)?;
    hear_logs(&mut evidence);
    let mut report = conclude(&evidence, notes);
    report::joined::add(&mut report, &joined);
    report.recorded = recorded;
    if report::words::is_tls_alone(&report) {
        report.summary = report::words::summary(&report);
    }
    report.notes.extend(gateway(&report));
    if let Some(says) = beside_alone(&report, &input) {
        report.summary = says;
    }
    if let Some(says) = empty {
        report.summary = format!("No Remote Desktop connection is in {input}: {says}.");
        report.leads.push(LeadReport {
            look: "Record the failing attempt itself, on the client or the server, from before it begins to after \
                   it has failed"
                .to_owned(),
            why: "a recording that begins later misses what decides".to_owned(),
            command: Some("tcpdump -i any -s 0 -w rdp.pcap port 3389".to_owned()),
        });
    }
    Ok(report)
}

/// Why none of the files could be read, and what could be.
fn unread(findings: &Findings) -> String {
    let read = "captures, event logs, registry hives and exports, connection files, logs and archives of them are";
    let file = match findings.files.as_slice() {
        [] => return format!("there is no file of a kind that is read here; {read}"),
        [file] => &file.name,
        files => {
            let count = files.len();
            return format!("none of the {count} files is of a kind that is read here; {read}");
        }
    };
    if findings.files.iter().any(|file| file.kind == Some(KEY_LOG)) {
        return format!(
            "{file} holds keys of TLS sessions and nothing else; give the capture of those sessions with it"
        );
    }
    let is_empty = fs::metadata(file).is_ok_and(|data| data.is_file() && data.len() == 0);
    if is_empty {
        return format!("{file} is empty");
    }
    let extension = Path::new(file).extension().unwrap_or_default();
    let named_like = match extension.to_ascii_lowercase().to_str().unwrap_or_default() {
        "pcap" | "pcapng" | "cap" => "a capture",
        "evtx" => "an event log",
        "rdp" => "a connection file",
        "reg" => "a registry export",
        "pol" => "a policy file",
        "zip" | "tar" | "gz" | "tgz" | "zst" => "an archive",
        "etl" => {
            return format!(
                "{file} is a trace of Windows, which is not read here; on Windows, pktmon etl2pcap {file} makes a \
                 capture of the packets in it"
            );
        }
        "evt" => {
            return format!(
                "{file} is an event log in the form before Windows Vista, which is not read here; on Windows, wevtutil \
                 epl {file} {file}x /lf:true makes one that is"
            );
        }
        _ => return format!("{file} is not of a kind that is read here; {read}"),
    };
    format!(
        "{file} is named like {named_like} and does not begin like one: it may be damaged at its start, or something else"
    )
}

/// Where logs are all there is, and no clue reads their lines, the codes and words in them are weighed as if
/// somebody had typed them: that is what people do with such a log. The log of a server whose clients come through to
/// a session holds such words about those that left, and they tell of no fault.
fn hear_logs(evidence: &mut Evidence) {
    let works = evidence.seen.iter().any(|seen| {
        matches!(&seen.fact, Fact::ConnectionsLogged { reached_session, .. } if *reached_session > 0)
    });
    let nothing_speaks = diagnose::diagnose(evidence).findings.is_empty();
    if !nothing_speaks || works {
        return;
    }
    let mut said: Vec<Observation> = Vec::new();
    for observation in &evidence.seen {
        let Fact::LogSaid { program, line, .. } = &observation.fact else {
            continue;
        };
        let client = matches!(program.as_str(), "freerdp" | "remmina" | "guacd");
        let words = explain::stated(std::slice::from_ref(line), client.then_some("freerdp"));
        for mut heard in words {
            // How a connection behaves is for people to say; a log only uses the same words.
            let is_code = !matches!(heard.fact, Fact::BehaviourStated { .. });
            let known = said
                .iter()
                .chain(&evidence.seen)
                .any(|one| one.fact == heard.fact);
            if is_code && !known {
                heard.source = observation.source;
                heard.vantage.clone_from(&observation.vantage);
                said.push(heard);
            }
        }
    }
    evidence.seen.extend(said);
}

/// What a capture tells that holds the side transport alone.
fn beside_alone(report: &Report, input: &str) -> Option<String> {
    let only_udp = !report.evidence.is_empty()
        && report
            .evidence
            .iter()
            .all(|seen| seen.fact.starts_with("udp-"));
    let answered = report
        .evidence
        .iter()
        .any(|seen| seen.fact == "udp-answered");
    only_udp.then(|| {
        let host = &report.target.host;
        let became = if answered {
            "it was answered, so UDP gets through"
        } else {
            "it was not answered. A session goes on over TCP without it"
        };
        format!("Only the side transport over UDP to {host} is in {input}: {became}.")
    })
}

/// What is judged when no connection of Remote Desktop itself was recorded, and what cannot be seen of it.
fn gateway(report: &Report) -> Option<String> {
    let judged = || report.recorded.iter().filter(|one| one.judged);
    let first = judged().next()?;
    if judged().any(|one| one.protocol != "tls") {
        return None;
    }
    let server = &first.server;
    let open = |via: &str| !via.starts_with("TLS to ");
    Some(
        match judged()
            .filter_map(|one| one.via.as_deref())
            .find(|via| open(via))
        {
            Some(via) => format!(
                "Recorded is {via} ({server}). What a session said through it is not followed."
            ),
            None => format!(
                "No connection of Remote Desktop itself was recorded, only TLS to {server}{}. An RD Gateway looks like \
             this; with the keys of the sessions (--keylog FILE) what was said to it can be told.",
                first
                    .via
                    .as_deref()
                    .and_then(|via| via.strip_prefix("TLS to "))
                    .map_or_else(String::new, |name| format!(" ({name})"))
            ),
        },
    )
}

/// What a case of captures alone holds, when none of it is Remote Desktop.
fn nothing_recorded(findings: &Findings) -> Option<String> {
    let captures = findings
        .files
        .iter()
        .all(|file| file.kind == Some("packet capture"));
    (captures && findings.seen.is_empty() && !findings.files.is_empty()).then(|| {
        let says: Vec<&str> = findings
            .files
            .iter()
            .map(|file| file.says.as_str())
            .collect();
        says.join("; ")
    })
}

/// What the readers are asked for.
fn wishes(arguments: &AnalyzeArguments) -> Result<Wishes, Failure> {
    let server = match &arguments.host {
        Some(host) => {
            let endpoint = endpoint(host)?;
            endpoint.address.map(|address| (address, endpoint.port))
        }
        None => None,
    };
    let keys = Keys::default();
    for path in &arguments.keylog {
        let text = fs::read(path).map_err(|error| {
            Failure::usage(format!(
                "cannot read the keys in {}: {error}",
                path.display()
            ))
        })?;
        if keys.take(&text) == 0 {
            return Err(Failure::usage(format!(
                "there is no TLS key in {}; lines that begin with CLIENT_RANDOM or CLIENT_TRAFFIC_SECRET_0 are read",
                path.display()
            )));
        }
    }
    Ok(Wishes {
        connection: arguments.connection,
        server,
        keys,
    })
}

/// Reads a file, or everything in a folder in the order of the names.
fn read(
    path: &Path,
    depth: usize,
    intake: &mut Intake,
    progress: &Progress,
    seen: &mut BTreeSet<PathBuf>,
    skipped: &mut Vec<String>,
) {
    let shown = path.display().to_string();
    if seen.len() >= MOST_FILES || depth > DEEPEST {
        skipped.push(format!("{shown}: too many files or folders"));
        return;
    }
    // The same file by two ways is one file, and links in circles end.
    match fs::canonicalize(path) {
        Ok(real) => {
            if !seen.insert(real) {
                return;
            }
        }
        Err(error) => {
            skipped.push(format!("{shown}: {error}"));
            return;
        }
    }
    let kind = match fs::metadata(path) {
        Ok(kind) => kind,
        Err(error) => {
            skipped.push(format!("{shown}: {error}"));
            return;
        }
    };
    if kind.is_dir() {
        match fs::read_dir(path) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> =
                    entries.flatten().map(|entry| entry.path()).collect();
                inside.sort();
                keys_first(&mut inside);
                for path in inside {
                    read(&path, depth + 1, intake, progress, seen, skipped);
                }
            }
            Err(error) => skipped.push(format!("{shown}: {error}")),
        }
        return;
    }
    // Pipes and devices inside a folder might never end; named by hand, a pipe is meant.
    if !kind.is_file() && depth > 0 {
        skipped.push(format!("{shown}: no regular file"));
        return;
    }
    progress.on(&shown);
    if kind.is_file()
        && kind.len() >= SIDE_BY_SIDE
        && let Some(events) = side_by_side(path, kind.len())
    {
        intake.take_events(&shown, events);
        return;
    }
    match fs::File::open(path) {
        Ok(mut file) => intake.take_file(&shown, &mut file),
        Err(error) => skipped.push(format!("{shown}: {error}")),
    }
}

/// Puts key logs before the captures that are read with them, and leaves the rest in its order.
fn keys_first(paths: &mut [PathBuf]) {
    paths.sort_by_cached_key(|path| {
        let mut head = Vec::new();
        // Opening anything but a regular file could wait for ever, or take from it what is read later.
        let is_file = fs::metadata(path).is_ok_and(|data| data.is_file());
        let read = is_file
            .then(|| fs::File::open(path).ok())
            .flatten()
            .and_then(|file| file.take(LONGEST_HEAD).read_to_end(&mut head).ok());
        read.is_none() || !intake::capture::is_key_log(&head)
    });
}

/// Reads a large event log in parts, each on a thread of its own; `None` when it is no event log, or when a part
/// cannot be opened. Parts follow each other in the file, so that connections on a border are put together.
fn side_by_side(path: &Path, length: u64) -> Option<Events> {
    let mut magic = [0; 8];
    fs::File::open(path).ok()?.read_exact(&mut magic).ok()?;
    if magic != *b"ElfFile\0" {
        return None;
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let parts = evtx::parts(length, u64::try_from(cores.min(MOST_PARTS)).unwrap_or(1));
    let read = |start: u64, chunks: u64| -> Option<Events> {
        let mut file = fs::File::open(path).ok()?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut events = Events::default();
        evtx::read_part(&mut file, evtx::chunk_at(start), chunks, &mut events);
        Some(events)
    };
    std::thread::scope(|scope| {
        let begun: Vec<_> = parts
            .iter()
            .map(|&(start, chunks)| scope.spawn(move || read(start, chunks)))
            .collect();
        let mut whole: Option<Events> = None;
        for part in begun {
            let part = part.join().ok()??;
            match &mut whole {
                Some(whole) => whole.append(part),
                None => whole = Some(part),
            }
        }
        whole
    })
}

/// The paths as one phrase.
fn words(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    match shown.as_slice() {
        [first, rest @ ..] if rest.len() > 3 => format!("{first} and {} more", rest.len()),
        all => all.join(", "),
    }
}

/// What is worth saying about the files.
fn notes(findings: &Findings, skipped: &[String]) -> Vec<String> {
    let mut notes = findings.notes.clone();
    let unknown: Vec<&str> = findings
        .files
        .iter()
        .filter(|file| file.kind.is_none())
        .map(|file| file.name.as_str())
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "of no kind that is read here: {}",
            several(&unknown)
        ));
    }
    let is_trace = |name: &&&str| {
        Path::new(name)
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("etl"))
    };
    if let Some(trace) = unknown.iter().find(is_trace) {
        notes.push(format!(
            "{trace} is a trace of Windows; where it holds packets, pktmon etl2pcap makes a capture of them on Windows"
        ));
    }
    if !skipped.is_empty() {
        let skipped: Vec<&str> = skipped.iter().map(String::as_str).collect();
        notes.push(format!("not read: {}", several(&skipped)));
    }
    notes
}

fn several(names: &[&str]) -> String {
    let told = names
        .get(..names.len().min(MOST_TOLD))
        .unwrap_or_default()
        .join(", ");
    match names.len().checked_sub(MOST_TOLD) {
        Some(more) if more > 0 => format!("{told} and {more} more"),
        _ => told,
    }
}
