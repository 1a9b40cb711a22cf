//! A page of text that is being written for a terminal or a file.

use std::fmt::Write as _;

use anstyle::Style;
use jiff::tz::TimeZone;

use super::wrap::{ascii, harmless, padded, width, wrap};

/// What matters less.
pub const QUIET: Style = Style::new().dimmed();
/// What matters more.
pub const STRONG: Style = Style::new().bold();
/// All the rest.
pub const PLAIN: Style = Style::new();

/// How text is laid out for its reader.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Columns of a line.
    pub width: usize,
    /// The letters that may be used.
    pub letters: Letters,
    /// Colours.
    pub colors: Colors,
    /// How much is told.
    pub detail: Detail,
    /// The zone in which times are given.
    pub zone: TimeZone,
}

/// The letters a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// All of them.
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// Whether colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// With escape sequences.
    Ansi,
    /// Without.
    None,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The verdict alone.
    Verdict,
    /// Picture, verdict, why, who, next, not checked.
    Report,
    /// The same, with every rung, look and fact.
    Everything,
}

impl Default for Layout {
    /// What suits a file: 80 columns, no colours, UTC.
    fn default() -> Self {
        Self {
            width: 80,
            letters: Letters::Unicode,
            colors: Colors::None,
            detail: Detail::Report,
            zone: TimeZone::UTC,
        }
    }
}

/// A page that is being written.
pub struct Page<'l> {
    /// How it is laid out.
    pub layout: &'l Layout,
    written: String,
}

impl<'l> Page<'l> {
    /// An empty page.
    pub const fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            written: String::new(),
        }
    }

    /// What was written.
    pub fn written(self) -> String {
        self.written
    }

    /// Writes one line of styled pieces.
    pub fn line(&mut self, pieces: &[(Style, &str)]) {
        let last = pieces
            .iter()
            .rposition(|(_, words)| !words.trim().is_empty());
        for (index, (style, words)) in pieces.iter().enumerate() {
            let words = if Some(index) == last {
                words.trim_end()
            } else {
                words
            };
            if last.is_none_or(|last| index > last) {
                break;
            }
            let words = harmless(words);
            let words = match self.layout.letters {
                Letters::Unicode => words,
                Letters::Ascii => ascii(&words),
            };
            if self.layout.colors == Colors::Ansi && *style != PLAIN && !words.trim().is_empty() {
                // Writing to a string does not fail.
                let _ = write!(self.written, "{style}{words}{style:#}");
            } else {
                self.written.push_str(&words);
            }
        }
        self.written.push('\n');
    }

    /// Writes an empty line, unless there is one.
    pub fn blank(&mut self) {
        if !self.written.is_empty() && !self.written.ends_with("\n\n") {
            self.written.push('\n');
        }
    }

    /// Writes words over as many lines as they take.
    pub fn paragraph(&mut self, style: Style, words: &str) {
        for line in wrap(&harmless(words), self.layout.width) {
            self.line(&[(style, &line)]);
        }
    }

    /// Writes words in a column that begins after `head`.
    pub fn hanging(&mut self, head: (Style, &str), style: Style, words: &str) {
        let indent = width(head.1);
        let columns = self.layout.width.saturating_sub(indent);
        let blank = padded("", indent);
        for (index, line) in wrap(&harmless(words), columns).iter().enumerate() {
            let head = if index == 0 {
                head
            } else {
                (PLAIN, blank.as_str())
            };
            self.line(&[head, (style, line)]);
        }
    }
}
