//! What the person at the keyboard states: the options for it, what of it is understood, and the list of names.

use clap::Args;
use model::codes::{SYMPTOMS, Symptom};
use model::{Damage, Fact, Observation};

use crate::answer;
use crate::cli::OutputArguments;
use crate::explain::{self, behaviours};
use crate::failure::{Failure, Status};
use crate::report::page::Page;
use crate::target::endpoint::quoted;

/// What somebody saw or says.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedArguments {
    /// What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest.
    #[arg(long, value_name = "TEXT")]
    pub saw: Vec<String>,
    /// How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user").
    #[arg(long, value_name = "NAME|TEXT")]
    pub symptom: Vec<String>,
    /// Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it.
    #[arg(long)]
    pub guided: bool,
}

/// What was understood, and what was not.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// What can be weighed.
    pub seen: Vec<Observation>,
    /// What could not be understood.
    pub damage: Vec<Damage>,
}

impl StatedArguments {
    /// Both sets of options.
    pub fn and(self, other: Self) -> Self {
        Self {
            saw: self.saw.into_iter().chain(other.saw).collect(),
            symptom: self.symptom.into_iter().chain(other.symptom).collect(),
            guided: self.guided || other.guided,
        }
    }

    /// The list of names is asked for.
    pub fn wants_the_list(&self) -> bool {
        self.symptom.iter().any(|word| word == "list")
    }

    /// What of it can be weighed. What is not understood is said back, and is no error.
    pub fn heard(&self, client: Option<&str>) -> Heard {
        let mut heard = Heard::default();
        for words in &self.saw {
            heard.take(
                "--saw",
                words,
                explain::stated(std::slice::from_ref(words), client),
            );
        }
        for words in &self.symptom {
            let observations = match behaviours::by_name(words) {
                Some(symptom) => vec![named(symptom, true)],
                None => explain::stated(std::slice::from_ref(words), client),
            };
            heard.take("--symptom", words, observations);
        }
        if let Some(client) = client.and_then(kind_of_client) {
            heard.add(named(client, true));
        }
        heard
    }
}

impl Heard {
    fn take(&mut self, option: &str, words: &str, observations: Vec<Observation>) {
        if observations.is_empty() {
            self.damage.push(Damage {
                place: option.to_owned(),
                says: format!(
                    "{} was not understood, or has no single meaning, and was not weighed; rdpdoctor --symptom list \
                     shows what is understood",
                    quoted(words)
                ),
            });
        }
        for observation in observations {
            self.add(observation);
        }
    }

    fn add(&mut self, observation: Observation) {
        let known = self.seen.iter().any(|seen| {
            seen.fact == observation.fact
                || matches!(
                    (&seen.fact, &observation.fact),
                    (
                        Fact::BehaviourStated { symptom: one, .. },
                        Fact::BehaviourStated { symptom: other, .. },
                    ) if one == other
                )
        });
        if !known {
            self.seen.push(observation);
        }
    }
}

/// The statement that a symptom is so, or is not, by its name.
pub fn named(symptom: Symptom, holds: bool) -> Observation {
    explain::observation(Fact::BehaviourStated {
        words: symptom.0.to_string(),
        symptom,
        holds,
    })
}

/// What kind of client it is, as far as that bears on causes.
fn kind_of_client(client: &str) -> Option<Symptom> {
    match client {
        "mstsc" => Some(Symptom::of("client-is-microsoft")),
        "mac" => Some(Symptom::of("client-is-apple")),
        "freerdp" | "remmina" | "guacd" | "rdesktop" => Some(Symptom::of("client-is-free")),
        _ => None,
    }
}

/// Prints every name.
pub fn list(output: &OutputArguments) -> Result<Status, Failure> {
    let layout = answer::layout(output);
    let mut page = Page::new(&layout);
    let widest = SYMPTOMS
        .iter()
        .map(|known| known.name.len())
        .max()
        .unwrap_or_default();
    for known in SYMPTOMS {
        page.row(known.name, widest + 2, known.says);
    }
    answer::deliver(output, &page.written())?;
    Ok(Status::Healthy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(symptoms: &[&str], client: Option<&str>) -> Heard {
        StatedArguments {
            symptom: symptoms.iter().map(|&words| words.to_owned()).collect(),
            ..StatedArguments::default()
        }
        .heard(client)
    }

    #[test]
    fn names_and_words_are_heard_once() {
        let heard = heard(&["works-by-address", "it works by IP"], None);
        assert_eq!(heard.seen.len(), 1);
        assert!(heard.damage.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_said_back() {
        let heard = heard(&["the moon is full"], None);
        assert!(heard.seen.is_empty());
        let [damage] = heard.damage.as_slice() else {
            panic!("{heard:?}");
        };
        assert!(damage.says.contains("the moon is full"));
    }

    #[test]
    fn the_client_is_a_circumstance() {
        assert_eq!(heard(&[], Some("mstsc")).seen.len(), 1);
        assert!(heard(&[], None).seen.is_empty());
    }
}
