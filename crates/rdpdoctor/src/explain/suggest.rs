//! What was probably meant, and searching by words.

use model::codes::{self, Code};

use super::catalogue;
use super::lookup::{self, squashed};
use super::number::{Form, Number};

/// How many suggestions are made.
const MOST: usize = 5;

/// What was probably meant by words that are no code.
pub fn meant(words: &str) -> Vec<String> {
    let mut meant: Vec<String> = Vec::new();
    for word in words.split_whitespace().take(8) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
        if let Some(number) = Number::of(word) {
            near_numbers(&number, &mut meant);
        } else if word.len() >= 3 {
            near_names(word, &mut meant);
        }
    }
    let mut seen: Vec<String> = Vec::new();
    meant.retain(|one| {
        let is_new = !seen.contains(one);
        seen.push(one.clone());
        is_new
    });
    meant.truncate(MOST);
    meant
}

fn near_numbers(number: &Number, meant: &mut Vec<String>) {
    // 904 is more often a 0x904 without its 0x than anything else, and 0x2308 a 2308 with one too many.
    let mut propose = |value: i64| {
        let known = codes::all()
            .find(|code| {
                code.number == Some(value)
                    && code.pair.is_none()
                    && code.space.slug.starts_with("mstsc")
            })
            .or_else(|| {
                codes::all().find(|code| code.number == Some(value) && code.pair.is_none())
            });
        if let Some(code) = known {
            meant.push(format!("{} ({})", code.written(), code.says));
        }
    };
    if let Some(value) = number.as_hex() {
        propose(value);
    }
    if number.form == Form::Hex
        && let Ok(value) = number
            .text
            .trim_start_matches("0x")
            .trim_start_matches("0X")
            .parse()
    {
        propose(value);
    }
    // Two digits the other way round, or one wrong.
    let digits = match number.form {
        Form::Hex | Form::BareHex => format!("{:x}", number.bits()),
        Form::Decimal | Form::Signed => number.bits().to_string(),
    };
    let tables = [
        codes::dialog::MSTSC_DISC_REASON,
        codes::dialog::MSTSC_DESCRIBED,
    ];
    for code in tables.into_iter().flatten() {
        let Some(value) = code.number.filter(|value| *value > 0xFF) else {
            continue;
        };
        let own = match number.form {
            Form::Hex | Form::BareHex => format!("{value:x}"),
            Form::Decimal | Form::Signed => value.to_string(),
        };
        if own.len() == digits.len() && distance(&own, &digits, 1) == Some(1) {
            meant.push(format!("{} ({})", code.written(), code.says));
        }
    }
}

fn near_names(word: &str, meant: &mut Vec<String>) {
    let wanted = squashed(word);
    if wanted.len() < 3 {
        return;
    }
    let allowed = (wanted.len() / 5).clamp(1, 4);
    let mut near: Vec<(usize, String)> = Vec::new();
    let mut weigh = |name: &str| {
        let own = squashed(name);
        if let Some(distance) = distance(&own, &wanted, allowed) {
            near.push((distance, name.to_owned()));
        } else if wanted.len() >= 5 && own.contains(&wanted) {
            near.push((allowed + 1, name.to_owned()));
        }
    };
    for code in codes::all()
        .filter(|code| code.number.is_some() && code.pair.is_none() && code.name.len() > 3)
    {
        weigh(code.name);
    }
    catalogue::names().for_each(&mut weigh);
    codes::space::ALL.iter().for_each(|space| weigh(space.slug));
    near.sort();
    near.dedup();
    meant.extend(near.into_iter().map(|(_, name)| name).take(MOST));
}

/// The changes of one letter that make one word the other, up to `most`. Two letters the other way round
/// are one change.
fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let one: Vec<char> = one.chars().take(64).collect();
    let other: Vec<char> = other.chars().take(64).collect();
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&above, column) + usize::from(a != b))
                .min(at(&above, column + 1) + 1)
                .min(at(&line, column) + 1);
            let swapped = row > 0
                && column > 0
                && one.get(row - 1) == Some(b)
                && other.get(column - 1) == Some(a);
            if swapped {
                least = least.min(at(&before, column - 1) + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().filter(|distance| *distance <= most)
}

/// Codes whose name or meaning holds the words, best first.
pub fn search(words: &str) -> Vec<&'static Code> {
    let wanted: Vec<String> = words
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .filter(|word| word.len() > 1)
        .map(str::to_owned)
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let whole = squashed(words);
    let mut found: Vec<(u32, usize, &'static Code)> = codes::all()
        .enumerate()
        .filter_map(|(index, code)| {
            let weight = weight(code, &wanted, &whole);
            (weight > 0).then_some((weight, index, code))
        })
        .collect();
    found.sort_by_key(|(weight, index, _)| (std::cmp::Reverse(*weight), *index));
    found.into_iter().map(|(_, _, code)| code).collect()
}

/// How well a code answers a search; 0 when a word is missing from it.
fn weight(code: &Code, wanted: &[String], whole: &str) -> u32 {
    let name = code.name.to_lowercase();
    let lore = code.topic.lore();
    let mut sum = 0;
    for word in wanted {
        let stem = stem(word);
        let of_word = if name == *word {
            60
        } else if name.contains(stem) {
            20
        } else if has_word(code.says, stem) {
            16
        } else if code.says.to_lowercase().contains(stem) {
            10
        } else if has_word(lore.says, stem) {
            6
        } else if code.note.to_lowercase().contains(stem)
            || code.space.says.contains(stem)
            || code
                .lines
                .iter()
                .any(|line| line.to_lowercase().contains(stem))
        {
            4
        } else if lore.rules_in.to_lowercase().contains(stem) {
            2
        } else {
            return 0;
        };
        sum += of_word;
    }
    if lookup::has_name(code, whole) {
        sum += 100;
    }
    sum
}

/// A word without its ending, as far as English goes: "certificates" finds "certificate", "license" finds "licence".
fn stem(word: &str) -> &str {
    let word = word
        .strip_suffix("es")
        .or_else(|| word.strip_suffix('s'))
        .unwrap_or(word);
    if word.starts_with("licen") {
        "licen"
    } else {
        word
    }
}

fn has_word(text: &str, stem: &str) -> bool {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_changes() {
        assert_eq!(distance("904", "940", 2), Some(1));
        assert_eq!(distance("abc", "abc", 2), Some(0));
        assert_eq!(distance("abc", "abd", 2), Some(1));
        assert_eq!(distance("abc", "xyz", 2), None);
        assert_eq!(distance("", "a", 1), Some(1));
    }

    #[test]
    fn near_misses_are_found() {
        let first = |words: &str| meant(words).into_iter().next().unwrap_or_default();
        assert!(first("904").starts_with("0x904"), "{:?}", meant("904"));
        assert!(
            first("0x2308").starts_with("0x904"),
            "{:?}",
            meant("0x2308")
        );
        assert!(first("0x940").starts_with("0x904"), "{:?}", meant("0x940"));
        assert_eq!(first("STATUS_LOGON_FAILUER"), "STATUS_LOGON_FAILURE");
        assert_eq!(first("SEC_E_POLICY_NTLM_ONLY"), "SEC_E_POLICY_NLTM_ONLY");
    }

    #[test]
    fn a_search_ranks_names_before_sentences() {
        let found = search("license server");
        assert!(found.len() > 3);
        assert!(
            found
                .iter()
                .take(3)
                .all(|code| code.name.to_lowercase().contains("licenseserver")
                    || code.name.contains("LICENSE_SERVER"))
        );
        assert!(search("zzzz").is_empty());
        assert!(search("").is_empty());
    }
}
