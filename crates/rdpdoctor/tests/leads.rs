//! What to look at next, over all scenarios: rivals of a verdict can be told apart, and every kind of look is named
//! somewhere.

use std::collections::BTreeMap;

use diagnose::{Severity, diagnose};
use lab::scenario;
use rdpdoctor::rehearse::{self, Settings};

/// Looks that a person can take, as leads name them: a word of each.
const LOOKS: &[(&str, &str)] = &[
    ("a run with a user", "--user NAME"),
    ("from inside", "in the network of"),
    ("from another network", "from another network"),
    ("on the server", "who listens on which port"),
    ("an event log", "source Schannel"),
    ("a capture", "capture port"),
    ("as an administrator", "/admin"),
    ("over TCP alone", "over TCP alone"),
    ("by address", "instead of its name"),
];

/// Two causes of one verdict this probable have to be told apart.
const RIVAL: f64 = 0.1;

#[test]
fn rivals_have_a_lead_that_tells_them_apart() {
    let mut missing = Vec::new();
    let mut offered: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in scenario::every().unwrap() {
        let evidence = rehearse::play(&scenario, &Settings::default()).unwrap();
        let found = diagnose(&evidence);
        for (look, words) in LOOKS {
            let named = |lead: &diagnose::Lead| {
                lead.look.contains(words)
                    || lead.command.as_ref().is_some_and(|run| run.contains(words))
            };
            if found.leads.iter().any(named) {
                *offered.entry(look).or_default() += 1;
            }
        }
        if found.findings.is_empty() && !found.leads.is_empty() {
            missing.push(format!("{}: leads, and nothing was found", scenario.id));
        }
        let first = found.findings.first().map(|finding| finding.severity);
        let rivals: Vec<_> = found
            .findings
            .iter()
            .filter(|finding| Some(finding.severity) == first && finding.probability >= RIVAL)
            .filter(|finding| finding.severity == Severity::Blocking || finding.cause.explains)
            .collect();
        let [one, others @ ..] = rivals.as_slice() else {
            continue;
        };
        // What a look tells stands in its words whatever the host is called.
        let names = |cause: &diagnose::Cause, lead: &diagnose::Lead| {
            cause.asks.iter().any(|ask| {
                lead.why
                    .starts_with(ask.why.split('{').next().unwrap_or_default())
            })
        };
        for other in others {
            // A look that both name points to one of them, or tells on which side it is.
            let told = found
                .leads
                .iter()
                .any(|lead| names(one.cause, lead) || names(other.cause, lead));
            if one.cause.id != other.cause.id && one.probability + other.probability < 1.2 && !told
            {
                missing.push(format!(
                    "{}: {} and {}",
                    scenario.id, one.cause.id, other.cause.id
                ));
            }
        }
    }
    for (look, _) in LOOKS {
        if !offered.contains_key(look) {
            missing.push(format!("nowhere offered: {look}"));
        }
    }
    assert!(missing.is_empty(), "{offered:?}\n{}", missing.join("\n"));
}
