//! Findings as SARIF 2.1.0, for pipelines and code scanning: one result for each trouble of a host, one rule for
//! each cause.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::words::{count, share};
use super::{FindingReport, Outcome, Report, Severity};
use crate::scan::line::ScanLine;

/// The schema of the format.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The rule of hosts on which no known cause fits.
const UNEXPLAINED: &str = "rdpdoctor.unexplained";
/// The rule of hosts that could not be looked at.
const NOT_LOOKED_AT: &str = "rdpdoctor.not-looked-at";

/// A host, and what was concluded about it.
#[derive(Clone, Debug)]
pub struct Subject<'r> {
    host: String,
    port: u16,
    name: Option<&'r str>,
    file: Option<(&'r str, Option<u64>)>,
    outcome: Outcome,
    summary: &'r str,
    findings: &'r [FindingReport],
}

impl<'r> Subject<'r> {
    /// The host of a line of a scan.
    pub fn of_line(line: &'r ScanLine) -> Self {
        Self {
            host: line.target.host.clone(),
            port: line.target.port,
            name: line.target.name.as_deref(),
            file: line
                .target
                .file
                .as_deref()
                .map(|file| (file, line.target.line)),
            outcome: line.outcome,
            summary: &line.summary,
            findings: &line.findings,
        }
    }

    /// The host of a report.
    pub fn of_report(report: &'r Report) -> Self {
        Self {
            host: report.target.host.clone(),
            port: report.target.port,
            name: None,
            file: None,
            outcome: report.outcome,
            summary: &report.summary,
            findings: &report.findings,
        }
    }

    fn endpoint(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// A document that is written host by host.
#[derive(Debug, Default)]
pub struct Stream {
    /// The place of each rule that was used.
    rules: BTreeMap<String, usize>,
    results: usize,
}

/// The document of one report.
pub fn document(report: &Report) -> serde_json::Result<String> {
    let mut stream = Stream::default();
    let mut out = Vec::new();
    stream.begin(&mut out);
    stream.put(&Subject::of_report(report), &mut out)?;
    stream.end(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

impl Stream {
    /// Writes what comes before the first host.
    pub fn begin(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(
            format!("{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"results\":[")
                .as_bytes(),
        );
    }

    /// Writes the results of a host.
    pub fn put(&mut self, subject: &Subject<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let blocking: Vec<&FindingReport> = subject
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Blocking)
            .collect();
        if let Some((first, rivals)) = blocking.split_first() {
            let mut text = format!("{}: {}", subject.endpoint(), subject.summary);
            text.push_str(&format!(
                " {} ({}).",
                sentence(first),
                share(first.probability)
            ));
            if !rivals.is_empty() {
                let rivals: Vec<String> = rivals
                    .iter()
                    .take(4)
                    .map(|rival| format!("{} ({})", rival.title, share(rival.probability)))
                    .collect();
                text.push_str(&format!(" It may also be: {}.", rivals.join("; ")));
            }
            self.result(subject, Some(first), &first.cause, "error", text, out)?;
        }
        for finding in subject.findings {
            let level = match finding.severity {
                Severity::Blocking => continue,
                Severity::Degrading => "warning",
                Severity::Note => "note",
            };
            let text = format!("{}: {}.", subject.endpoint(), sentence(finding));
            self.result(subject, Some(finding), &finding.cause, level, text, out)?;
        }
        if subject.findings.is_empty() {
            let text = format!("{}: {}", subject.endpoint(), subject.summary);
            match subject.outcome {
                Outcome::Healthy => {}
                Outcome::Failing | Outcome::Degraded => {
                    self.result(subject, None, UNEXPLAINED, "error", text, out)?;
                }
                Outcome::Unknown => self.result(subject, None, NOT_LOOKED_AT, "none", text, out)?,
            }
        }
        Ok(())
    }

    fn result(
        &mut self,
        subject: &Subject<'_>,
        finding: Option<&FindingReport>,
        rule: &str,
        level: &str,
        text: String,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        let next = self.rules.len();
        let index = *self.rules.entry(rule.to_owned()).or_insert(next);
        let endpoint = subject.endpoint();
        let mut physical = json!({ "artifactLocation": { "uri": format!("rdp://{endpoint}") } });
        if let Some((file, line)) = subject.file {
            physical = json!({ "artifactLocation": { "uri": uri(file) } });
            if let (Some(line), Some(physical)) = (line, physical.as_object_mut()) {
                physical.insert("region".to_owned(), json!({ "startLine": line.max(1) }));
            }
        }
        let mut result = json!({
            "ruleId": rule,
            "ruleIndex": index,
            // What is not known is open, and open results have no level.
            "kind": if level == "none" { "open" } else { "fail" },
            "level": level,
            "message": { "text": text },
            "locations": [{
                "physicalLocation": physical,
                "logicalLocations": [{
                    "name": subject.name.unwrap_or(&subject.host),
                    "fullyQualifiedName": endpoint,
                    "kind": "resource",
                }],
            }],
            "partialFingerprints": { "causeAndHost/v1": format!("{rule}@{endpoint}") },
        });
        if let (Some(finding), Some(result)) = (finding, result.as_object_mut()) {
            result.insert("rank".to_owned(), json!(finding.probability * 100.0));
            result.insert(
                "properties".to_owned(),
                json!({
                    "verdict": finding.verdict.slug(),
                    "side": finding.side.slug(),
                    "family": finding.family,
                    "because": finding.because.iter().map(|reason| &reason.says).collect::<Vec<_>>(),
                    "despite": finding.despite.iter().map(|reason| &reason.says).collect::<Vec<_>>(),
                    "remedies": finding.remedies,
                }),
            );
        }
        if self.results > 0 {
            out.push(b',');
        }
        self.results = self.results.saturating_add(1);
        out.push(b'\n');
        serde_json::to_writer(out, &result)
    }

    /// Writes what comes behind the last host: the tool, with the rules that were used.
    pub fn end(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let mut rules: Vec<(&str, usize)> = self
            .rules
            .iter()
            .map(|(rule, index)| (rule.as_str(), *index))
            .collect();
        rules.sort_by_key(|(_, index)| *index);
        let rules: Vec<Value> = rules.into_iter().map(|(id, _)| rule(id)).collect();
        let tool = json!({ "driver": {
            "name": "rdpdoctor",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        } });
        out.extend_from_slice(b"\n],\"tool\":");
        serde_json::to_writer(&mut *out, &tool)?;
        out.extend_from_slice(b",\"columnKind\":\"unicodeCodePoints\"}]}\n");
        Ok(())
    }
}

/// A cause as a rule.
fn rule(id: &str) -> Value {
    let Some(cause) = diagnose::cause(id) else {
        let says = match id {
            UNEXPLAINED => "The connection fails, and no known cause fits what was seen",
            _ => "The host could not be looked at, or not far enough to say",
        };
        return json!({ "id": id, "shortDescription": { "text": says } });
    };
    let level = match cause.severity {
        diagnose::Severity::Blocking => "error",
        diagnose::Severity::Degrading => "warning",
        diagnose::Severity::Note => "note",
    };
    json!({
        "id": id,
        "shortDescription": { "text": cause.title },
        "help": {
            "text": format!("rdpdoctor explain {id}"),
            "markdown": diagnose::page(id).unwrap_or_default(),
        },
        "defaultConfiguration": { "level": level },
        "properties": { "tags": [cause.phase.slug(), cause.family] },
    })
}

/// The title and what speaks for it.
fn sentence(finding: &FindingReport) -> String {
    match finding.because.first() {
        Some(reason) => format!("{}, because {}", finding.title, reason.says),
        None => format!("{}, by {}", finding.title, count(0, "observation")),
    }
}

/// The path of a file as a reference: relative ones stay so.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        for (path, expect) in [
            ("hosts.csv", "hosts.csv"),
            ("our hosts.csv", "our%20hosts.csv"),
            ("/srv/hosts.csv", "file:///srv/hosts.csv"),
            ("lists\\hosts.csv", "lists/hosts.csv"),
            ("standard input", "standard%20input"),
        ] {
            assert_eq!(uri(path), expect);
        }
    }
}
