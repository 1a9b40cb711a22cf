//! Every scenario against the whole catalogue: what is found is what the scenario expects, and nothing that
//! should not be there.

use std::fmt::Write as _;

use diagnose::{Diagnosis, Outcome, Verdict, diagnose};
use lab::scenario::{self, Scenario};
use rdpdoctor::rehearse::{self, Settings};

fn diagnosis(scenario: &Scenario, seed: u64) -> Diagnosis {
    let settings = Settings {
        seed,
        ..Settings::default()
    };
    diagnose(&rehearse::play(scenario, &settings).unwrap())
}

/// What is wrong with a diagnosis, if anything.
fn complaints(scenario: &Scenario, found: &Diagnosis) -> Vec<String> {
    let mut complaints = Vec::new();
    let expect = &scenario.expect;
    let outcome = match expect.outcome {
        scenario::Outcome::Healthy => Outcome::Healthy,
        scenario::Outcome::Degraded => Outcome::Degraded,
        scenario::Outcome::Failing => Outcome::Failing,
    };
    if found.outcome != outcome {
        complaints.push(format!("{:?} instead of {outcome:?}", found.outcome));
    }
    let ids: Vec<&str> = found.findings.iter().map(|f| f.cause.id).collect();
    let Some(top) = &expect.top else {
        if !ids.is_empty() {
            complaints.push(format!("found {ids:?} where nothing is wrong"));
        }
        return complaints;
    };
    let first = ids.first().copied().unwrap_or("nothing");
    if first != top && !expect.or.iter().any(|other| other == first) {
        complaints.push(format!("{first} instead of {top}"));
    }
    let Some(finding) = found.findings.iter().find(|f| f.cause.id == top) else {
        complaints.push(format!("{top} is not among {ids:?}"));
        return complaints;
    };
    if let Some(family) = &expect.family
        && finding.cause.family != family
    {
        complaints.push(format!("{} instead of {family}", finding.cause.family));
    }
    let least = match expect.verdict {
        Some(scenario::Verdict::Proven) => Verdict::Proven,
        Some(scenario::Verdict::Likely) => Verdict::Likely,
        Some(scenario::Verdict::Possible) | None => Verdict::Possible,
    };
    if finding.verdict > least {
        complaints.push(format!("{:?} instead of {least:?}", finding.verdict));
    }
    complaints
}

fn story(diagnosis: &Diagnosis) -> String {
    let mut text = String::new();
    for rung in &diagnosis.rungs {
        writeln!(text, "    {} {:?}: {}", rung.place, rung.outcome, rung.says).unwrap();
    }
    for finding in &diagnosis.findings {
        writeln!(
            text,
            "    {} {:?} {:?} {} dB {:.3}",
            finding.cause.id,
            finding.severity,
            finding.verdict,
            finding.weight_db,
            finding.probability
        )
        .unwrap();
        for reason in finding.because.iter().chain(&finding.despite) {
            writeln!(text, "        {:+} {}", reason.weight_db, reason.says).unwrap();
        }
    }
    text
}

#[test]
fn every_scenario_is_told_as_it_is() {
    let mut wrong = String::new();
    for scenario in scenario::all().unwrap() {
        let found = diagnosis(&scenario, 1);
        let complaints = complaints(&scenario, &found);
        if !complaints.is_empty() {
            writeln!(
                wrong,
                "{}: {}\n{}",
                scenario.id,
                complaints.join("; "),
                story(&found)
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
