//! What a person says they saw, as observations that a diagnosis can weigh.

use model::codes::Topic;
use model::{ClientProfile, Evidence, Fact, HostName, Observation, Source, Target, UnixSeconds};

use super::answer::{Answer, Kind};
use super::behaviours;
use super::context::Program;

/// The observations that codes, pairs, names and texts stand for, as they were given with a check.
///
/// What has no single meaning is no observation: a bare 7 says nothing. The observations belong to no leg
/// and no attempt.
pub fn stated(saw: &[String], client: Option<&str>) -> Vec<Observation> {
    let client = client.and_then(Program::of);
    let mut facts: Vec<Fact> = Vec::new();
    for words in saw {
        let answers = super::answers_of(std::slice::from_ref(words), client);
        for fact in answers.iter().filter_map(fact) {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        for behaviour in behaviours::of_text(words) {
            let known = facts.iter().any(|fact| {
                matches!(fact, Fact::BehaviourStated { symptom, .. } if *symptom == behaviour.symptom)
            });
            if !known {
                facts.push(behaved(behaviour));
            }
        }
    }
    facts.into_iter().map(observation).collect()
}

/// The observations that words of a person stand for: what happened, without any code.
pub fn symptoms(words: &str) -> Vec<Observation> {
    stated(&[words.to_owned()], None)
}

/// A behaviour as a fact.
pub fn behaved(behaviour: behaviours::Stated) -> Fact {
    let behaviours::Stated {
        symptom,
        holds,
        words,
    } = behaviour;
    Fact::BehaviourStated {
        words,
        symptom,
        holds,
    }
}

fn fact(answer: &Answer) -> Option<Fact> {
    if let (Kind::Words, Some(topic)) = (answer.kind, answer.topic) {
        return (topic != Topic::Unknown).then(|| Fact::SymptomStated {
            words: answer.given.trim_matches(['“', '”']).to_owned(),
            topic,
        });
    }
    let code = answer.leader?;
    Some(Fact::CodeStated {
        words: answer.given.clone(),
        namespace: code.space.slug.to_owned(),
        number: code.written(),
        name: code.name.to_owned(),
        says: code.says.to_owned(),
        topic: code.topic,
    })
}

/// What a person says, as an observation: on no leg and of no attempt.
pub fn observation(fact: Fact) -> Observation {
    Observation {
        at: None,
        place: None,
        source: Source::Stated,
        vantage: String::new(),
        look: None,
        fact,
    }
}

/// What somebody says, without any look: as evidence that can be weighed. `client` and `server` are what they
/// call them.
pub fn spoken(words: &[String], client: Option<&str>, server: Option<&str>) -> Evidence {
    let target = Target {
        input: String::new(),
        host: HostName(String::new()),
        port: model::target::RDP_PORT,
        address: None,
        zone: None,
        gateway: None,
        proxy: None,
        client: ClientProfile {
            program: client.map(str::to_owned),
            ..ClientProfile::default()
        },
    };
    let mut evidence = Evidence::of(target, UnixSeconds(0));
    let client_words = client;
    let program = client.and_then(|words| {
        let words = words.to_lowercase();
        super::mentioned(&words).or_else(|| Program::of(&words))
    });
    let kinds: Vec<String> = client
        .into_iter()
        .chain(server)
        .map(str::to_owned)
        .collect();
    let client = program.map(Program::name);
    let kinds: Vec<Observation> = stated(&kinds, client)
        .into_iter()
        // What a machine is called names no trouble: a server of 2008 is no complaint about TLS.
        .filter(|kind| SETTINGS.iter().any(|setting| says(&kind.fact, setting)))
        .collect();
    let knows_client = kinds.iter().any(|kind| says(&kind.fact, CLIENT));
    // Another client that the words mention is one that was tried beside it.
    evidence.seen = stated(words, client)
        .into_iter()
        .filter(|seen| !(knows_client && says(&seen.fact, CLIENT)))
        .collect();
    for kind in kinds {
        if !evidence.seen.iter().any(|seen| seen.fact == kind.fact) {
            evidence.seen.push(kind);
        }
    }
    let said = words.iter().map(String::as_str);
    evidence
        .seen
        .extend(told(said.chain(client_words).chain(server)));
    evidence
}

/// The words of a person that tell something, whatever they mean beside each other.
pub fn told<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Observation> {
    let text: Vec<&str> = words.into_iter().collect();
    let words = diagnose::told::telling(&text.join(" ; "));
    (!words.is_empty()).then(|| observation(Fact::WordsStated { words }))
}

/// How names of what says which client it is begin.
const CLIENT: &str = "client-is-";

/// How names of what says between whom, by which way and since when it fails begin.
const SETTINGS: [&str; 4] = [CLIENT, "server-is-", "goes-through-", "since-"];

/// The fact states a behaviour whose name begins so.
fn says(fact: &Fact, beginning: &str) -> bool {
    matches!(fact, Fact::BehaviourStated { symptom, .. } if symptom.0.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(saw: &str) -> Vec<Topic> {
        stated(&[saw.to_owned()], None)
            .into_iter()
            .filter_map(|observation| match observation.fact {
                Fact::CodeStated { topic, .. } | Fact::SymptomStated { topic, .. } => Some(topic),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn codes_and_words_become_observations() {
        assert_eq!(topics("0x904 0x7"), [Topic::SocketClosed]);
        assert_eq!(topics("0x204"), [Topic::ConnectFailed]);
        assert_eq!(
            topics("ERRINFO_LICENSE_NO_LICENSE_SERVER"),
            [Topic::LicenseServer]
        );
        assert_eq!(
            topics("The function requested is not supported"),
            [Topic::CredSspMismatch]
        );
    }

    #[test]
    fn what_has_no_single_meaning_is_no_observation() {
        assert_eq!(topics("7"), []);
        assert_eq!(topics("an internal error has occurred"), []);
        assert_eq!(topics("hello"), []);
    }
}
