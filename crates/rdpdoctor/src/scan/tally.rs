//! What a scan came to: hosts by outcome and cause, certificates by when they expire.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::line::ScanLine;
use crate::report::Outcome;
use crate::report::words::count;
use crate::report::wrap::{harmless, padded, wrap};

/// Hosts that are named for each cause.
const NAMED: usize = 3;
/// Causes that cannot be told apart and are named.
const RIVALS: usize = 4;
/// Certificates that expire first and are told one by one.
const SOONEST: usize = 10;
/// Days within which an expiry is near.
const NEAR: i64 = 30;
/// The widest line of the table.
const TITLE: usize = 68;

/// What a scan came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Hosts that are done.
    pub hosts: u64,
    /// Hosts by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Connections that opened.
    pub connections: u64,
    /// Hosts by what is wrong with them.
    causes: BTreeMap<String, Named>,
    /// Hosts with a certificate.
    certificates: u64,
    expired: u64,
    near: u64,
    /// The certificates that expire first, by when.
    soonest: BTreeSet<(i64, String)>,
    /// Lines that name no host.
    pub unreadable: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Named {
    hosts: u64,
    some: Vec<String>,
}

impl Tally {
    /// Adds a host.
    pub fn add(&mut self, line: &ScanLine, now: i64) {
        self.hosts = self.hosts.saturating_add(1);
        let outcome = self
            .outcomes
            .entry(line.outcome.slug().to_owned())
            .or_insert(0);
        *outcome = outcome.saturating_add(1);
        self.connections = self.connections.saturating_add(line.connections);
        if let Some(title) = title(line) {
            let named = self.causes.entry(title).or_default();
            named.hosts = named.hosts.saturating_add(1);
            if named.some.len() < NAMED {
                named.some.push(line.target.shown());
            }
        }
        if let Some(certificate) = &line.certificate {
            self.certificates = self.certificates.saturating_add(1);
            let left = certificate.expires_unix.saturating_sub(now);
            if left < 0 {
                self.expired = self.expired.saturating_add(1);
            } else if left < NEAR * 86_400 {
                self.near = self.near.saturating_add(1);
            }
            if left < NEAR * 86_400 {
                let shown = line.target.shown();
                self.soonest.insert((certificate.expires_unix, shown));
                if self.soonest.len() > SOONEST {
                    self.soonest.pop_last();
                }
            }
        }
    }

    /// Hosts with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(outcome.slug()).copied().unwrap_or(0)
    }

    /// The closing table.
    pub fn table(&self, now: i64) -> String {
        let mut table = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut table, now);
        table
    }

    fn write(&self, table: &mut String, now: i64) -> std::fmt::Result {
        let counts: Vec<String> = [
            Outcome::Healthy,
            Outcome::Degraded,
            Outcome::Failing,
            Outcome::Unknown,
        ]
        .into_iter()
        .map(|outcome| (outcome, self.of(outcome)))
        .filter(|(_, hosts)| *hosts > 0)
        .map(|(outcome, hosts)| format!("{} {}", thousands(hosts), outcome.slug()))
        .collect();
        if !counts.is_empty() {
            writeln!(table, "{}", counts.join(", "))?;
        }
        if !self.causes.is_empty() {
            writeln!(table, "\nBy cause")?;
            let mut causes: Vec<(&String, &Named)> = self.causes.iter().collect();
            causes.sort_by(|a, b| b.1.hosts.cmp(&a.1.hosts).then(a.0.cmp(b.0)));
            for (title, named) in causes {
                let more = named
                    .hosts
                    .saturating_sub(u64::try_from(named.some.len()).unwrap_or(u64::MAX));
                let mut some = named.some.join(", ");
                if more > 0 {
                    let _ = write!(some, " and {} more", thousands(more));
                }
                for (line, words) in wrap(title, TITLE).iter().enumerate() {
                    let hosts = if line == 0 {
                        thousands(named.hosts)
                    } else {
                        String::new()
                    };
                    writeln!(table, "{hosts:>9}  {words}")?;
                }
                writeln!(table, "{:>9}  {}", "", harmless(&some))?;
            }
        }
        if self.certificates > 0 {
            writeln!(table, "\nCertificates")?;
            let later = self
                .certificates
                .saturating_sub(self.expired)
                .saturating_sub(self.near);
            for (hosts, says) in [
                (self.expired, "expired"),
                (self.near, "expire within 30 days"),
                (later, "valid for longer than that"),
            ] {
                if hosts > 0 {
                    writeln!(table, "{:>9}  {says}", thousands(hosts))?;
                }
            }
            for (expires, host) in &self.soonest {
                let days = expires.saturating_sub(now).div_euclid(86_400);
                let when = if days < 0 {
                    format!("{} ago", count(days_of(-days), "day"))
                } else {
                    format!("in {}", count(days_of(days), "day"))
                };
                let day = super::line::day(*expires);
                writeln!(
                    table,
                    "{:>9}  {day}  {}{}",
                    "",
                    padded(&when, 14),
                    harmless(host)
                )?;
            }
        }
        if self.unreadable > 0 {
            let lines = usize::try_from(self.unreadable).unwrap_or(usize::MAX);
            writeln!(table, "\n{} could not be read.", count(lines, "line"))?;
        }
        Ok(())
    }
}

/// What is wrong with a host, in words that hosts with the same trouble share. Causes that cannot be told apart
/// stay together.
pub fn title(line: &ScanLine) -> Option<String> {
    let known = line
        .cause
        .as_ref()
        .and_then(|id| line.findings.iter().find(|finding| finding.cause == *id));
    if let Some(finding) = known {
        return Some(format!("{} ({})", finding.title, finding.cause));
    }
    let severity = line.first().map(|finding| finding.severity);
    let mut rivals: Vec<&str> = line
        .blocking_or_degrading()
        .filter(|finding| Some(finding.severity) == severity)
        .take(RIVALS)
        .map(|finding| finding.cause.as_str())
        .collect();
    rivals.sort_unstable();
    let at = line.stopped_at.as_deref().map_or_else(
        || "It works, with trouble".to_owned(),
        |rung| format!("Ends at {rung}"),
    );
    match (line.outcome, rivals.is_empty()) {
        (Outcome::Healthy, _) => None,
        (Outcome::Unknown, _) => Some("Not looked at, or not far enough to say".to_owned()),
        (_, true) => Some(format!("{at}; no known cause fits")),
        (_, false) => Some(format!("{at}; one of {}", rivals.join(", "))),
    }
}

fn days_of(days: i64) -> usize {
    usize::try_from(days).unwrap_or(0)
}

/// A number with its thousands apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, expect) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_048_576, "1,048,576"),
        ] {
            assert_eq!(thousands(number), expect);
        }
    }
}
