//! The log patterns of the code tables, searched all at once.

use aho_corasick::{AhoCorasick, MatchKind};
use model::codes::{Code, log_lines};

use super::LONGEST_VALUE;

/// A pattern with at least this many characters in a row is known wherever it stands; a shorter one, or one
/// of plain words, only in the log of its program.
const TELLING: usize = 26;
/// The same for one that holds a name of the program's own.
const TELLING_NAME: usize = 10;

/// What was found in a line.
#[derive(Debug)]
pub struct Found {
    /// The meaning.
    pub code: &'static Code,
    /// What stands where the pattern has its asterisks.
    pub values: Vec<String>,
}

#[derive(Debug)]
struct Pattern {
    code: &'static Code,
    pieces: Vec<&'static str>,
    /// Which piece is searched for.
    longest: &'static str,
    at_end: bool,
    open_end: bool,
}

/// Every pattern, ready to be searched for.
#[derive(Debug)]
pub struct Patterns {
    searched: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

impl Default for Patterns {
    fn default() -> Self {
        let mut patterns = Vec::new();
        for table in [
            log_lines::LOG_XRDP,
            log_lines::LOG_XRDP_SESMAN,
            log_lines::LOG_FREERDP,
            log_lines::LOG_GUACD,
            log_lines::LOG_GNOME,
            log_lines::LOG_FAIL2BAN,
            log_lines::LOG_REMMINA,
            log_lines::LOG_XORG,
            log_lines::LOG_IIS_GATEWAY,
            log_lines::LOG_COMMANDS,
            log_lines::LOG_WINDOWS_EVENT226,
        ] {
            for code in table {
                patterns.extend(code.lines.iter().map(|line| Pattern::of(code, line)));
            }
        }
        let searched = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|pattern| pattern.longest))
            .ok();
        Self { searched, patterns }
    }
}

impl Pattern {
    fn of(code: &'static Code, line: &'static str) -> Self {
        let at_end = line.ends_with('$');
        let open_end = line.ends_with('*');
        let pieces: Vec<&str> = line.trim_end_matches('$').split('*').collect();
        let longest = pieces
            .iter()
            .copied()
            .max_by_key(|piece| piece.len())
            .unwrap_or(line);
        Self {
            code,
            pieces,
            longest,
            at_end,
            open_end,
        }
    }

    fn telling(&self) -> bool {
        let length = self.longest.len();
        length >= TELLING || (length >= TELLING_NAME && self.longest.contains(['_', '[', '"']))
    }

    fn values(&self, line: &str) -> Option<Vec<String>> {
        let mut pieces = self.pieces.iter();
        let first = pieces.next()?;
        let (_, mut rest) = line.split_once(first)?;
        let mut values = Vec::new();
        let mut pieces = pieces.peekable();
        while let Some(piece) = pieces.next() {
            let value = if piece.is_empty() && pieces.peek().is_none() && self.open_end {
                std::mem::take(&mut rest)
            } else {
                let (value, after) = rest.split_once(piece)?;
                rest = after;
                value
            };
            values.push(value.trim().chars().take(LONGEST_VALUE).collect());
        }
        (!self.at_end || rest.trim().is_empty()).then_some(values)
    }
}

impl Patterns {
    /// The meanings of a line. `expected` tells of which programs the log is, by the names of their tables.
    pub fn find(&self, line: &str, expected: impl Fn(&str) -> bool) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let Some(searched) = &self.searched else {
            return found;
        };
        for hit in searched.find_overlapping_iter(line) {
            let Some(pattern) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            if !pattern.telling() && !expected(pattern.code.space.slug) {
                continue;
            }
            if found.iter().any(|known| {
                known.code.name == pattern.code.name && known.code.space == pattern.code.space
            }) {
                continue;
            }
            if let Some(values) = pattern.values(line) {
                found.push(Found {
                    code: pattern.code,
                    values,
                });
            }
        }
        found
    }
}
