//! Logs of Remote Desktop software, and the output of commands that people paste: read line by line, equal
//! lines counted.

mod certutil;
mod commands;
mod denials;
mod iis;
mod line;
mod patterns;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor, Read};

use model::codes::{Code, Topic};
use model::{Fact, HostName, Phase, Source, UnixMicros};

pub use commands::{Commands, led_to};
pub use line::{Line, Origin};
pub use patterns::{Found, Patterns};

use crate::encoding::{AsUtf8, Encoding, text_of};
use crate::findings::Findings;
use crate::story::{Dated, Moment, Moments, Part, Side};

/// Fields of one entry of a journal that are kept.
const MOST_ENTRY_FIELDS: usize = 200;
/// The longest line that is looked at, in bytes.
const LONGEST_LINE: usize = 64 * 1024;
/// What a line tells that stands for the first message on other occasions.
const LATER_ON: &str = "later on";
/// Processes whose connections are followed.
const MOST_PROCESSES: usize = 100_000;
/// Different lines of one meaning that are told apart.
const MOST_DIFFERENT: usize = 12;
/// Longest value that is kept, in characters.
const LONGEST_VALUE: usize = 120;

/// The bytes are the beginning of a text that says something about Remote Desktop.
pub fn recognises(head: &[u8]) -> bool {
    let (encoding, text, _) = text_of(head);
    let strange = text
        .chars()
        .take(2000)
        .filter(|&c| {
            c == '\u{FFFD}'
                || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{1B}' | '\u{C}'))
        })
        .count();
    if strange > 20 || (encoding == Encoding::Ansi && strange > 5) {
        return false;
    }
    let mut reading = Reading::default();
    for line in text.lines().take(2000) {
        reading.line(line);
        if reading.knows_something() {
            return true;
        }
    }
    reading.finish();
    reading.knows_something()
}

pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut reading = Reading::default();
    let mut head = Vec::new();
    if let Err(error) = Read::take(&mut *input, 4096).read_to_end(&mut head) {
        findings.damaged(file, "", format!("reading stopped: {error}"));
    }
    let wide = Encoding::of(&head).is_utf16();
    let mut input = Cursor::new(head).chain(input);
    if wide {
        match AsUtf8::new(&mut input) {
            Ok(mut text) => {
                lines(file, &mut text, &mut reading, findings);
                if text.broken {
                    findings.damaged(file, "", "some bytes are no characters");
                }
            }
            Err(error) => findings.damaged(file, "", format!("reading stopped: {error}")),
        }
    } else {
        lines(file, &mut input, &mut reading, findings);
    }
    reading.finish();
    reading.into_findings(file, findings)
}

/// Reads a text line by line; of a line that is no UTF-8 the letters may be the wrong ones.
fn lines(file: &str, input: &mut dyn Read, reading: &mut Reading, findings: &mut Findings) {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match (&mut input).take(most).read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {
                if bytes.len() == LONGEST_LINE && bytes.last() != Some(&b'\n') {
                    findings.damaged(
                        file,
                        &format!("line {}", reading.lines + 1),
                        "too long; its rest is read as another",
                    );
                }
                let text = match std::str::from_utf8(&bytes) {
                    Ok(text) => std::borrow::Cow::Borrowed(text),
                    Err(_) => Encoding::Ansi.decode(&bytes).0,
                };
                reading.line(
                    text.trim_start_matches('\u{FEFF}')
                        .trim_end_matches(['\r', '\n']),
                );
            }
            Err(error) => {
                findings.damaged(file, "", format!("reading stopped: {error}"));
                break;
            }
        }
    }
}

/// `… from ::ffff:192.0.2.7 port 50126`: the client of a connection.
fn peer(message: &str) -> (Option<std::net::IpAddr>, Option<u16>) {
    let Some((_, rest)) = message.rsplit_once(" from ") else {
        return (None, None);
    };
    let mut words = rest
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .peekable();
    let mut from = None;
    let mut port = None;
    while let Some(word) = words.next() {
        if let Ok(address) = word.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
            from = Some(address.to_canonical());
        } else if let Ok(address) = word.parse::<std::net::SocketAddr>() {
            from = Some(address.ip().to_canonical());
            port = Some(address.port());
        } else if word == "port" {
            port = words
                .peek()
                .and_then(|word| word.trim_end_matches([':', '.']).parse().ok());
        }
    }
    (from, port)
}

#[derive(Debug, Default, Clone)]
struct Count {
    times: u32,
    first: Option<UnixMicros>,
    last: Option<UnixMicros>,
    sample: String,
}

/// How far the connections of a server or proxy came, by its log.
#[derive(Debug, Default)]
struct Ladder {
    seen: u32,
    security: u32,
    credentials: u32,
    session: u32,
    host: String,
    first: Option<UnixMicros>,
    last: Option<UnixMicros>,
}

/// A log while it is read.
#[derive(Debug, Default)]
struct Reading {
    patterns: Patterns,
    commands: Commands,
    denials: denials::Denials,
    own: Option<Origin>,
    lines: u64,
    origins: BTreeSet<&'static str>,
    counts: BTreeMap<(&'static str, &'static str, Vec<String>), Count>,
    different: BTreeMap<(&'static str, &'static str), usize>,
    ladders: BTreeMap<&'static str, Ladder>,
    moments: Moments,
    rows: iis::Rows,
    /// Who is behind the line that is being read, when the line itself does not say it in words.
    behind: Option<std::net::IpAddr>,
    /// Lines name their machine.
    named: bool,
    /// Processes of xrdp whose connection has come beyond its first message.
    under_way: BTreeSet<String>,
    /// A server could not listen, and has not listened since.
    hindered: bool,
    /// What hindered a server from listening, where it listened later on.
    mended: Vec<String>,
    /// An entry of the journal in its export form, field by field.
    entry: BTreeMap<String, String>,
}

impl Reading {
    fn line(&mut self, text: &str) {
        self.lines += 1;
        if self.exported(text) {
            return;
        }
        for request in self.rows.line(text) {
            self.request(request);
        }
        self.told(Line::of(text), text);
    }

    /// A request for a gateway.
    fn request(&mut self, request: iis::Request) {
        let computer = request.computer;
        let line = Line {
            message: std::borrow::Cow::Borrowed(&request.says),
            origin: None,
            host: Some(computer.into()).filter(|name: &std::borrow::Cow<'_, str>| !name.is_empty()),
            at: request.at,
            own_stamp: false,
            written: request.at.map(|at| (at, Dated::Wholly)),
            process: None,
        };
        self.behind = request.from;
        self.told(line, &request.row);
        self.behind = None;
    }

    /// The export form of the journal: a field to a line, an empty line between entries.
    fn exported(&mut self, text: &str) -> bool {
        if self.entry.is_empty() {
            if !(text.starts_with("__CURSOR=") || text.starts_with("__REALTIME_TIMESTAMP=")) {
                return false;
            }
        } else if text.is_empty() {
            self.entry_told();
            return true;
        }
        if let Some((name, value)) = text.split_once('=')
            && self.entry.len() < MOST_ENTRY_FIELDS
        {
            self.entry.insert(name.to_owned(), value.to_owned());
        }
        true
    }

    fn entry_told(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let Some(message) = entry.get("MESSAGE").cloned() else {
            return;
        };
        let field = |name: &str| entry.get(name).map(String::as_str);
        let line = Line::of_entry(message.clone(), &field);
        self.told(line, &message);
    }

    fn told(&mut self, mut line: Line<'_>, text: &str) {
        if line.own_stamp {
            // One program writes one file; the session manager names itself in the first lines.
            if text.contains("sesman") && self.lines < 20 {
                self.own = Some(Origin::Sesman);
            }
            line.origin = self.own.or(line.origin);
        }
        if let Some(origin) = line.origin {
            self.origins.insert(origin.slug());
        }
        self.named |= line.host.is_some();
        self.commands.line(text);
        self.denials.line(text);
        let message = line.message.as_ref();
        // An entry of the journal is quoted by what it says, without its fields.
        let text = if text.starts_with('{') { message } else { text };
        let origins = &self.origins;
        let found = self.patterns.find(message, |slug| {
            line.origin.is_some_and(|o| o.slug() == slug) || origins.contains(slug)
        });
        for Found { code, mut values } in found {
            // The session manager is connected to by its own server, which is no client.
            if code.name == "TCP_ACCEPTED" && line.origin == Some(Origin::Sesman) {
                continue;
            }
            // The same words stand for a first message that never came, and for a client that left later on.
            let process = line.process.as_deref().unwrap_or_default();
            match code.name {
                "TCP_ACCEPTED" => {
                    self.under_way.remove(process);
                }
                "NEG_RESULT" | "TLS_READ" | "CONN_TLS_OK" | "CONN_RDP_OK"
                    if self.under_way.len() < MOST_PROCESSES =>
                {
                    self.under_way.insert(process.to_owned());
                }
                "FIRST_BYTES_MISSING" if self.under_way.contains(process) => {
                    values = vec![LATER_ON.to_owned()];
                }
                _ => {}
            }
            // What is normal is only counted; numbers of processes tell nothing.
            if (code.topic == Topic::Progress && !matches!(code.name, "NEG_RESULT" | "LISTEN_OK"))
                || code.name == "WM_EXIT"
            {
                values.clear();
            }
            self.note(code, values, &line, text);
        }
    }

    fn note(
        &mut self,
        code: &'static model::codes::Code,
        values: Vec<String>,
        line: &Line<'_>,
        text: &str,
    ) {
        let program = code.space.slug.trim_start_matches("log-");
        if matches!(code.name, "LISTEN_OK" | "TCP_ACCEPTED") && self.hindered {
            self.listens(program);
        }
        self.hindered |= matches!(code.name, "LISTEN_FAIL" | "GRD_BIND");
        self.climb(program, code, line);
        self.moment(program, code, line);
        let mut key = (program, code.name, values);
        if !self.counts.contains_key(&key) {
            let different = self.different.entry((program, code.name)).or_insert(0);
            *different += 1;
            if *different > MOST_DIFFERENT {
                key.2.clear();
            }
        }
        let count = self.counts.entry(key).or_default();
        count.times = count.times.saturating_add(1);
        if count.sample.is_empty() {
            count.sample = text.trim().chars().take(300).collect();
        }
        if let Some(at) = line.at {
            count.first = Some(count.first.map_or(at, |first| first.min(at)));
            count.last = Some(count.last.map_or(at, |last| last.max(at)));
        }
    }

    /// A server listens: what hindered it before is over, and explains nothing that came later.
    fn listens(&mut self, program: &'static str) {
        self.hindered = false;
        let mended = &mut self.mended;
        self.counts.retain(|(of, name, _), count| {
            let over = *of == program && matches!(*name, "LISTEN_FAIL" | "GRD_BIND");
            if over && mended.len() < MOST_DIFFERENT {
                mended.push(count.sample.clone());
            }
            !over
        });
    }

    /// Counts how far connections came.
    fn climb(&mut self, program: &'static str, code: &'static model::codes::Code, line: &Line<'_>) {
        let ladder = match program {
            "xrdp" | "guacd" => self.ladders.entry(program).or_default(),
            _ => return,
        };
        match code.name {
            "TCP_ACCEPTED" | "GUACD_NEW" => ladder.seen += 1,
            "CONN_TLS_OK" | "CONN_RDP_OK" | "GUACD_LOGON" => ladder.session += 1,
            "TLS_IO" | "TLS_PROTOCOL" | "TLS_CLOSE_NOTIFY" | "TLS_READ" | "GUACD_TLS" => {
                ladder.security += 1
            }
            _ if code.topic == Topic::WrongCredentials => ladder.credentials += 1,
            _ => {}
        }
        if ladder.host.is_empty() {
            line.host
                .as_deref()
                .unwrap_or_default()
                .clone_into(&mut ladder.host);
        }
        if let Some(at) = line.at {
            ladder.first = Some(ladder.first.map_or(at, |first| first.min(at)));
            ladder.last = Some(ladder.last.map_or(at, |last| last.max(at)));
        }
    }

    /// Remembers a line as a step of a connection.
    fn moment(&mut self, program: &'static str, code: &'static Code, line: &Line<'_>) {
        let Some((at, dated)) = line.written else {
            return;
        };
        let part = match (program, code.name) {
            (_, "TCP_ACCEPTED" | "GUACD_NEW") => Part::Opens,
            (_, "CONN_TLS_OK" | "CONN_RDP_OK" | "SESSION_NEW" | "GUACD_LOGON") => Part::Session,
            (_, "RDG_LOGON" | "REMMINA_CONNECT") => Part::Opens,
            (_, "RDG_OK") => Part::Session,
            (_, "SESSION_OVER" | "GUACD_LOGOFF" | "WM_EXIT") => Part::Ends,
            _ if matches!(code.topic, Topic::Listener | Topic::ListenFailed) => return,
            _ if code.topic == Topic::Progress => Part::Goes,
            _ => Part::Fails,
        };
        let opens = part == Part::Opens;
        let (from, port) = if opens && self.behind.is_none() {
            peer(&line.message)
        } else {
            (self.behind, None)
        };
        let client = matches!(program, "freerdp" | "remmina" | "guacd");
        self.moments.note(Moment {
            at,
            dated,
            // Where the line names no machine, the file stands for it.
            teller: line.host.as_deref().unwrap_or_default().to_owned(),
            file: String::new(),
            source: Source::Log,
            side: match program {
                _ if client => Side::Client,
                "iis-gateway" => Side::Path,
                _ => Side::Server,
            },
            // The process that takes connections is not the one that serves them.
            tie: line
                .process
                .as_deref()
                .filter(|_| !opens || client)
                .map(str::to_owned),
            from,
            port,
            part,
            phase: code.place.map(|place| place.phase),
            label: format!("{program} {}", code.name),
            says: code.says.split(';').next().unwrap_or(code.says).to_owned(),
        });
    }

    fn finish(&mut self) {
        self.entry_told();
        for request in self.rows.finish() {
            self.request(request);
        }
        self.commands.finish();
    }

    fn knows_something(&self) -> bool {
        !self.counts.is_empty()
            || !self.origins.is_empty()
            || self.commands.knows_something()
            || self.denials.knows_something()
            || self.rows.knows_something()
    }

    fn into_findings(self, file: &str, findings: &mut Findings) -> String {
        let folder = file
            .rfind(['/', '\\', '!'])
            .and_then(|at| file.get(..=at))
            .unwrap_or("");
        findings
            .moments
            .extend(self.moments.into_vec().into_iter().map(|mut moment| {
                if moment.teller.is_empty() {
                    // What xrdp and its session manager write side by side is one machine's.
                    moment.teller = match moment.label.split(' ').next() {
                        Some("xrdp" | "xrdp-sesman") if !self.named => format!("{folder}xrdp"),
                        _ => file.to_owned(),
                    };
                }
                file.clone_into(&mut moment.file);
                moment
            }));
        findings.notes.extend(self.mended.iter().map(|line| {
            format!("{file}: the server could not listen on its port, and did later on: {line}")
        }));
        let mut facts: Vec<(Option<UnixMicros>, Option<model::Place>, Fact)> = Vec::new();
        for ((program, symbol, values), count) in self.counts {
            let place = model::codes::of_line(program, symbol).and_then(|code| code.place);
            facts.push((
                count.first,
                place,
                Fact::LogSaid {
                    program: program.to_owned(),
                    symbol: symbol.to_owned(),
                    values,
                    line: count.sample,
                    times: count.times,
                    first: count.first,
                    last: count.last,
                },
            ));
        }
        for ladder in self.ladders.into_values().filter(|ladder| ladder.seen > 0) {
            if ladder.seen > ladder.session && ladder.security + ladder.credentials > 0 {
                findings.notes.push(format!(
                    "{file}: {} connections: {} ended in TLS, {} had a wrong user name or password, {} came further",
                    ladder.seen, ladder.security, ladder.credentials, ladder.session
                ));
            }
            facts.push((
                ladder.first,
                Some(model::Place::host(Phase::Tcp)),
                Fact::ConnectionsLogged {
                    computer: HostName(ladder.host),
                    from: None,
                    seen: ladder.seen,
                    ended_at_security: ladder.security,
                    wrong_credentials: ladder.credentials,
                    reached_session: ladder.session,
                    first: ladder.first,
                    last: ladder.last,
                },
            ));
        }
        let lines = facts.len();
        facts.extend(last_status(&facts));
        facts.sort_by_key(|(at, ..)| *at);
        for (at, place, fact) in facts {
            findings.see(file, Source::Log, place, at, fact);
        }
        for fact in self.denials.told() {
            findings.see(file, Source::Log, None, None, fact);
        }
        let told = self.commands.told();
        let answers = told.len();
        for (source, place, fact) in told {
            findings.see(file, source, place, None, fact);
        }
        format!(
            "{} lines, {lines} kinds known, {answers} answers of commands",
            self.lines
        )
    }
}

/// What FreeRDP's last error makes of the status with which the server ended CredSSP. That a password has expired it
/// says of other ends too.
const OF_LAST_ERROR: &[(&str, u32)] = &[
    ("LOGON_FAILURE", 0xC000_006D),
    ("WRONG_PASSWORD", 0xC000_006A),
    ("PASSWORD_MUST_CHANGE", 0xC000_0224),
    ("ACCOUNT_DISABLED", 0xC000_0072),
    ("ACCOUNT_RESTRICTION", 0xC000_006E),
    ("ACCOUNT_LOCKED_OUT", 0xC000_0234),
    ("ACCOUNT_EXPIRED", 0xC000_0193),
    ("LOGON_TYPE_NOT_GRANTED", 0xC000_015B),
];

/// The status with which the server ended CredSSP, as a client's log writes it: the last one, when there are several.
fn last_status(
    facts: &[(Option<UnixMicros>, Option<model::Place>, Fact)],
) -> Option<(Option<UnixMicros>, Option<model::Place>, Fact)> {
    let (last, place, status) = facts
        .iter()
        .filter_map(|(_, place, fact)| match fact {
            Fact::LogSaid {
                symbol,
                values,
                last,
                ..
            } if symbol == "NLA_NTSTATUS" => {
                let code = values
                    .iter()
                    .rev()
                    .find_map(|value| u32::from_str_radix(value, 16).ok())?;
                Some((*last, *place, code))
            }
            Fact::LogSaid {
                symbol,
                values,
                last,
                ..
            } if symbol == "LAST_ERROR" => {
                let name = values.first()?;
                let (_, code) = OF_LAST_ERROR.iter().find(|(known, _)| known == name)?;
                Some((*last, Some(model::Place::host(Phase::Authenticate)), *code))
            }
            _ => None,
        })
        .max_by_key(|(last, ..)| *last)?;
    let fact = Fact::CredSspRefused {
        version: 0,
        error: model::codes::NtStatus(status),
        named: None,
    };
    Some((last, place, fact))
}

#[cfg(test)]
mod tests;
