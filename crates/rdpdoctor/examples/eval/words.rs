//! Cases of a collection, told by their words alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::score::{CONFIDENT, Claim, number, reliability, share};
use super::table::Section;

/// A case of the collection.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    client: Option<String>,
    #[serde(default)]
    server: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    symptoms: String,
    confirmed_cause: String,
    #[serde(default)]
    confidence: String,
}

/// A case, and the families that were named for it.
struct Told {
    case: Case,
    families: Vec<(&'static str, f64)>,
    understood: usize,
}

impl Told {
    fn place(&self) -> Option<usize> {
        self.families
            .iter()
            .position(|(family, _)| *family == self.case.confirmed_cause)
    }

    /// The half that the phrases were written with; the other was not looked at.
    fn is_shown(&self) -> bool {
        let hash = self
            .case
            .id
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
            });
        (hash >> 17).is_multiple_of(2)
    }
}

/// The section, from the collection.
pub fn section(cases: Option<&Path>, show: bool) -> Result<Section> {
    let mut section = Section::of(
        "Reported cases, by their words alone",
        "A collection of public reports of failing connections with a known cause. Nothing is looked at: the codes \
         and symptoms of a case, with its client and server as the report names them, are all there is, as with \
         `rdpdoctor explain`. A case is right when the family of its cause is among the first three. The collection \
         is split in two by a hash of each case's name; words and phrases were written with one half in view, and \
         only counts were ever taken of the other; the priors are counted over the half in view too. Detectors of \
         vendors name the cause and no symptom; they are counted apart. What no text can tell is said below \
         (`docs/decisions.md`, \"What words cannot tell\").",
    );
    let Some(path) = cases else {
        section
            .remarks
            .push("not measured: no collection was given (--cases)".to_owned());
        return Ok(section);
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut told = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let case: Case = serde_json::from_str(line)
            .with_context(|| format!("{} holds a line that is no case", path.display()))?;
        told.push(tell(case));
    }
    let known: Vec<&Told> = told
        .iter()
        .filter(|one| one.case.confirmed_cause != "unknown")
        .collect();
    section.number("cases with a known cause", number(known.len()), 0, "");
    let reports = |one: &&Told| one.case.kind != "vendor-detector";
    let sure = |one: &&Told| matches!(one.case.confidence.as_str(), "high" | "medium");
    for (name, wanted) in [("the half in view", true), ("the other half", false)] {
        let half: Vec<&Told> = known
            .iter()
            .copied()
            .filter(|one| one.is_shown() == wanted)
            .collect();
        let people: Vec<&Told> = half.iter().copied().filter(|one| reports(one)).collect();
        let certain: Vec<&Told> = people.iter().copied().filter(|one| sure(one)).collect();
        let target = if wanted { "" } else { "75 %" };
        for (who, cases, target) in [
            ("all", &half, target),
            ("reports of people", &people, ""),
            ("reports whose cause is certain", &certain, ""),
        ] {
            let count = cases.len();
            section.share(
                &format!("{name}, {who} ({count}): among three"),
                share(cases, |one| one.place().is_some_and(|place| place < 3)),
                target,
            );
            section.share(
                &format!("{name}, {who}: first"),
                share(cases, |one| one.place() == Some(0)),
                "",
            );
        }
    }
    section.share(
        "at least 90 % sure and wrong",
        share(&known, |one| {
            one.families
                .first()
                .is_some_and(|(_, sure)| *sure >= CONFIDENT)
                && one.place() != Some(0)
        }),
        "0.5 % at most",
    );
    section.share(
        "nothing understood",
        share(&known, |one| one.understood == 0),
        "",
    );
    for (name, wanted) in [("the half in view", true), ("the other half", false)] {
        let claims: Vec<Claim> = known
            .iter()
            .filter(|one| one.is_shown() == wanted)
            .filter_map(|one| {
                one.families.first().map(|(family, said)| Claim {
                    said: *said,
                    right: *family == one.case.confirmed_cause,
                })
            })
            .collect();
        section.reliable(
            &format!("the first family is the cause, {name}"),
            reliability(&claims),
            "",
        );
    }
    // Which families no words gave away, in the half in view.
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in known.iter().filter(|one| one.is_shown()) {
        let (missed, all) = families
            .entry(one.case.confirmed_cause.as_str())
            .or_default();
        *all += 1;
        *missed += usize::from(one.place().is_none_or(|place| place >= 3));
    }
    let missed: Vec<String> = families
        .into_iter()
        .filter(|(_, (missed, _))| *missed > 0)
        .map(|(family, (missed, all))| format!("{family} {missed} of {all}"))
        .collect();
    section.remarks.push(format!(
        "not among three, in the half in view: {}",
        missed.join(", ")
    ));
    for one in known.iter().filter(|one| one.is_shown()) {
        let place = one.place();
        if place.is_some_and(|place| place < 3) {
            continue;
        }
        let named: Vec<String> = one
            .families
            .iter()
            .take(3)
            .map(|(family, sure)| format!("{family} {:.0} %", sure * 100.0))
            .collect();
        if show {
            println!(
                "{} {}: {:?} {:?}\n    {} ({place:?}) [{}]",
                one.case.id,
                one.case.title,
                one.case.codes,
                one.case.symptoms,
                one.case.confirmed_cause,
                named.join(", ")
            );
        }
    }
    Ok(section)
}

fn tell(case: Case) -> Told {
    let mut words = case.codes.clone();
    words.push(case.symptoms.clone());
    let spoken = rdpdoctor::explain::spoken(&words, case.client.as_deref(), case.server.as_deref());
    let diagnosis = diagnose::diagnose(&spoken);
    let mut families: Vec<(&'static str, f64)> = Vec::new();
    for finding in &diagnosis.findings {
        let family = finding.cause.family;
        match families.iter_mut().find(|(known, _)| *known == family) {
            Some((_, sure)) => *sure += finding.probability,
            None => families.push((family, finding.probability)),
        }
    }
    Told {
        understood: spoken.seen.len(),
        case,
        families,
    }
}
