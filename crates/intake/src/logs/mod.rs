//! Logs of Remote Desktop software, and the output of commands that people paste: read line by line, equal
//! lines counted.

mod commands;
mod denials;
mod line;
mod patterns;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

use model::codes::Topic;
use model::{Fact, HostName, Source, UnixMicros};

pub use commands::Commands;
pub use line::{Line, Origin};
pub use patterns::{Found, Patterns};

use crate::encoding::{Encoding, text_of};
use crate::findings::Findings;

/// The longest line that is looked at, in bytes.
const LONGEST_LINE: usize = 64 * 1024;
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
    let mut input = BufReader::with_capacity(1 << 16, input);
    let wide = match input.fill_buf() {
        Ok(head) => Encoding::of(head.get(..head.len().min(4096)).unwrap_or(head)).is_utf16(),
        Err(_) => false,
    };
    if wide {
        let bytes = crate::reader::whole(file, &mut input, findings);
        let (_, text, broken) = text_of(&bytes);
        if broken {
            findings.damaged(file, "", "some bytes are no characters");
        }
        for line in text.lines() {
            reading.line(line);
        }
    } else {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
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
    reading.finish();
    reading.into_findings(file, findings)
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
}

impl Reading {
    fn line(&mut self, text: &str) {
        self.lines += 1;
        let mut line = Line::of(text);
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
        self.commands.line(text);
        self.denials.line(text);
        let message = line.message.as_ref();
        let origins = &self.origins;
        let found = self.patterns.find(message, |slug| {
            line.origin.is_some_and(|o| o.slug() == slug) || origins.contains(slug)
        });
        for Found { code, mut values } in found {
            // The session manager is connected to by its own server, which is no client.
            if code.name == "TCP_ACCEPTED" && line.origin == Some(Origin::Sesman) {
                continue;
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
        self.climb(program, code, line);
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
            line.host.unwrap_or_default().clone_into(&mut ladder.host);
        }
        if let Some(at) = line.at {
            ladder.first = Some(ladder.first.map_or(at, |first| first.min(at)));
            ladder.last = Some(ladder.last.map_or(at, |last| last.max(at)));
        }
    }

    fn finish(&mut self) {
        self.commands.finish();
    }

    fn knows_something(&self) -> bool {
        !self.counts.is_empty()
            || !self.origins.is_empty()
            || self.commands.knows_something()
            || self.denials.knows_something()
    }

    fn into_findings(self, file: &str, findings: &mut Findings) -> String {
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
            facts.push((
                ladder.first,
                Some(model::Place::host(model::Phase::Tcp)),
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
        facts.sort_by_key(|(at, ..)| *at);
        let lines = facts.len();
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

#[cfg(test)]
mod tests;
