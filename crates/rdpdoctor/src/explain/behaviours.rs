//! Finds in free text how a connection behaves: what works beside it, since when, for whom.
//!
//! People write as they like, so a way of saying something is a few words in their order with others between
//! them, not a sentence (`model::codes::symptom`). A denial among these words takes the statement back.

use model::codes::{SYMPTOMS, Symptom};

/// Other words that may stand between two words of a way; those that only join do not count.
const GAP: usize = 3;
/// All words that may, whatever they are.
const WIDEST: usize = 8;
/// Words that only join others.
const JOINS: &[&str] = &[
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "my", "our", "its", "is",
    "was", "are", "were", "be", "been", "has", "have", "had", "that", "which", "this", "i", "we",
    "it", "so", "just", "only", "also", "still",
];
/// Letters of a text that are looked at: what a person writes, not a log.
const LONGEST: usize = 8_000;
/// Words that deny what stands behind them.
const DENIALS: &[&str] = &[
    "not", "no", "never", "doesnt", "dont", "cannot", "cant", "isnt", "wasnt", "didnt", "wont",
    "nicht", "kein", "keine", "pas", "jamais",
];
/// Words by which something that was named is cleared.
const CLEARS: &[&str] = &[
    "fine",
    "ok",
    "okay",
    "clean",
    "good",
    "eliminated",
    "excluded",
    "unaffected",
    "innocent",
    "inactive",
    "irrelevant",
];

/// Words that say the same as another one, which the ways use: contractions, spellings, slips of the finger.
const SAME: &[(&str, &str)] = &[
    ("cant", "cannot"),
    ("couldnt", "cannot"),
    ("wont", "cannot"),
    ("wouldnt", "cannot"),
    ("unable", "cannot"),
    ("doesnt", "not"),
    ("didnt", "not"),
    ("isnt", "not"),
    ("wasnt", "not"),
    ("arent", "not"),
    ("hasnt", "not"),
    ("adress", "address"),
    ("conect", "connect"),
    ("conection", "connection"),
    ("connexion", "connection"),
    ("certifcate", "certificate"),
    ("firewal", "firewall"),
    ("gatway", "gateway"),
    ("pasword", "password"),
    ("sever", "server"),
    ("upadte", "update"),
    ("authorised", "authorized"),
];
/// By which words a suspect is cleared besides those that clear any: a firewall that is off filters nothing, and what
/// is switched on is not switched off. Where the same sentence says that it works so, the suspect is convicted.
const CLEARS_THIS: &[(&str, &[&str])] = &[
    (
        "names-host-firewall",
        &["off", "disabled", "deactivated", "allows", "open", "opened"],
    ),
    (
        "names-network-firewall",
        &["off", "disabled", "deactivated", "allows", "opened"],
    ),
    ("names-security-software", &["disabled", "deactivated"]),
    ("names-service", &["running", "started", "active"]),
    ("names-disabled", &["enabled"]),
];
/// Words before a suspect by which it is said that it was taken away, and that it was not it unless it works so.
const TAKEN_AWAY: &[&str] = &[
    "disabled",
    "disabling",
    "deactivated",
    "turned",
    "off",
    "without",
];
/// Words by which a sentence says that it works.
const WORKS: &[&str] = &["work", "connect", "fine", "help", "solve", "fix", "until"];

/// Something stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What is so, or is not.
    pub symptom: Symptom,
    /// It is so.
    pub holds: bool,
    /// The words that tell it.
    pub words: String,
}

/// The symptom of this name, however it is written: `works by address`, `Works-By-Address`.
pub fn by_name(name: &str) -> Option<Symptom> {
    let name = name.trim().to_lowercase().replace([' ', '_'], "-");
    SYMPTOMS
        .iter()
        .find(|known| known.name == name)
        .map(|known| Symptom::of(known.name))
}

/// Everything that is stated in a text, in the order of the table.
pub fn of_text(text: &str) -> Vec<Stated> {
    let text: String = text.chars().take(LONGEST).collect();
    // A point inside a number or a name does not end a sentence.
    let text = text.replace(". ", "\n");
    let sentences: Vec<Vec<Word<'_>>> = text
        .split([';', '\n', '!', '?'])
        .flat_map(clauses)
        .collect();
    let mut stated = Vec::new();
    for known in SYMPTOMS {
        let found = sentences.iter().find_map(|sentence| {
            known
                .ways
                .iter()
                .find_map(|way| said(way, sentence).map(|span| (sentence, span)))
        });
        let Some((sentence, (first, last))) = found else {
            continue;
        };
        let words: Vec<&str> = sentence
            .iter()
            .skip(first)
            .take(last + 1 - first)
            .map(|word| word.written)
            .collect();
        // "The firewall looked fine" speaks against the firewall.
        let cleared =
            known.name.starts_with("names-") && is_cleared(known.name, sentence, first, last);
        stated.push(Stated {
            symptom: Symptom::of(known.name),
            holds: !cleared,
            words: words.join(" "),
        });
    }
    stated
}

/// What is named between these words of the sentence is cleared by what stands beside it.
fn is_cleared(name: &str, sentence: &[Word<'_>], first: usize, last: usize) -> bool {
    let clears = CLEARS_THIS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or::<&[&str], _>(&[], |(_, words)| words);
    let works = sentence.iter().enumerate().any(|(place, word)| {
        let before = place.checked_sub(1).and_then(|before| sentence.get(before));
        let denied = before.is_some_and(|before| {
            before.folded == "nothing" || DENIALS.contains(&before.folded.as_str())
        });
        !denied && WORKS.iter().any(|stem| word.folded.starts_with(stem))
    });
    let within = |from: usize| sentence.iter().skip(from).take(last + GAP + 2 - from);
    // "I disabled the firewall" clears it as "the firewall is disabled" does.
    let taken_away = clears.contains(&"disabled")
        && sentence
            .iter()
            .take(first)
            .rev()
            .take(GAP)
            .any(|word| TAKEN_AWAY.contains(&word.folded.as_str()));
    within(last + 1).any(|word| CLEARS.contains(&word.folded.as_str()))
        || (!works
            && (taken_away || within(last).any(|word| clears.contains(&word.folded.as_str()))))
        || (name == "names-disabled"
            && within(first)
                .take(last - first)
                .any(|word| clears.contains(&word.folded.as_str())))
}

/// A word as it is written and as it is compared.
struct Word<'t> {
    written: &'t str,
    folded: String,
    /// It follows the one before it inside one name, as in `freerdp_connect`.
    inside: bool,
}

impl Word<'_> {
    /// It only joins others.
    fn joins(&self) -> bool {
        JOINS.contains(&self.folded.as_str())
    }

    /// It is this word, or its plural, or says the same.
    fn is(&self, part: &str) -> bool {
        let folded = self.folded.as_str();
        folded == part
            || (part.len() > 3 && folded.strip_suffix('s') == Some(part))
            || SAME.contains(&(folded, part))
    }
}

/// The words of a sentence.
fn clauses(sentence: &str) -> Option<Vec<Word<'_>>> {
    let words: Vec<Word<'_>> = sentence
        .split(|c: char| !c.is_alphanumeric() && !['\'', '\u{2019}', '_'].contains(&c))
        .flat_map(|name| {
            name.split('_')
                .filter(|word| !word.is_empty())
                .enumerate()
                .map(|(place, written)| Word {
                    written,
                    folded: written.to_lowercase().replace(['\'', '\u{2019}'], ""),
                    inside: place > 0,
                })
        })
        .collect();
    (!words.is_empty()).then_some(words)
}

/// The first and last word of the place where a sentence says something this way.
fn said(way: &str, sentence: &[Word<'_>]) -> Option<(usize, usize)> {
    (0..sentence.len()).find_map(|start| {
        let mut at = start;
        let mut denied = false;
        let own = |word: &str| way.split([' ', '|', '_']).any(|part| part == word);
        for (number, piece) in way.split(' ').enumerate() {
            let (place, length) = (at..=at + if number == 0 { 0 } else { WIDEST })
                .take_while(|&place| {
                    let between = sentence.get(at..place).unwrap_or_default();
                    between.iter().filter(|word| !word.joins()).count() <= GAP
                })
                // A name is one thing: `freerdp_connect` does not say that FreeRDP connects.
                .filter(|&place| {
                    number == 0 || sentence.get(place).is_some_and(|word| !word.inside)
                })
                .find_map(|place| either(piece, sentence, place).map(|length| (place, length)))?;
            denied |= sentence
                .get(at..place)
                .unwrap_or_default()
                .iter()
                .any(|word| DENIALS.contains(&word.folded.as_str()) && !own(&word.folded));
            at = place + length;
        }
        let before = start
            .checked_sub(1)
            .and_then(|before| sentence.get(before))
            .is_some_and(|word| DENIALS.contains(&word.folded.as_str()) && !own(&word.folded));
        (!denied && !before).then(|| (start, at.saturating_sub(1)))
    })
}

/// How many words one of the alternatives takes at this place.
fn either(piece: &str, sentence: &[Word<'_>], place: usize) -> Option<usize> {
    piece.split('|').find_map(|alternative| {
        let (alternative, unless) = alternative.split_once('^').unwrap_or((alternative, ""));
        let mut length = 0;
        for part in alternative.split('_') {
            let word = sentence.get(place + length)?;
            let fits = match part.strip_suffix('~') {
                Some(stem) => word.folded.starts_with(stem),
                None => word.is(part),
            };
            if !fits {
                return None;
            }
            length += 1;
        }
        let next = sentence.get(place + length);
        (unless.is_empty() || next.is_none_or(|next| next.folded != unless)).then_some(length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        of_text(text)
            .into_iter()
            .map(|stated| {
                let mark = if stated.holds { "" } else { "!" };
                format!("{mark}{}", stated.symptom.0)
            })
            .collect()
    }

    #[test]
    fn people_say_the_same_in_many_ways() {
        for text in [
            "It works by IP.",
            "Connecting by IP address works fine",
            "works fine when I connect via its address",
            "by name it fails but the IP works",
            "Per IP funktioniert es",
        ] {
            assert!(
                names(text).contains(&"works-by-address".to_owned()),
                "{text}: {:?}",
                names(text)
            );
        }
        for text in [
            "second try works",
            "The first attempt fails",
            "works on the second attempt",
            "beim zweiten Versuch geht es",
        ] {
            assert!(
                names(text).contains(&"second-try-works".to_owned()),
                "{text}"
            );
        }
        for text in [
            "black screen",
            "the screen stays black",
            "schwarzer Bildschirm",
            "Nur ein schwarzes Bildschirm",
        ] {
            assert!(names(text).contains(&"black-screen".to_owned()), "{text}");
        }
        for text in [
            "since yesterday's update",
            "stopped after the KB5034441 update",
            "seit dem Windows Update",
        ] {
            assert!(
                names(text).contains(&"since-update".to_owned()),
                "{text}: {:?}",
                names(text)
            );
        }
        for text in [
            "only one user",
            "another user can connect",
            "works for other accounts, another account works",
        ] {
            assert!(names(text).contains(&"one-user".to_owned()), "{text}");
        }
        for text in [
            "works from another PC",
            "fine from a colleague's laptop, from another laptop it works",
            "only this computer fails",
        ] {
            assert!(
                names(text).contains(&"works-from-another-machine".to_owned()),
                "{text}"
            );
        }
        assert!(
            names("gives up after about 20 seconds").contains(&"after-twenty-seconds".to_owned())
        );
        assert!(names("only from the VPN").contains(&"only-over-vpn".to_owned()));
    }

    #[test]
    fn a_denial_takes_it_back() {
        assert!(!names("It does not work by IP").contains(&"works-by-address".to_owned()));
        assert!(
            !names("connecting never works from another PC")
                .contains(&"works-from-another-machine".to_owned())
        );
    }

    #[test]
    fn what_is_cleared_speaks_against() {
        assert!(
            names("Network and firewall looked fine").contains(&"!names-host-firewall".to_owned())
        );
    }

    #[test]
    fn a_firewall_that_is_off_is_cleared_and_one_whose_absence_helps_is_not() {
        for text in ["the firewall is off", "firewall disabled on both sides"] {
            assert!(
                names(text).contains(&"!names-host-firewall".to_owned()),
                "{text}: {:?}",
                names(text)
            );
        }
        for text in [
            "I disabled the firewall on both sides, nothing worked",
            "turned off my local firewall: the same story",
        ] {
            assert!(
                names(text).contains(&"!names-host-firewall".to_owned()),
                "{text}: {:?}",
                names(text)
            );
        }
        for text in [
            "with the firewall off it works",
            "it works as soon as the firewall is disabled",
        ] {
            assert!(
                names(text).contains(&"names-host-firewall".to_owned()),
                "{text}: {:?}",
                names(text)
            );
        }
    }

    #[test]
    fn a_name_of_a_function_is_no_sentence() {
        assert!(!names("freerdp_connect failed").contains(&"works-with-another-client".to_owned()));
    }

    #[test]
    fn an_account_of_azure_ad_is_no_machine_in_a_cloud() {
        assert!(!names("my Azure AD account").contains(&"server-is-azure".to_owned()));
        assert!(names("a VM in Azure").contains(&"server-is-azure".to_owned()));
    }

    #[test]
    fn what_fails_is_not_named_by_it() {
        for (text, wrong) in [
            ("I could not RDP into it", "names-wrong-service"),
            ("rc2 connects, rc4 does not", "names-tls-version"),
            ("I use a custom RDP port", "names-private-key"),
            ("it stopped working the next day", "second-try-works"),
            (
                "Remote Desktop is enabled, the firewall is off",
                "names-disabled",
            ),
        ] {
            assert!(!names(text).contains(&wrong.to_owned()), "{text}");
        }
    }

    #[test]
    fn nothing_is_read_into_nothing() {
        for text in [
            "",
            "hello",
            "0x904 0x7",
            "...",
            "\u{1F600}\u{202E}",
            "1 2 3 4 5",
        ] {
            assert_eq!(names(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn names_are_names_however_written() {
        assert_eq!(
            by_name("Works by address"),
            Some(Symptom::of("works-by-address"))
        );
        assert_eq!(by_name("no-such-thing"), None);
    }
}
