//! One code: a number or a line of a log with all that is known about it.

use serde::{Deserialize, Serialize};

use super::space::{Base, Space};
use super::topic::Topic;
use crate::ladder::Place;

/// A code of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The namespace.
    pub space: &'static Space,
    /// The number; log lines have none.
    pub number: Option<i64>,
    /// The second number, when the two are one code together.
    pub pair: Option<i64>,
    /// The name in the specification; events often have none.
    pub name: &'static str,
    /// The words by which a log line is known; `*` stands for anything, `$` for the end of the line.
    pub lines: &'static [&'static str],
    /// What it says, as a person would say it.
    pub says: &'static str,
    /// What has to be known to read it rightly; usually empty.
    pub note: &'static str,
    /// The rung it tells about; `None` when it can come on any.
    pub place: Option<Place>,
    /// What it is about.
    pub topic: Topic,
    /// The document it was found in.
    pub document: &'static str,
    /// The place in that document.
    pub section: &'static str,
    /// How sure it is that the code says this.
    pub confidence: Confidence,
}

/// How sure it is that a code says what its table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A report of users without a document behind it.
    Low,
    /// Several reports, or a document that is not its maker's.
    Medium,
    /// Read in the document of its maker.
    High,
}

impl Code {
    pub(crate) const fn new(
        space: &'static Space,
        number: Option<i64>,
        name: &'static str,
        place: Option<Place>,
        topic: Topic,
        says: &'static str,
    ) -> Self {
        Self {
            space,
            number,
            pair: None,
            name,
            lines: &[],
            says,
            note: "",
            place,
            topic,
            document: space.document,
            section: space.section,
            confidence: Confidence::High,
        }
    }

    pub(crate) const fn paired(mut self, second: i64) -> Self {
        self.pair = Some(second);
        self
    }

    pub(crate) const fn known_by(mut self, lines: &'static [&'static str]) -> Self {
        self.lines = lines;
        self
    }

    pub(crate) const fn noted(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    pub(crate) const fn from(mut self, document: &'static str, section: &'static str) -> Self {
        self.document = document;
        self.section = section;
        self
    }

    pub(crate) const fn sure(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// The number as its namespace writes it: `2308`, `0x904`, `0x80090302`; a pair as `0x904/0x7`.
    pub fn written(&self) -> String {
        let one = |number: i64| match self.space.base {
            _ if number < 0 => number.to_string(),
            Base::Decimal => number.to_string(),
            Base::Hex => format!("0x{number:X}"),
            Base::Wide => format!("0x{number:08X}"),
        };
        match (self.number, self.pair) {
            (Some(first), Some(second)) => format!("{}/{}", one(first), one(second)),
            (Some(number), None) => one(number),
            (None, _) => String::new(),
        }
    }
}

/// Says whether `number` is the code's number. Numbers are written signed and unsigned: -1 and 0xFFFFFFFF
/// are the same 32 bits.
pub fn same_number(code: i64, number: i64) -> bool {
    const WIDTH: i64 = 1 << 32;
    code == number
        || code.checked_add(WIDTH) == Some(number)
        || number.checked_add(WIDTH) == Some(code)
}

/// The name given, or the constant's.
pub(crate) const fn named(constant: &'static str, given: &[&'static str]) -> &'static str {
    match given {
        [name, ..] => name,
        [] => constant,
    }
}
