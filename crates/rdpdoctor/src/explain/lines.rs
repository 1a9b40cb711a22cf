//! Lines of logs, known by their fixed words.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use model::codes::{Code, log_lines};

/// Finds known lines. Built when a text is examined, not before.
pub struct Lines {
    first: AhoCorasick,
    known: Vec<Known>,
}

struct Known {
    code: &'static Code,
    /// The fixed words after the first, in order.
    rest: Vec<&'static str>,
    /// Nothing may follow.
    to_the_end: bool,
}

impl Lines {
    /// Gets ready to look; `None` when the tables hold no words.
    pub fn new() -> Option<Self> {
        let tables = [
            log_lines::LOG_XRDP,
            log_lines::LOG_XRDP_SESMAN,
            log_lines::LOG_FREERDP,
            log_lines::LOG_WINDOWS_EVENT226,
        ];
        let mut firsts = Vec::new();
        let mut known = Vec::new();
        for code in tables.into_iter().flatten() {
            for line in code.lines {
                let (line, to_the_end) = match line.strip_suffix('$') {
                    Some(line) => (line, true),
                    None => (*line, false),
                };
                let mut words = line.split('*').filter(|words| !words.is_empty());
                if let Some(first) = words.next() {
                    firsts.push(first);
                    known.push(Known {
                        code,
                        rest: words.collect(),
                        to_the_end,
                    });
                }
            }
        }
        // The compact form: a text is read once, so what is built must be small and quick to build.
        let first = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&firsts)
            .ok()?;
        Some(Self { first, known })
    }

    /// The codes whose words stand in the line, in order of the tables.
    pub fn find(&self, line: &str) -> Vec<&'static Code> {
        let mut found: Vec<&'static Code> = Vec::new();
        for candidate in self.first.find_overlapping_iter(line) {
            let Some(known) = self.known.get(candidate.pattern().as_usize()) else {
                continue;
            };
            let before = line
                .get(..candidate.start())
                .and_then(|before| before.chars().next_back());
            let begins = line
                .get(candidate.start()..)
                .and_then(|from| from.chars().next())
                .is_some_and(char::is_alphanumeric);
            // "TLS connection" is not in "Non-TLS connection".
            if begins && before.is_some_and(|c| c.is_alphanumeric() || c == '-') {
                continue;
            }
            let Some(rest) = line.get(candidate.end()..) else {
                continue;
            };
            let Some(rest) = follow(rest, &known.rest) else {
                continue;
            };
            if known.to_the_end && !rest.trim().is_empty() {
                continue;
            }
            if !found.iter().any(|code| std::ptr::eq(*code, known.code)) {
                found.push(known.code);
            }
        }
        found
    }
}

/// What is left after all words were found in order.
fn follow<'l>(line: &'l str, words: &[&str]) -> Option<&'l str> {
    let mut rest = line;
    for words in words {
        let (_, after) = rest.split_once(words)?;
        rest = after;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<&'static str> {
        let lines = Lines::new().unwrap();
        lines.find(line).into_iter().map(|code| code.name).collect()
    }

    #[test]
    fn words_in_order_make_a_line() {
        assert_eq!(
            names(
                "[INFO ] Security protocol: configured [SSL|RDP], requested [SSL|HYBRID|RDP], selected [SSL]"
            ),
            ["NEG_RESULT"]
        );
        assert_eq!(
            names("Security protocol: selected [SSL], configured [RDP]"),
            [""; 0]
        );
    }

    #[test]
    fn a_line_inside_a_longer_word_is_another_line() {
        assert_eq!(
            names("Non-TLS connection established from 10.0.0.1 with security level 3"),
            ["CONN_RDP_OK"]
        );
        assert_eq!(
            names("[INFO ] TLS connection established from 10.0.0.1 port 5 with cipher X"),
            ["CONN_TLS_OK"]
        );
    }

    #[test]
    fn the_end_of_the_line_counts() {
        assert_eq!(
            names("nego: Protocol Security Negotiation Failure"),
            ["NEGO_FAIL_NOCODE"]
        );
        assert_eq!(
            names("Protocol Security Negotiation Failure: HYBRID_REQUIRED_BY_SERVER [0x00000005]"),
            ["NEGO_FAIL_CODE"]
        );
    }

    #[test]
    fn every_line_of_the_tables_finds_itself() {
        for code in [
            log_lines::LOG_XRDP,
            log_lines::LOG_XRDP_SESMAN,
            log_lines::LOG_FREERDP,
            log_lines::LOG_WINDOWS_EVENT226,
        ]
        .into_iter()
        .flatten()
        {
            for line in code.lines {
                let sample = line.trim_end_matches('$').replace('*', "x1");
                assert!(names(&sample).contains(&code.name), "{sample}");
            }
        }
    }
}
