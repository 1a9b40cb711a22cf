//! Every scenario leads to the diagnosis it names.

use std::sync::Arc;

use diagnose::{CAUSES, Diagnosis, diagnose};
use lab::scenario::{self, Outcome, Scenario, Verdict};
use probe::Options;
use rdpdoctor::demo;
use rdpdoctor::rehearse::{self, Settings};

/// What a diagnosis misses of what a scenario expects.
fn missed(scenario: &Scenario, diagnosis: &Diagnosis) -> Option<String> {
    let expect = &scenario.expect;
    let found: Vec<String> = diagnosis
        .findings
        .iter()
        .map(|finding| format!("{} {:.2}", finding.cause.id, finding.probability))
        .collect();
    let outcome = match expect.outcome {
        Outcome::Healthy => diagnose::Outcome::Healthy,
        Outcome::Degraded => diagnose::Outcome::Degraded,
        Outcome::Failing => diagnose::Outcome::Failing,
        Outcome::Unknown => diagnose::Outcome::Unknown,
    };
    let first = diagnosis.findings.first();
    let right = match (&expect.top, first) {
        (None, first) => first.is_none(),
        (Some(_), None) => false,
        (Some(top), Some(first)) => {
            let is_first = first.cause.id == top;
            let rival = expect.or.iter().any(|or| or == first.cause.id)
                && diagnosis
                    .findings
                    .iter()
                    .any(|finding| finding.cause.id == top);
            let least = match expect.verdict {
                None | Some(Verdict::Possible) => diagnose::Verdict::Possible,
                Some(Verdict::Likely) => diagnose::Verdict::Likely,
                Some(Verdict::Proven) => diagnose::Verdict::Proven,
            };
            // The surest word is the smallest.
            (is_first || rival) && (!is_first || first.verdict <= least)
        }
    };
    let expected = expect.top.as_deref().unwrap_or("nothing");
    (!right || diagnosis.outcome != outcome).then(|| {
        format!(
            "{}: expected {expected} ({outcome:?}), found {found:?} ({:?})",
            scenario.id, diagnosis.outcome
        )
    })
}

#[test]
fn expectations_name_causes_and_their_families() {
    for scenario in scenario::every().unwrap() {
        let expect = &scenario.expect;
        for id in expect.top.iter().chain(&expect.or) {
            let cause = CAUSES.iter().find(|cause| cause.id == id);
            assert!(cause.is_some(), "{}: there is no cause {id}", scenario.id);
            if Some(id) == expect.top.as_ref() {
                let family = cause.map(|cause| cause.family);
                assert_eq!(family, expect.family.as_deref(), "{}: {id}", scenario.id);
            }
        }
    }
}

#[test]
fn every_scenario_is_diagnosed() {
    let mut wrong = Vec::new();
    for scenario in scenario::every().unwrap() {
        let evidence = rehearse::play(&scenario, &Settings::default()).unwrap();
        wrong.extend(missed(&scenario, &diagnose(&evidence)));
    }
    assert!(
        wrong.is_empty(),
        "{} scenarios:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Demonstrations that run beside each other: few enough that none waits for another's cryptography.
const BESIDE: usize = 4;

/// `rdpdoctor demo` over all it lists: over sockets where they can show the fault.
#[test]
fn every_demonstration_shows_its_cause() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let wrong: Vec<String> = runtime.block_on(async {
        let places = Arc::new(tokio::sync::Semaphore::new(BESIDE));
        let mut looks = tokio::task::JoinSet::new();
        for scenario in scenario::all().unwrap() {
            let places = Arc::clone(&places);
            looks.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let demo = demo::start(Some(&scenario.id)).await.unwrap();
                let evidence = demo.look(Options::default(), |_| ()).await.unwrap();
                missed(&scenario, &diagnose(&evidence))
            });
        }
        looks.join_all().await.into_iter().flatten().collect()
    });
    assert!(
        wrong.is_empty(),
        "{} demonstrations:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
