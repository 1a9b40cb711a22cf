//! Cases of a collection, told by their words alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use model::Fact;
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
    /// What was understood of its words.
    heard: Vec<String>,
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

    /// Detectors of vendors name the cause.
    fn is_of_people(&self) -> bool {
        self.case.kind != "vendor-detector"
    }

    fn is_certain(&self) -> bool {
        matches!(self.case.confidence.as_str(), "high" | "medium")
    }

    fn print(&self) {
        let named: Vec<String> = self
            .families
            .iter()
            .take(3)
            .map(|(family, sure)| format!("{family} {:.0} %", sure * 100.0))
            .collect();
        println!(
            "{} {}: {:?} {:?}\n    {} ({:?}) [{}]\n    heard: {}",
            self.case.id,
            self.case.title,
            self.case.codes,
            self.case.symptoms,
            self.case.confirmed_cause,
            self.place(),
            named.join(", "),
            self.heard.join(", ")
        );
    }
}

/// The sections: the collection that is given, and the reports of strangers that the project keeps.
pub fn sections(cases: Option<&Path>, show: bool) -> Result<Vec<Section>> {
    let mut given = Section::of(
        "Reported cases, by their words alone",
        "A collection of public reports of failing connections with a known cause. Nothing is looked at: the codes \
         and symptoms of a case, with its client and server as the report names them, are all there is, as with \
         `rdpdoctor explain`. A case is right when the family of its cause is among the first three. The collection \
         is split in two by a hash of each case's name; words and phrases were written with one half in view and are \
         taken from it, so that its figures measure nothing, and only counts were ever taken of the other, which is \
         the measure; the priors are counted over the half in view too. Detectors of \
         vendors name the cause and no symptom; they are counted apart. What no text can tell is said below \
         (`docs/decisions.md`, \"What words cannot tell\").",
    );
    match cases {
        None => given
            .remarks
            .push("not measured: no collection was given (--cases)".to_owned()),
        Some(path) => {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            measure(
                &mut given,
                &text,
                show,
                [
                    ("all", "75 %"),
                    PEOPLE,
                    ("reports whose cause is certain", ""),
                ],
            )
            .with_context(|| format!("{} holds a line that is no case", path.display()))?;
        }
    }
    let mut strangers = Section::of(
        "Reports of strangers, by their words alone",
        "Other public reports whose cause became known in their thread, none of them in the collection above; \
         `crates/rdpdoctor/tests/data/reports.jsonl` retells each in a sentence or two, as it was told before the \
         cause was known, with its address. Measured as above. They were gathered in two lots, each after the words \
         and phrases had been written, and measured before any was changed: of the first 84 then 71.4 % were among \
         three, and of the 105 after these, which tell less, 57.1 %. Since, phrases were written with one half of \
         them in view, and words are taken from it.",
    );
    measure(
        &mut strangers,
        REPORTS,
        show,
        [("all", "75 %"), ("reports whose cause is certain", "")],
    )
    .context("reports.jsonl holds a line that is no case")?;
    Ok(vec![given, strangers])
}

/// The reports of strangers.
const REPORTS: &str = include_str!("../../tests/data/reports.jsonl");
/// Those that people wrote.
const PEOPLE: (&str, &str) = ("reports of people", "");

/// Measures a collection. `groups` are what is told apart in it, each with the target of the half that was not
/// looked at.
fn measure<const N: usize>(
    section: &mut Section,
    text: &str,
    show: bool,
    groups: [(&str, &str); N],
) -> Result<()> {
    let mut told = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        told.push(tell(serde_json::from_str(line)?));
    }
    let known: Vec<&Told> = told
        .iter()
        .filter(|one| one.case.confirmed_cause != "unknown")
        .collect();
    section.number("cases with a known cause", number(known.len()), 0, "");
    for (name, wanted) in HALVES {
        let half: Vec<&Told> = known
            .iter()
            .copied()
            .filter(|one| one.is_shown() == wanted)
            .collect();
        for (who, target) in groups {
            let cases: Vec<&Told> = half
                .iter()
                .copied()
                .filter(|one| match who {
                    "all" => true,
                    "reports of people" => one.is_of_people(),
                    _ => one.is_of_people() && one.is_certain(),
                })
                .collect();
            let count = cases.len();
            section.share(
                &format!("{name}, {who} ({count}): among three"),
                share(&cases, |one| one.place().is_some_and(|place| place < 3)),
                if wanted { "" } else { target },
            );
            section.share(
                &format!("{name}, {who}: first"),
                share(&cases, |one| one.place() == Some(0)),
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
        share(&known, |one| one.heard.is_empty()),
        "",
    );
    for (name, wanted) in HALVES {
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
    section.remarks.push(missed(&known));
    if show {
        known
            .iter()
            .filter(|one| one.is_shown() && one.place() != Some(0))
            .for_each(|one| one.print());
    }
    Ok(())
}

/// The halves of a collection, and whether it is the one in view.
const HALVES: [(&str, bool); 2] = [("the half in view", true), ("the other half", false)];

/// Which families no words gave away, in the half in view.
fn missed(known: &[&Told]) -> String {
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
    let missed = if missed.is_empty() {
        "none".to_owned()
    } else {
        missed.join(", ")
    };
    format!("not among three, in the half in view: {missed}")
}

fn tell(case: Case) -> Told {
    let mut words = case.codes.clone();
    words.push(case.symptoms.clone());
    let spoken = rdpdoctor::explain::spoken(&words, case.client.as_deref(), case.server.as_deref());
    let diagnosis = diagnose::diagnose(&spoken);
    Told {
        heard: spoken.seen.iter().map(|seen| heard(&seen.fact)).collect(),
        families: diagnosis.families(),
        case,
    }
}

/// What a fact of words says, in a word.
fn heard(fact: &Fact) -> String {
    match fact {
        Fact::BehaviourStated {
            symptom,
            holds,
            words,
        } => {
            let not = if *holds { "" } else { "not " };
            format!("{not}{} ({words})", symptom.0)
        }
        Fact::CodeStated { topic, .. } | Fact::SymptomStated { topic, .. } => {
            format!("<{}>", topic.slug())
        }
        other => format!("{:?}", other.kind()),
    }
}
