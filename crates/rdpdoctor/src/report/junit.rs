//! Hosts as test cases in the XML that pipelines know from JUnit: a host that fails, or that something should be
//! mended on, is a failed test.

use std::fmt::Write as _;

use super::words::share;
use super::wrap::harmless;
use super::{FindingReport, Outcome, Report};
use crate::scan::line::ScanLine;

/// A host as a test case.
#[derive(Clone, Debug)]
pub struct Case {
    name: String,
    file: Option<(String, Option<u64>)>,
    seconds: f64,
    result: Outcome,
    skipped: Option<String>,
    /// What went wrong, in one word, a sentence and a text.
    kind: String,
    message: String,
    text: String,
}

impl Case {
    /// The host of a line of a scan.
    pub fn of_line(line: &ScanLine) -> Self {
        Self {
            file: line
                .target
                .file
                .clone()
                .map(|file| (file, line.target.line)),
            skipped: line.skipped.clone(),
            ..Self::of(
                line.target.shown(),
                line.took_ms,
                line.outcome,
                &line.summary,
                &line.findings,
            )
        }
    }

    /// The host of a report.
    pub fn of_report(report: &Report) -> Self {
        Self::of(
            super::words::target(report),
            report.took_ms,
            report.outcome,
            &report.summary,
            &report.findings,
        )
    }

    fn of(
        name: String,
        took_ms: Option<f64>,
        result: Outcome,
        summary: &str,
        findings: &[FindingReport],
    ) -> Self {
        let mut text = String::new();
        // A healthy host needs no words.
        if result != Outcome::Healthy {
            for finding in findings {
                let _ = writeln!(
                    text,
                    "{}: {} ({}, {})",
                    finding.cause,
                    finding.title,
                    finding.verdict.slug(),
                    share(finding.probability)
                );
                for reason in &finding.because {
                    let _ = writeln!(text, "  because {}", reason.says);
                }
                for reason in &finding.despite {
                    let _ = writeln!(text, "  despite {}", reason.says);
                }
            }
        }
        Self {
            name,
            file: None,
            seconds: took_ms.unwrap_or(0.0) / 1000.0,
            result,
            skipped: None,
            kind: findings
                .first()
                .map_or_else(|| result.slug().to_owned(), |finding| finding.cause.clone()),
            message: summary.to_owned(),
            text,
        }
    }
}

/// The document.
pub fn document(suite: &str, cases: &[Case]) -> String {
    let number = |judge: fn(&Case) -> bool| cases.iter().filter(|case| judge(case)).count();
    let failures = number(|case| matches!(case.result, Outcome::Failing | Outcome::Degraded));
    let skipped = number(|case| case.result == Outcome::Unknown && case.skipped.is_some());
    let errors = number(|case| case.result == Outcome::Unknown && case.skipped.is_none());
    let seconds: f64 = cases.iter().map(|case| case.seconds).sum();
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{seconds:.3}\"",
        cases.len()
    );
    let suite = escaped(suite);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{suite}\" {counts}>\n  <testsuite name=\"{suite}\" {counts}>\n"
    );
    for case in cases {
        // Writing to a string does not fail.
        let _ = write(&mut xml, case);
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn write(xml: &mut String, case: &Case) -> std::fmt::Result {
    write!(
        xml,
        "    <testcase classname=\"rdpdoctor\" name=\"{}\" time=\"{:.3}\"",
        escaped(&case.name),
        case.seconds
    )?;
    if let Some((file, line)) = &case.file {
        write!(xml, " file=\"{}\"", escaped(file))?;
        if let Some(line) = line {
            write!(xml, " line=\"{line}\"")?;
        }
    }
    let message = escaped(&case.message);
    match (case.result, &case.skipped) {
        (Outcome::Healthy, _) => writeln!(xml, "/>"),
        (Outcome::Failing | Outcome::Degraded, _) => writeln!(
            xml,
            ">\n      <failure type=\"{}\" message=\"{message}\">{}</failure>\n    </testcase>",
            escaped(&case.kind),
            escaped(&case.text)
        ),
        (Outcome::Unknown, Some(why)) => writeln!(
            xml,
            ">\n      <skipped message=\"{}\"/>\n    </testcase>",
            escaped(why)
        ),
        (Outcome::Unknown, None) => writeln!(
            xml,
            ">\n      <error type=\"unknown\" message=\"{message}\">{}</error>\n    </testcase>",
            escaped(&case.text)
        ),
    }
}

/// Text for an attribute or an element. Line ends stay; other control characters are written as their numbers.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for letter in harmless(line).chars() {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&apos;"),
                // Not characters of XML, even by number.
                '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
                letter => out.push(letter),
            }
        }
    }
    out
}
