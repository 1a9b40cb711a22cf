//! One host of a scan, in one line: for a program, for a table, for a person.

use std::collections::BTreeSet;
use std::net::IpAddr;

use jiff::Timestamp;
use model::{AttemptOutcome, Certificate, Ending, Evidence, Fact, Message, Phase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::page::{Colors, Layout, Letters};
use crate::report::words::{Standing, duration, share, standing, summary};
use crate::report::wrap::{ascii, harmless, padded, width};
use crate::report::{
    EvidenceReport, FindingReport, Outcome, PhaseOutcome, Report, Severity, Verdict,
};

/// The version of the format in which lines are written.
pub const SCAN_SCHEMA: &str = "rdpdoctor/scan/1";

/// What was concluded about one host of a scan.
///
/// Fields are only ever added within a schema version; readers accept what they do not know.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "rdpdoctor scan line")]
pub struct ScanLine {
    /// The version of this format: `rdpdoctor/scan/1`.
    #[schemars(extend("const" = "rdpdoctor/scan/1"))]
    pub schema: String,
    /// The host.
    pub target: ScanTarget,
    /// The address that was connected to.
    pub address: Option<String>,
    /// The state of the connection in one word.
    pub outcome: Outcome,
    /// The verdict in a sentence or two.
    pub summary: String,
    /// The last rung that was passed.
    pub reached: Option<String>,
    /// The rung on which the connection fails.
    pub stopped_at: Option<String>,
    /// What was seen on that rung, or on the last that was passed, in a few words.
    pub says: String,
    /// When the first look began, UTC, RFC 3339.
    pub opened_at: String,
    /// How long all looks together took, in milliseconds.
    pub took_ms: Option<f64>,
    /// The number of TCP connections that opened.
    pub connections: u64,
    /// Security protocol the server chose: NLA, TLS or RDP security.
    pub security: Option<String>,
    /// The TLS version the server chose.
    pub tls: Option<String>,
    /// The server's certificate.
    pub certificate: Option<ScanCertificate>,
    /// The cause, when one can be named: proven, or well ahead of its rivals.
    pub cause: Option<String>,
    /// Why the host was not looked at.
    pub skipped: Option<String>,
    /// Causes that are supported, most probable blocking cause first; empty when healthy. The same fields as in a
    /// report.
    pub findings: Vec<FindingReport>,
    /// Everything that was seen, when there are findings that rest on it.
    pub evidence: Vec<EvidenceReport>,
}

/// A host of a scan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScanTarget {
    /// The words as they were given.
    pub input: String,
    /// The name or address of the host.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// What the list calls it.
    pub name: Option<String>,
    /// The file it was named in.
    pub file: Option<String>,
    /// The line of that file.
    pub line: Option<u64>,
}

/// What a fleet wants to know of a certificate.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScanCertificate {
    /// The subject's distinguished name.
    pub subject: String,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// Names it is for.
    pub names: Vec<String>,
    /// Start of validity, UTC, RFC 3339.
    pub not_before: String,
    /// End of validity, UTC, RFC 3339.
    pub not_after: String,
    /// Whole days from the look to the end of validity; negative when it is over.
    pub days_left: i64,
    /// Subject and issuer are the same name.
    pub self_signed: bool,
    /// Kind and size of the key, such as `rsa 2048`.
    pub key: String,
    /// Name of the signature algorithm.
    pub signature: String,
    /// SHA-1, the thumbprint Windows shows.
    pub sha1: String,
    /// SHA-256.
    pub sha256: String,
    /// End of validity in seconds since 1970.
    pub expires_unix: i64,
}

impl ScanTarget {
    /// The host as people write it, with its name.
    pub fn shown(&self) -> String {
        let host = self.endpoint();
        match &self.name {
            Some(name) => format!("{host} ({name})"),
            None => host,
        }
    }

    /// The host and the port, which is left out when it is the usual one.
    pub fn endpoint(&self) -> String {
        match (self.host.contains(':'), self.port) {
            (_, model::target::RDP_PORT) => self.host.clone(),
            (true, port) => format!("[{}]:{port}", self.host),
            (false, port) => format!("{}:{port}", self.host),
        }
    }
}

impl ScanLine {
    /// What a report says of its host, and what was seen beside it.
    pub fn of(report: Report, evidence: &Evidence) -> Self {
        let mut security = None;
        let mut tls = None;
        let mut certificate = None;
        let mut address = evidence.target.address;
        for seen in &evidence.seen {
            match &seen.fact {
                Fact::NegotiationChosen { chosen, .. } if security.is_none() => {
                    security = Some(if chosen.has_nla() {
                        "NLA".to_owned()
                    } else {
                        chosen.to_string()
                    });
                }
                Fact::NegotiationPlain { .. } if security.is_none() => {
                    security = Some("RDP security".to_owned());
                }
                Fact::TlsChosen { version, .. } if tls.is_none() => tls = Some(version.to_string()),
                Fact::CertificateSeen {
                    certificate: shown,
                    seen_at,
                } if certificate.is_none() => {
                    certificate = Some(ScanCertificate::of(shown, seen_at.0));
                }
                Fact::TcpOpened { to, .. } => address = Some(to.ip()),
                Fact::TcpRefused { to, .. }
                | Fact::TcpSilent { to, .. }
                | Fact::TcpUnreachable { to, .. }
                    if address.is_none() =>
                {
                    address = Some(to.ip());
                }
                _ => {}
            }
        }
        let unseen = report.outcome == Outcome::Unknown && report.connections == 0;
        let skipped = evidence
            .tried
            .iter()
            .find_map(|attempt| match &attempt.outcome {
                AttemptOutcome::Skipped(why) | AttemptOutcome::Broke(why) if unseen => {
                    Some(why.clone())
                }
                _ => None,
            });
        // A server that ends the connection at its first message may have wanted another one: a single request
        // leaves that open.
        let bare = report.connections <= 1
            && evidence.seen.iter().any(|seen| {
                let Fact::Ended { how, after, .. } = &seen.fact else {
                    return false;
                };
                matches!(how, Ending::Closed | Ending::Reset)
                    && *after == Message::ConnectionRequest
            });
        let cause = match standing(&report) {
            Standing::One(finding) if bare && finding.verdict != Verdict::Proven => None,
            Standing::One(finding) => Some(finding.cause.clone()),
            Standing::Degraded(troubles) => match troubles.first().map(Vec::as_slice) {
                Some([finding]) => Some(finding.cause.clone()),
                _ => None,
            },
            _ => None,
        };
        let glanced = evidence
            .seen
            .iter()
            .any(|seen| matches!(seen.fact, Fact::ServerFlightSeen { .. }));
        let summary = match &skipped {
            Some(why) => format!("{} was not looked at: {why}.", report.target.host),
            None if report.outcome == Outcome::Healthy && glanced => format!(
                "Nothing is wrong with {} up to its certificate.",
                report.target.host
            ),
            None => summary(&report),
        };
        let says = says(&report);
        Self {
            schema: SCAN_SCHEMA.to_owned(),
            target: ScanTarget {
                input: report.target.input,
                host: report.target.host,
                port: report.target.port,
                name: None,
                file: None,
                line: None,
            },
            address: address.map(|address: IpAddr| address.to_string()),
            outcome: report.outcome,
            summary,
            reached: report.reached,
            stopped_at: report.stopped_at,
            says,
            opened_at: report.opened_at,
            took_ms: report.took_ms,
            connections: report.connections,
            security,
            tls,
            certificate,
            cause,
            skipped,
            evidence: if report.findings.is_empty() {
                Vec::new()
            } else {
                report.evidence
            },
            findings: report.findings,
        }
    }

    /// The finding that matters most.
    pub fn first(&self) -> Option<&FindingReport> {
        self.blocking_or_degrading().next()
    }

    /// Findings that somebody should mend.
    pub fn blocking_or_degrading(&self) -> impl Iterator<Item = &FindingReport> {
        self.findings
            .iter()
            .filter(|finding| finding.severity != Severity::Note)
    }

    /// What it comes to, for a person who has seen where it ended.
    fn verdict(&self) -> String {
        let rivals: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Blocking)
            .take(3)
            .map(|finding| format!("{} ({})", finding.title, share(finding.probability)))
            .collect();
        match (&self.cause, rivals.as_slice()) {
            (None, [_, _, ..]) => format!("Cannot be told apart from here: {}.", rivals.join("; ")),
            _ => self.summary.clone(),
        }
    }

    /// One line of JSON.
    pub fn json(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.push(b'\n');
        Ok(())
    }

    /// One line of a table.
    pub fn csv(&self, out: &mut Vec<u8>) {
        let first = self.first();
        let certificate = self.certificate.as_ref();
        let number = |number: Option<f64>| number.map(|n| n.to_string()).unwrap_or_default();
        let fields = [
            self.target.host.clone(),
            self.target.port.to_string(),
            self.target.name.clone().unwrap_or_default(),
            self.address.clone().unwrap_or_default(),
            self.outcome.slug().to_owned(),
            self.stopped_at.clone().unwrap_or_default(),
            self.cause.clone().unwrap_or_default(),
            self.blocking_or_degrading()
                .map(|finding| finding.cause.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            first
                .map(|f| f.verdict.slug().to_owned())
                .unwrap_or_default(),
            number(first.map(|f| f.probability)),
            self.summary.clone(),
            self.security.clone().unwrap_or_default(),
            self.tls.clone().unwrap_or_default(),
            certificate.map(|c| c.subject.clone()).unwrap_or_default(),
            certificate.map(|c| c.not_after.clone()).unwrap_or_default(),
            certificate
                .map(|c| c.days_left.to_string())
                .unwrap_or_default(),
            certificate.map(|c| c.sha256.clone()).unwrap_or_default(),
            number(self.took_ms),
            self.connections.to_string(),
            self.opened_at.clone(),
        ];
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(cell(field).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }

    /// One line for a person, and the verdict below it when that was not said of a host before.
    pub fn text(&self, out: &mut Vec<u8>, layout: &Layout, told: &mut BTreeSet<String>) {
        let (mark, word, color) = match self.outcome {
            Outcome::Healthy => ("✔", "healthy", "\u{1b}[32m"),
            Outcome::Degraded => ("▲", "degraded", "\u{1b}[33m"),
            Outcome::Failing => ("✖", "failing", "\u{1b}[1m\u{1b}[31m"),
            Outcome::Unknown => ("·", "unknown", ""),
        };
        let (on, off) = match (layout.colors, color) {
            (Colors::None, _) | (_, "") => ("", ""),
            (Colors::Ansi, color) => (color, "\u{1b}[0m"),
        };
        let letters = |text: String| match layout.letters {
            Letters::Unicode => text,
            Letters::Ascii => ascii(&text),
        };
        let host = harmless(&self.target.shown());
        let host = if width(&host) < 28 {
            padded(&host, 28)
        } else {
            format!("{host} ")
        };
        let took = self.took_ms.map(duration).unwrap_or_default();
        let rung = self.stopped_at.as_deref().unwrap_or_default();
        let says = match (rung, self.says.as_str()) {
            ("", says) => harmless(says),
            (rung, "") => rung.to_owned(),
            (rung, says) => format!("{rung}: {}", harmless(says)),
        };
        let mark = letters(mark.to_owned());
        let head = format!("{mark} {word:<9} {host} {took:>8}");
        let fits = width(&head) + 2 + width(&says) <= layout.width;
        let line = format!(
            "{on}{mark} {word:<9}{off} {} {took:>8}{}",
            letters(host),
            if fits {
                format!("  {}", letters(says.clone()))
            } else {
                String::new()
            }
        );
        out.extend_from_slice(line.trim_end().as_bytes());
        out.push(b'\n');
        let mut below = |text: &str| {
            for line in crate::report::wrap::wrap(text, layout.width.saturating_sub(12)) {
                out.extend_from_slice(b"            ");
                out.extend_from_slice(letters(line).as_bytes());
                out.push(b'\n');
            }
        };
        if !fits {
            below(&says);
        }
        // What a whole network has in common is said once, and counted in the closing table.
        let Some(trouble) = super::tally::title(self) else {
            return;
        };
        if !told.contains(&trouble) {
            below(&harmless(&self.verdict()));
            if told.len() < MOST_TOLD {
                told.insert(trouble);
            }
        }
    }
}

/// Troubles that are remembered as told.
const MOST_TOLD: usize = 1_000;

/// The headings of the table.
pub const HEADINGS: &str = "host,port,name,address,outcome,stopped_at,cause,may_be,verdict,probability,summary,security,tls,\
                            certificate_subject,certificate_not_after,certificate_days_left,certificate_sha256,took_ms,\
                            connections,opened_at\r\n";

/// What was seen where it ended, or of the last thing passed.
fn says(report: &Report) -> String {
    let failed = report
        .phases
        .iter()
        .find(|rung| rung.outcome == PhaseOutcome::Failed);
    if let Some(rung) = failed {
        return rung.says.clone();
    }
    // What the server agreed to and how it is secured says more than that the port is open.
    let words: Vec<&str> = report
        .phases
        .iter()
        .filter(|rung| {
            matches!(rung.phase, Phase::Negotiate | Phase::Secure)
                && matches!(rung.outcome, PhaseOutcome::Passed | PhaseOutcome::Warned)
        })
        .map(|rung| rung.says.as_str())
        .filter(|says| !says.is_empty())
        .collect();
    words.join("; ")
}

impl ScanCertificate {
    fn of(certificate: &Certificate, seen_at: i64) -> Self {
        let kind = serde_json::to_value(&certificate.key)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_else(|| "other".to_owned());
        let expires_unix = certificate.not_after.0;
        Self {
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            names: certificate
                .dns_names
                .iter()
                .cloned()
                .chain(certificate.addresses.iter().map(ToString::to_string))
                .collect(),
            not_before: utc(certificate.not_before.0),
            not_after: utc(expires_unix),
            days_left: expires_unix.saturating_sub(seen_at).div_euclid(86_400),
            self_signed: certificate.self_signed,
            key: format!("{kind} {}", certificate.key_bits),
            signature: certificate.signature.clone(),
            sha1: certificate.sha1.clone(),
            sha256: certificate.sha256.clone(),
            expires_unix,
        }
    }
}

fn utc(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// The day of a moment, UTC.
pub fn day(seconds: i64) -> String {
    utc(seconds).chars().take(10).collect()
}

/// A field of a table: quoted where it must be, and never a formula for the program that opens it.
fn cell(field: &str) -> String {
    let field = harmless(field);
    let formula = field.starts_with(['=', '+', '@', '\t'])
        || field.starts_with('-') && field.parse::<f64>().is_err();
    let field = if formula { format!("'{field}") } else { field };
    if field.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (field, expect) in [
            ("plain", "plain"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@SUM(1)", "'@SUM(1)"),
            ("-3", "-3"),
            ("-3+cmd", "'-3+cmd"),
        ] {
            assert_eq!(cell(field), expect);
        }
    }
}
