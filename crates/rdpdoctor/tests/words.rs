//! Reports of strangers: what a person tells is enough, more often than not, to name what it was.

use std::collections::BTreeSet;

use serde::Deserialize;

/// Reports retold in a sentence or two, as they were told before their cause was known, each with its address where
/// it has one of its own: notes of a project have none.
const REPORTS: &str = include_str!("data/reports.jsonl");

/// How many of a hundred of the half that no words and phrases were taken from must have their family among the first
/// three. It is measured by `cargo xtask eval`; this is a floor under it, not the measure.
const FLOOR: usize = 70;

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

/// The report is of the half that words and phrases were taken from.
fn is_in_view(report: &Report) -> bool {
    let hash = report
        .id
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    (hash >> 17).is_multiple_of(2)
}

#[test]
fn most_reports_of_strangers_are_understood() {
    let mut reports = reports();
    reports.retain(|report| !is_in_view(report));
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
        assert!(
            report.url.is_empty() || addresses.insert(report.url.clone()),
            "{}",
            report.url
        );
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
