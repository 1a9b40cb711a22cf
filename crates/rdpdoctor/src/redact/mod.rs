//! Pseudonyms for everything that names a person, a machine or a place in a network: the same thing has the same
//! pseudonym in all files, and what is told by the form of a name or an address stays told: host or domain, private
//! or public, same subnet.
//!
//! It works in two passes: everything is learned first, so that no pseudonym is a name or an address that occurs.

mod addresses;
mod learn;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use serde::Serialize;
use serde_json::Value;

use crate::report::Report;

pub use text::{is_ready, is_secret};

use addresses::Addresses;

/// Kinds of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A machine: its first label.
    Host,
    /// A domain of the name service.
    Domain,
    /// A domain as Windows called it before: one word.
    FlatDomain,
    /// A person or an account.
    User,
    /// An organisation or a unit of one, in a certificate.
    Organisation,
    /// The identity of a machine or account: the middle of a SID, or a machine id.
    Identity,
    /// An address of a network card.
    Card,
}

impl Kind {
    fn pseudonym(self, number: usize) -> String {
        match self {
            Self::Host => format!("host-{number}"),
            Self::Domain => format!("domain-{number}.example"),
            Self::FlatDomain => format!("DOMAIN-{number}"),
            Self::User => format!("user-{number}"),
            Self::Organisation => format!("organisation-{number}"),
            Self::Identity => format!("{number:032x}"),
            Self::Card => {
                let [.., a, b, c] = number.to_be_bytes();
                format!("02-00-00-{a:02X}-{b:02X}-{c:02X}")
            }
        }
    }
}

/// Names that say nothing of anybody, and words that occur in every log: as a name they are replaced only where it
/// is certain that they are one.
const COMMON: &[&str] = &[
    "access",
    "account",
    "active",
    "admin",
    "administrator",
    "administrators",
    "all",
    "anonymous",
    "application",
    "authority",
    "auth",
    "bin",
    "builtin",
    "cert",
    "client",
    "closed",
    "com",
    "command",
    "computer",
    "config",
    "connection",
    "connected",
    "console",
    "core",
    "daemon",
    "data",
    "debug",
    "default",
    "defaultaccount",
    "desktop",
    "domain",
    "error",
    "event",
    "example",
    "failed",
    "false",
    "file",
    "for",
    "freerdp",
    "guacd",
    "guest",
    "home",
    "host",
    "info",
    "input",
    "ip",
    "key",
    "local",
    "localhost",
    "localdomain",
    "log",
    "login",
    "logon",
    "mail",
    "mstsc",
    "name",
    "negotiate",
    "net",
    "network",
    "nobody",
    "none",
    "normal",
    "nt",
    "ntlm",
    "null",
    "off",
    "ok",
    "on",
    "org",
    "password",
    "port",
    "process",
    "rdp",
    "remote",
    "root",
    "running",
    "security",
    "server",
    "service",
    "services",
    "session",
    "sesman",
    "socket",
    "ssl",
    "ssh",
    "start",
    "state",
    "stopped",
    "success",
    "sys",
    "system",
    "tcp",
    "test",
    "text",
    "the",
    "time",
    "tls",
    "true",
    "type",
    "udp",
    "unknown",
    "user",
    "username",
    "users",
    "value",
    "warn",
    "warning",
    "windows",
    "workgroup",
    "workstation",
    "www",
    "xorg",
    "xrdp",
    "no",
    "yes",
    "not",
    "with",
    "from",
    "to",
];

/// Fields of our documents whose values are words of a list, whatever names they resemble.
const FIXED: &[&str] = &[
    "schema",
    "fact",
    "provider",
    "cause",
    "family",
    "source",
    "leg",
    "phase",
    "outcome",
    "verdict",
    "side",
    "severity",
    "how",
    "trace",
    "intent",
    "probe",
    "role",
    "service",
    "program",
    "symbol",
    "reached",
    "stopped_at",
    "opened_at",
    "at",
    "label",
    "message",
    "after",
    "via",
    "running",
    "starts",
    "version",
    "schemas",
    "signature",
    "key_usage",
    "extended_key_usage",
];

/// The shortest name that is replaced wherever it stands.
const SHORTEST: usize = 3;
/// Names that are learned.
const MOST_NAMES: usize = 50_000;

/// Learns names and addresses, then replaces them.
#[derive(Debug, Default)]
pub struct Redactor {
    /// By the name in lower case.
    names: BTreeMap<String, (Kind, String)>,
    /// As they were first seen, for the mapping.
    written: BTreeMap<String, String>,
    /// Names that are replaced only where it is certain that they are one.
    known_in_place: BTreeSet<String>,
    counts: BTreeMap<Kind, usize>,
    addresses: Addresses,
    searched: Option<(AhoCorasick, Vec<String>)>,
}

/// What stays behind: the pseudonyms and what they stand for.
#[derive(Debug, Serialize)]
pub struct Mapping {
    /// The version of this format.
    pub schema: &'static str,
    /// Every name with its pseudonym.
    pub names: Vec<Pair>,
    /// Every address with its pseudonym.
    pub addresses: Vec<Pair>,
}

/// A thing and its pseudonym.
#[derive(Debug, Serialize)]
pub struct Pair {
    /// What it is.
    pub kind: String,
    /// The thing.
    pub original: String,
    /// The pseudonym.
    pub pseudonym: String,
}

impl Redactor {
    /// One that can replace everything it should: without its patterns names would pass.
    pub fn ready() -> anyhow::Result<Self> {
        anyhow::ensure!(is_ready(), "the patterns of names cannot be built");
        Ok(Self::default())
    }

    /// Learns a machine by any of its names: a label, a full name, an address; with or without a port or a `$`.
    pub fn host(&mut self, name: &str) {
        let name = name
            .trim()
            .trim_matches(['"', '\'', '[', ']', '\\', '/'])
            .trim_end_matches(['.', '$'])
            .trim_start_matches("*.");
        if name.parse::<std::net::IpAddr>().is_ok() {
            self.addresses(name);
            return;
        }
        let (name, _) = name.split_once(':').unwrap_or((name, ""));
        if !is_name(name) || (name.contains('.') && !text::is_full_name(name)) {
            return;
        }
        let (label, domain) = name.split_once('.').unwrap_or((name, ""));
        self.learn(Kind::Host, label);
        if !domain.is_empty() {
            self.domain(domain);
        }
    }

    /// Learns a domain.
    pub fn domain(&mut self, name: &str) {
        let name = name.trim().trim_matches('"').trim_end_matches('.');
        if !is_name(name) || name.parse::<std::net::IpAddr>().is_ok() {
            return;
        }
        if name.contains('.') {
            if !text::is_public_software(name) {
                self.learn(Kind::Domain, name);
            }
        } else {
            self.learn(Kind::FlatDomain, name);
        }
    }

    /// Learns a user: `anna`, `CORP\anna`, `anna@corp.example`, `SRV01$`.
    pub fn user(&mut self, name: &str) {
        let name = name.trim().trim_matches(['"', '\'', ',', ';']);
        if let Some((domain, user)) = name.split_once('\\') {
            // Accounts of the system itself live in domains with translated names.
            if domain != "." {
                self.domain(domain);
            }
            self.user(user);
        } else if let Some((user, domain)) = name.split_once('@') {
            self.domain(domain);
            self.user(user);
        } else if let Some(host) = name.strip_suffix('$') {
            self.host(host);
        } else if !name.is_empty()
            && name.len() <= 64
            && !name
                .chars()
                .any(|c| c.is_control() || "/:*?<>|=[]{}()".contains(c))
            && !name
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
        {
            self.learn(Kind::User, name);
        }
    }

    /// Learns a name of a kind.
    fn learn(&mut self, kind: Kind, name: &str) {
        let folded = name.to_lowercase();
        if self.names.contains_key(&folded)
            || self.names.len() >= MOST_NAMES
            || folded.is_empty()
            || is_own(&folded)
        {
            return;
        }
        let number = self.related(kind, &folded).unwrap_or_else(|| {
            let count = self.counts.entry(kind).or_insert(0);
            *count += 1;
            *count
        });
        self.searched = None;
        if COMMON.contains(&folded.as_str()) || folded.chars().count() < SHORTEST {
            self.known_in_place.insert(folded.clone());
        }
        self.written.insert(folded.clone(), name.to_owned());
        self.names.insert(folded, (kind, kind.pseudonym(number)));
    }

    /// The number of the name that this one is a form of: the flat name of a domain, or the first fifteen letters of
    /// a machine's.
    fn related(&self, kind: Kind, folded: &str) -> Option<usize> {
        let number = |pseudonym: &str| {
            pseudonym
                .split(['-', '.'])
                .find_map(|part| part.parse::<usize>().ok())
        };
        self.names.iter().find_map(|(known, (other, pseudonym))| {
            let related = match (kind, *other) {
                (Kind::FlatDomain, Kind::Domain) => known.split('.').next() == Some(folded),
                (Kind::Domain, Kind::FlatDomain) => {
                    folded.split('.').next() == Some(known.as_str())
                }
                (Kind::Host, Kind::Host) => {
                    (folded.len() == 15 && known.starts_with(folded))
                        || (known.len() == 15 && folded.starts_with(known.as_str()))
                }
                _ => false,
            };
            related.then(|| number(pseudonym)).flatten()
        })
    }

    /// The pseudonym of a name of which it is certain that it is one.
    pub fn name(&self, name: &str) -> Option<&str> {
        self.names
            .get(&name.to_lowercase())
            .map(|(_, pseudonym)| pseudonym.as_str())
    }

    /// A value that may be a name as a whole.
    pub fn value(&mut self, value: &str) -> String {
        let whole = value.trim().trim_end_matches('.');
        if let Some(name) = self.name(whole) {
            return name.to_owned();
        }
        if let Some((domain, user)) = whole.split_once('\\')
            && let (Some(domain), Some(user)) = (self.name(domain), self.name(user))
        {
            return format!("{domain}\\{user}");
        }
        if let Some(name) = whole.strip_suffix('$').and_then(|name| self.name(name)) {
            return format!("{name}$");
        }
        self.words(value)
    }

    /// Replaces names and addresses in a document of ours. Bytes that hold one become as many `x`.
    pub fn json(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let digits = text.len() >= 8
                    && text.len().is_multiple_of(2)
                    && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                if digits {
                    let bytes: Vec<u8> = (0..text.len())
                        .step_by(2)
                        .filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
                        .collect();
                    if self.bytes_hold_a_name(&bytes) {
                        *text = "78".repeat(bytes.len());
                    }
                } else {
                    *text = self.value(text);
                }
            }
            Value::Array(list) => {
                for value in list {
                    self.json(value);
                }
            }
            Value::Object(map) => {
                for (name, value) in map {
                    // What is no text of anybody's is left as it is.
                    if !FIXED.contains(&name.as_str()) {
                        self.json(value);
                    }
                }
            }
            _ => {}
        }
    }

    /// A report without names and addresses.
    pub fn report(&mut self, report: &Report) -> Option<Report> {
        let mut value = serde_json::to_value(report).ok()?;
        // Names stand in what was seen; what is said of it holds words with dots that are none, such as causes.
        for part in ["target", "evidence", "attempts", "timeline", "recorded"] {
            if let Some(part) = value.get(part) {
                self.learn_json(part);
            }
        }
        self.json(&mut value);
        serde_json::from_value(value).ok()
    }

    /// Everything that was replaced, with its pseudonym.
    pub fn mapping(&self) -> Mapping {
        Mapping {
            schema: "rdpdoctor/mapping/1",
            names: self
                .names
                .iter()
                .map(|(folded, (kind, pseudonym))| Pair {
                    kind: serde_json::to_value(kind)
                        .ok()
                        .and_then(|kind| kind.as_str().map(str::to_owned))
                        .unwrap_or_default(),
                    original: self.written.get(folded).unwrap_or(folded).clone(),
                    pseudonym: pseudonym.clone(),
                })
                .collect(),
            addresses: self.addresses.mapping(),
        }
    }
}

/// A text without the secrets that its lines set.
pub fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\r', '\n']);
        match text::without_secret(bare) {
            Some(kept) => {
                out.push_str(&kept);
                out.push_str(line.get(bare.len()..).unwrap_or("\n"));
            }
            None => out.push_str(line),
        }
    }
    out
}

/// It can be a name of a machine or domain.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 253
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
        && name.chars().any(char::is_alphabetic)
        && !name.contains("..")
}

/// It is a pseudonym already.
fn is_own(folded: &str) -> bool {
    ["host-", "user-", "organisation-", "domain-"]
        .iter()
        .any(|prefix| {
            folded.strip_prefix(prefix).is_some_and(|rest| {
                let number = rest.split('.').next().unwrap_or(rest);
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
}

#[cfg(test)]
mod tests;
