//! How reports of each family of causes are told, so that words can speak where no known way of saying something does.
//!
//! `told.txt` holds phrases for each family and the telling words of reports whose cause became known. How often a
//! word, or two of them beside each other, is among the phrases of a family and how often among those of all others
//! says what it weighs for it. Each word is a weak sign, and words of one report are not independent of each other, so
//! that they keep a third of their weight; nothing of it counts where a connection was looked at.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use model::Fact;

use crate::causes::CAUSES;

/// The phrases and reports.
const TOLD: &str = include_str!("told.txt");
/// How much of their weight words keep: they are told together.
const KEPT: f64 = 0.35;
/// How much two words beside each other weigh beside what each of them does.
const PAIR: f64 = 0.5;
/// What one word can speak for a family at most, and against it, in decibans.
const MOST: f64 = 12.0;
const LEAST: f64 = -2.0;
/// Phrases that a family is given beside its own, of which words appear in as many as among all families.
const GIVEN: f64 = 0.6;
/// How often a word that no phrase has would be among them.
const RARE: f64 = 0.0005;
/// A report counts as two phrases.
const REPORT: f64 = 2.0;
/// Telling words of one person that are looked at.
const WORDS: usize = 400;

/// Words that tell nothing: they join others, or are in every report.
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "an", "and", "another", "any", "are", "as", "at", "be",
    "because", "been", "before", "but", "by", "can", "could", "desktop", "did", "do", "does",
    "down", "each", "for", "from", "get", "gets", "got", "had", "has", "have", "he", "her", "his",
    "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "more", "most", "my", "no",
    "nor", "not", "of", "off", "on", "one", "only", "or", "other", "our", "out", "over", "per",
    "rdp", "remote", "same", "she", "so", "some", "still", "such", "than", "that", "the", "their",
    "them", "then", "there", "they", "this", "to", "too", "two", "under", "up", "us", "use",
    "used", "using", "very", "via", "was", "we", "were", "what", "when", "where", "which", "while",
    "who", "will", "with", "would", "you", "your",
];

/// Endings that are taken off a word, and what is put there instead.
const ENDINGS: &[(&str, &str)] = &[
    ("sses", "ss"),
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("edly", ""),
    ("ed", ""),
    ("ally", ""),
    ("ly", ""),
    ("ions", "ion"),
    ("s", ""),
];

/// A word, or two beside each other, by a number.
type Sign = u64;

/// The words of a text that tell something, in lower case and in their order. None that no phrase has is kept: what a
/// person is called, and where, is not. Codes by themselves are no telling.
pub fn telling(text: &str) -> Vec<String> {
    let is_word =
        |word: &str| word.chars().nth(2).is_some() && word.chars().all(char::is_alphabetic);
    let words = text.split(|c: char| !c.is_alphanumeric());
    // One word beside a code ("event 36870") is no telling either.
    if words.filter(|word| is_word(word)).nth(1).is_none() {
        return Vec::new();
    }
    written(text)
        .filter(|word| VOCABULARY.usual(sign(&stem(word))).is_some())
        .take(WORDS)
        .collect()
}

/// What telling words weigh for each family they say anything of, in decibans.
pub(crate) fn weights(words: &[String]) -> Vec<(&'static str, f64)> {
    // Codes alone need no table.
    if words.is_empty() {
        return Vec::new();
    }
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    let signs: BTreeSet<(Sign, bool)> = signs(&stems).collect();
    VOCABULARY
        .families
        .iter()
        .map(|family| {
            let weight: f64 = signs
                .iter()
                .map(|&(sign, paired)| {
                    let share = if paired { PAIR } else { 1.0 };
                    (share * family.weight(sign)).clamp(LEAST, MOST)
                })
                .sum();
            (family.name, KEPT * weight)
        })
        .collect()
}

/// The few words that speak loudest for a family.
pub(crate) fn loudest<'w>(words: &'w [String], family: &str) -> Vec<&'w str> {
    let Some(family) = VOCABULARY
        .families
        .iter()
        .find(|known| known.name == family)
    else {
        return Vec::new();
    };
    let mut loud: Vec<(f64, &str)> = Vec::new();
    for word in words {
        let weight = family.weight(sign(&stem(word)));
        if weight >= 3.0 && !loud.iter().any(|(_, known)| known == word) {
            loud.push((weight, word));
        }
    }
    loud.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    loud.truncate(4);
    loud.into_iter().map(|(_, word)| word).collect()
}

/// How often signs are among the phrases of a family.
struct Family {
    name: &'static str,
    /// How many phrases it has.
    phrases: f64,
    /// The signs in order, and in how many of its phrases each is.
    signs: Vec<(Sign, f64)>,
}

impl Family {
    /// What a sign speaks for the family, in decibans.
    fn weight(&self, sign: Sign) -> f64 {
        let Some(usual) = VOCABULARY.usual(sign) else {
            return 0.0;
        };
        let own = found(&self.signs, sign).unwrap_or_default();
        10.0 * ((own + GIVEN * usual) / (self.phrases + GIVEN) / usual).log10()
    }
}

/// What stands beside a sign.
fn found(signs: &[(Sign, f64)], sign: Sign) -> Option<f64> {
    let at = signs
        .binary_search_by_key(&sign, |(known, _)| *known)
        .ok()?;
    signs.get(at).map(|(_, number)| *number)
}

/// What all families are told in.
struct Vocabulary {
    families: Vec<Family>,
    /// The signs in order, and how often each is in the phrases of all families, on average.
    usual: Vec<(Sign, f64)>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);

impl Vocabulary {
    fn read() -> Self {
        let mut names: Vec<&'static str> = CAUSES.iter().map(|cause| cause.family).collect();
        names.sort_unstable();
        names.dedup();
        // Every sign of every phrase: the sign, the family, and what the phrase counts.
        let mut all: Vec<(Sign, usize, f64)> = Vec::new();
        let mut phrases = vec![0.0; names.len()];
        let mut take = |family: usize, phrase: &str, counts: f64| {
            let stems: Vec<String> = written(phrase).map(|word| stem(&word)).collect();
            let own: BTreeSet<Sign> = signs(&stems).map(|(sign, _)| sign).collect();
            all.extend(own.into_iter().map(|sign| (sign, family, counts)));
            if let Some(number) = phrases.get_mut(family) {
                *number += counts;
            }
        };
        for cause in CAUSES {
            if let Ok(family) = names.binary_search(&cause.family) {
                take(family, cause.title, 1.0);
            }
        }
        for (name, phrase, counts) in lines() {
            if let Ok(family) = names.binary_search(&name) {
                take(family, phrase, counts);
            }
        }
        all.sort_unstable_by_key(|(sign, family, _)| (*sign, *family));
        let mut families: Vec<Family> = names
            .iter()
            .zip(&phrases)
            .map(|(name, phrases)| Family {
                name,
                phrases: *phrases,
                signs: Vec::new(),
            })
            .collect();
        let mut usual = Vec::new();
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            let Some(&(sign, _, _)) = same.first() else {
                continue;
            };
            let own: Vec<(usize, f64)> = same
                .chunk_by(|one, other| one.1 == other.1)
                .filter_map(|part| {
                    let family = part.first()?.1;
                    Some((family, part.iter().map(|(_, _, counts)| counts).sum()))
                })
                .collect();
            let rates: f64 = own
                .iter()
                .filter_map(|(family, times)| Some(times / phrases.get(*family)?))
                .sum();
            let average = rates / families_of(&names) + RARE;
            usual.push((sign, average));
            for (family, times) in own {
                if let Some(family) = families.get_mut(family) {
                    family.signs.push((sign, times));
                }
            }
        }
        Self { families, usual }
    }

    /// How often the sign is among the phrases of all families, when it is at all.
    fn usual(&self, sign: Sign) -> Option<f64> {
        found(&self.usual, sign)
    }
}

/// The number of families, to divide by.
fn families_of(names: &[&str]) -> f64 {
    u32::try_from(names.len()).map_or(1.0, f64::from).max(1.0)
}

/// The phrases of `told.txt`, each with its family and what it counts.
fn lines() -> impl Iterator<Item = (&'static str, &'static str, f64)> {
    let mut section = "";
    TOLD.lines().flat_map(move |line| {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = name;
            return Vec::new();
        }
        if let Some(report) = line.strip_prefix("* ") {
            return vec![(section, report, REPORT)];
        }
        if line.starts_with('#') {
            return Vec::new();
        }
        line.split(';')
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty())
            .map(|phrase| (section, phrase, 1.0))
            .collect()
    })
}

/// The signs among words: each of them, and each two beside each other.
fn signs(words: &[String]) -> impl Iterator<Item = (Sign, bool)> {
    let alone = words.iter().map(|word| (sign(word), false));
    let paired = words.windows(2).filter_map(|two| match two {
        [one, other] => Some((hash(hash(SEED, one), other), true)),
        _ => None,
    });
    alone.chain(paired)
}

const SEED: u64 = 0xCBF2_9CE4_8422_2325;

fn sign(word: &str) -> Sign {
    hash(SEED, word)
}

/// FNV-1a, with an end of the word.
fn hash(seed: u64, word: &str) -> u64 {
    word.bytes().chain([b' ']).fold(seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// The words of a text without the common ones, in lower case.
fn written(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !['\'', '\u{2019}'].contains(&c))
        .map(|word| word.to_lowercase().replace(['\'', '\u{2019}'], ""))
        .filter(|word| word.chars().nth(1).is_some() && !is_common(word) && !is_common(&stem(word)))
}

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// A word without the endings that only bend it. Numbers stay as they are.
fn stem(word: &str) -> String {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    let is_number = digits.chars().any(|c| c.is_ascii_digit())
        && digits.len() >= 3
        && digits.chars().all(|c| c.is_ascii_hexdigit());
    if is_number {
        return word.to_owned();
    }
    let mut stem = ENDINGS
        .iter()
        .find_map(|(ending, instead)| {
            let rest = word.strip_suffix(ending)?;
            (rest.chars().count() >= 3).then(|| format!("{rest}{instead}"))
        })
        .unwrap_or_else(|| word.to_owned());
    let mut last = stem.chars().rev();
    let doubled = last
        .next()
        .is_some_and(|one| last.next() == Some(one) && one != 'l' && one != 's');
    if doubled && stem.chars().count() > 4 {
        stem.pop();
    }
    if stem.ends_with('e') && stem.chars().count() > 4 {
        stem.pop();
    }
    stem
}

/// Whether words say this, and not a code.
pub(crate) fn is_of_words(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::BehaviourStated { .. } | Fact::WordsStated { .. }
    )
}

/// Causes that say no more than their family does: where words are all there is, nobody has seen that a filter says so
/// or that a reason is encrypted.
pub(crate) const PLAINEST: &[&str] = &[
    "resolve.no-such-name",
    "reach.path-down",
    "reach.address-unused",
    "tcp.filtered-on-the-host",
    "tcp.filtered-on-the-way",
    "tcp.port-changed",
    "tcp.service-stopped",
    "tcp.source-banned",
    "negotiate.key-unreadable",
    "negotiate.nothing-behind-the-forwarder",
    "negotiate.reset-on-the-way",
    "negotiate.unknown-service-on-the-port",
    "secure.certificate-question",
    "secure.certificate-untrusted",
    "secure.hardened-by-policy",
    "authenticate.clocks-differ",
    "authenticate.right-missing",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> &'static str {
        let words = telling(text);
        weights(&words)
            .into_iter()
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .map_or("", |(family, _)| family)
    }

    #[test]
    fn common_words_are_in_order() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn every_section_is_a_family_and_every_family_is_told() {
        let told: BTreeSet<&str> = lines().map(|(name, _, _)| name).collect();
        let known: BTreeSet<&str> = CAUSES.iter().map(|cause| cause.family).collect();
        assert_eq!(told, known);
    }

    #[test]
    fn words_of_a_family_speak_for_it() {
        for (text, family) in [
            ("the clocks are five minutes off, ntp is down", "clock-skew"),
            (
                "the second user throws out the first, too many sessions",
                "connection-limit",
            ),
            (
                "our router was replaced by the provider",
                "perimeter-firewall",
            ),
            (
                "grace period of the licence server is over",
                "rds-license-missing",
            ),
        ] {
            assert_eq!(first(text), family, "{text}: {:?}", telling(text));
        }
    }

    #[test]
    fn names_are_not_kept() {
        assert_eq!(telling("Zaphod Beeblebrox"), Vec::<String>::new());
        assert_eq!(telling("\u{202E}\u{1F600} ..."), Vec::<String>::new());
        assert_eq!(telling("0x904 0x7"), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(telling(&"firewall blocks ".repeat(10_000)).len(), WORDS);
    }

    #[test]
    fn one_cause_at_most_is_the_plainest_of_its_family() {
        let mut families = BTreeSet::new();
        for id in PLAINEST {
            let cause = CAUSES.iter().find(|cause| cause.id == *id);
            let family = cause.map(|cause| cause.family);
            assert!(family.is_some_and(|family| families.insert(family)), "{id}");
        }
    }
}
