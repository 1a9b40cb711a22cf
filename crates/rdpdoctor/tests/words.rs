//! Reports of strangers: what a person tells is enough, more often than not, to name what it was.

use std::collections::BTreeSet;

use serde::Deserialize;

/// Reports retold in a sentence or two, as they were told before their cause was known, each with its address.
const REPORTS: &str = include_str!("data/reports.jsonl");

/// How many of a hundred must have their family among the first three. It is measured by `cargo xtask eval`; this
/// is a floor under it, not the measure.
const FLOOR: usize = 75;

#[derive(Deserialize)]
struct Report {
    id: String,
    url: String,
    client: String,
    server: String,
    codes: Vec<String>,
    symptoms: String,
    confirmed_cause: String,
}

fn reports() -> Vec<Report> {
    REPORTS
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn most_reports_of_strangers_are_understood() {
    let reports = reports();
    let missed: Vec<String> = reports
        .iter()
        .filter_map(|report| {
            let mut words = report.codes.clone();
            words.push(report.symptoms.clone());
            let spoken = rdpdoctor::explain::spoken(
                &words,
                Some(report.client.as_str()),
                Some(report.server.as_str()),
            );
            let families = diagnose::diagnose(&spoken).families();
            let named = families
                .iter()
                .take(3)
                .any(|(family, _)| *family == report.confirmed_cause);
            (!named).then(|| report.id.clone())
        })
        .collect();
    let found = reports.len() - missed.len();
    assert!(
        100 * found >= FLOOR * reports.len(),
        "only {found} of {}",
        reports.len(),
    );
}

#[test]
fn each_report_stands_once_and_has_a_known_cause() {
    let mut names = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    for report in reports() {
        assert!(addresses.insert(report.url.clone()), "{}", report.url);
        assert!(
            diagnose::CAUSES
                .iter()
                .any(|cause| cause.family == report.confirmed_cause),
            "{}: {}",
            report.id,
            report.confirmed_cause
        );
        assert!(names.insert(report.id), "{}", report.url);
    }
}
