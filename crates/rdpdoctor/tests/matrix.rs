//! Every scenario against the whole catalogue, and the laws over it: what is found is what the scenario
//! expects, every cause is proven somewhere, every clue speaks, and a healthy host is healthy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diagnose::{
    CAUSES, Diagnosis, Outcome, Said, Severity, Verdict, Weighing, Weight, diagnose, weighings,
};
use lab::scenario::{self, Scenario};
use model::Evidence;
use rdpdoctor::rehearse::{self, Settings};

fn evidence(scenario: &Scenario, seed: u64) -> Evidence {
    let settings = Settings {
        seed,
        ..Settings::default()
    };
    rehearse::play(scenario, &settings).unwrap()
}

fn diagnosis(scenario: &Scenario, seed: u64) -> Diagnosis {
    diagnose(&evidence(scenario, seed))
}

/// What is wrong with a diagnosis, if anything.
fn complaints(scenario: &Scenario, found: &Diagnosis) -> Vec<String> {
    let mut complaints = Vec::new();
    let expect = &scenario.expect;
    let outcome = match expect.outcome {
        scenario::Outcome::Healthy => Outcome::Healthy,
        scenario::Outcome::Degraded => Outcome::Degraded,
        scenario::Outcome::Failing => Outcome::Failing,
        scenario::Outcome::Unknown => Outcome::Unknown,
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
    for scenario in scenario::every().unwrap() {
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

/// No rival is within reach of a cause this probable.
const SURE: f64 = 0.95;

/// What is missing widens the doubt: without the facts of a kind, or without a look, whichever, nobody is as sure
/// as of a proof of a cause that the whole does not bear out.
#[test]
fn missing_evidence_makes_sure_of_nothing_else() {
    let mut wrong = String::new();
    for scenario in scenario::every().unwrap() {
        if scenario.expect.outcome != scenario::Outcome::Failing {
            continue;
        }
        let expect = &scenario.expect;
        let whole = evidence(&scenario, 1);
        let kinds: BTreeSet<_> = whole.seen.iter().map(|seen| seen.fact.kind()).collect();
        let looks: BTreeSet<_> = whole.seen.iter().filter_map(|seen| seen.look).collect();
        let mut rests: Vec<(String, Evidence)> = Vec::new();
        for kind in kinds {
            let mut rest = whole.clone();
            rest.seen.retain(|seen| seen.fact.kind() != kind);
            rests.push((format!("{kind:?}"), rest));
        }
        for look in looks {
            let mut rest = whole.clone();
            rest.seen.retain(|seen| seen.look != Some(look));
            rest.tried.retain(|tried| tried.look != look);
            rests.push((format!("look {}", look.0), rest));
        }
        for (missing, rest) in rests {
            let found = diagnose(&rest);
            let Some(first) = found.findings.first() else {
                continue;
            };
            let fits = expect
                .top
                .iter()
                .chain(&expect.or)
                .any(|id| id == first.cause.id)
                || expect.family.as_deref() == Some(first.cause.family);
            if first.severity == Severity::Blocking && first.probability >= SURE && !fits {
                writeln!(
                    wrong,
                    "{} without {missing}: {} {:.2}",
                    scenario.id, first.cause.id, first.probability
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The law `matrix`: what every scenario says of every cause, in one file. A cause that comes to stand beside
/// another shows as a difference, before anybody is told of it.
#[test]
fn matrix() {
    let mut text = String::new();
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // Most scenarios rule out the same causes of a rung: those lists stand once, under a mark of their own.
    let mut ruled_out: BTreeMap<String, String> = BTreeMap::new();
    for scenario in scenario::every().unwrap() {
        let evidence = evidence(&scenario, 1);
        let found = diagnose(&evidence);
        let stop = found.stopped_at.map(|place| format!(" at {place}"));
        let outcome = format!("{:?}", found.outcome).to_lowercase();
        writeln!(
            text,
            "{}: {outcome}{}",
            scenario.id,
            stop.unwrap_or_default()
        )
        .unwrap();
        for (place, finding) in found.findings.iter().enumerate() {
            let verdict = format!("{:?}", finding.verdict).to_lowercase();
            let severity = match finding.severity {
                Severity::Blocking => "",
                Severity::Degrading => ", degrading",
                Severity::Note => ", a note",
            };
            writeln!(
                text,
                "  {} {verdict} {:.2} {} dB{severity}",
                finding.cause.id, finding.probability, finding.weight_db
            )
            .unwrap();
            let mark = if place == 0 { " first" } else { "" };
            named
                .entry(finding.cause.id)
                .or_default()
                .push(format!("{}{mark}", scenario.id));
        }
        let told: BTreeSet<&str> = found.findings.iter().map(|f| f.cause.id).collect();
        let all = weighings(&evidence);
        let untold = |speaks: bool| {
            let here = all.iter().filter(|one| !told.contains(one.cause.id));
            by_rung(here.filter(|one| one.weight_db != 0 && (one.weight_db > 0) == speaks))
        };
        for (phase, causes) in untold(true) {
            writeln!(text, "    untold {phase}: {causes}").unwrap();
        }
        let mut marks = Vec::new();
        for (phase, causes) in untold(false) {
            let line = format!("{phase}: {causes}");
            let mark = mark(&line);
            marks.push(format!("{phase} {mark}"));
            ruled_out.insert(format!("{phase} {mark}"), causes);
        }
        if !marks.is_empty() {
            writeln!(text, "    against {}", marks.join(", ")).unwrap();
        }
    }
    text.push_str("\nBy cause\n");
    for cause in CAUSES {
        let mut scenarios = named.remove(cause.id).unwrap_or_default();
        scenarios.sort_by_key(|name| !name.ends_with(" first"));
        writeln!(text, "  {}: {}", cause.id, scenarios.join(", ")).unwrap();
    }
    text.push_str("\nWhat speaks against causes, by the marks above\n");
    for (mark, causes) in ruled_out {
        writeln!(text, "  {mark}: {causes}").unwrap();
    }
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("matrix", text);
    });
}

/// Causes with their weights, a line for each rung.
fn by_rung<'a>(weighed: impl Iterator<Item = &'a Weighing>) -> BTreeMap<model::Phase, String> {
    let mut rungs: BTreeMap<model::Phase, String> = BTreeMap::new();
    for one in weighed {
        let name = one.cause.id;
        let name = name.split_once('.').map_or(name, |(_, name)| name);
        let line = rungs.entry(one.cause.phase).or_default();
        let comma = if line.is_empty() { "" } else { ", " };
        write!(line, "{comma}{name} {}", one.weight_db).unwrap();
    }
    rungs
}

/// A short mark that stays the same as long as the line does (FNV-1a).
fn mark(line: &str) -> String {
    let hash = line.bytes().fold(0x811C_9DC5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{:05x}", hash & 0xF_FFFF)
}

/// The law `every_cause_is_proven`: each cause comes first in some scenario that expects it. Where it looks
/// like others from outside, a scenario tells what its files, its logs or its users would.
#[test]
fn every_cause_is_proven() {
    let mut first: BTreeSet<&str> = BTreeSet::new();
    for scenario in scenario::every().unwrap() {
        let found = diagnosis(&scenario, 1);
        let Some(finding) = found.findings.first() else {
            continue;
        };
        if scenario.expect.top.as_deref() == Some(finding.cause.id) {
            first.insert(finding.cause.id);
        }
    }
    let never: Vec<&str> = CAUSES
        .iter()
        .map(|cause| cause.id)
        .filter(|id| !first.contains(id))
        .collect();
    assert!(
        never.is_empty(),
        "{} causes come first in no scenario:\n{}",
        never.len(),
        never.join("\n")
    );
}

/// The law `every_clue_speaks`: each clue is once so and once not, over all scenarios. A side that weighs
/// nothing has nothing to say.
#[test]
fn every_clue_speaks() {
    let mut spoken: BTreeSet<(&str, usize, bool)> = BTreeSet::new();
    for scenario in scenario::every().unwrap() {
        for weighing in weighings(&evidence(&scenario, 1)) {
            for (place, said) in weighing.clues.iter().enumerate() {
                if *said != Said::Silent {
                    spoken.insert((weighing.cause.id, place, *said == Said::For));
                }
            }
        }
    }
    let mut silent = Vec::new();
    for cause in CAUSES {
        for (place, clue) in cause.clues.iter().enumerate() {
            for (side, weight, words) in [
                (true, clue.weight, clue.says),
                (false, clue.against, clue.denies),
            ] {
                if weight > Weight::None && !spoken.contains(&(cause.id, place, side)) {
                    let side = if side { "for" } else { "against" };
                    silent.push(format!("{} #{place} {side}: {words}", cause.id));
                }
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{} sides of clues never speak:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

/// The law `healthy_is_healthy`, with other draws of what varies: nothing that blocks or degrades is found.
#[test]
fn healthy_is_healthy() {
    let mut wrong = String::new();
    let mut healthy = 0;
    for scenario in scenario::every().unwrap() {
        if scenario.expect.outcome != scenario::Outcome::Healthy {
            continue;
        }
        healthy += 1;
        for seed in 1..=8 {
            let found = diagnosis(&scenario, seed);
            let hurts = found
                .findings
                .iter()
                .any(|finding| finding.severity != Severity::Note);
            if found.outcome != Outcome::Healthy || hurts {
                writeln!(
                    wrong,
                    "{} with seed {seed}:\n{}",
                    scenario.id,
                    story(&found)
                )
                .unwrap();
            }
        }
    }
    assert!(healthy >= 20, "{healthy} healthy hosts");
    assert!(wrong.is_empty(), "\n{wrong}");
}
