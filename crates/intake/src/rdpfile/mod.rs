//! Connection files (`.rdp`): one setting a line, `name:type:value`. Reading loses nothing: order,
//! duplicates, unknown settings, line ends and bytes that are no text are all kept, and a file that was
//! not edited is written as it was read.

mod known;
mod lint;
mod meaning;

use model::Damage;

pub use known::{KNOWN, Known, known};
pub use lint::{Grade, Remark};
pub use meaning::{Address, Gateway, GatewayUse};

use crate::encoding::Encoding;

/// Lines beyond this number are not read: no real file has a thousand.
const MOST_LINES: usize = 100_000;

/// A connection file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RdpFile {
    /// How its characters are written.
    pub encoding: Encoding,
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// What could not be read.
    pub damage: Vec<Damage>,
    /// The bytes as they were read, where they cannot be put together from the lines.
    original: Option<Vec<u8>>,
}

/// A line of a connection file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub content: Content,
    /// Its bytes, line end included.
    raw: Vec<u8>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Blank,
    /// A setting.
    Setting(Setting),
    /// Something else; clients skip it.
    Other(String),
}

/// `name:type:value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name as it is written; clients do not look at its case.
    pub name: String,
    /// `s` for text, `i` for a whole number, `b` for hexadecimal digits; other letters are kept.
    pub kind: char,
    /// The value as it is written, blanks included.
    pub value: String,
}

impl Setting {
    /// The name in lower case without blanks around it: two settings that agree in it are the same.
    pub fn folded(&self) -> String {
        self.name.trim().to_lowercase()
    }

    /// The value as a whole number, when it is one.
    pub fn number(&self) -> Option<i64> {
        self.value.trim().parse().ok()
    }
}

/// The bytes are the beginning of a connection file.
pub fn recognises(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(8192)).unwrap_or(head);
    let file = read(head);
    let settings = file.settings().count();
    let others = file
        .lines
        .iter()
        .filter(|line| matches!(line.content, Content::Other(_)))
        .count();
    let sure = file
        .settings()
        .any(|(_, setting)| known(&setting.folded()).is_some());
    sure && settings > others
}

/// Reads a connection file. Any bytes give an answer.
pub fn read(bytes: &[u8]) -> RdpFile {
    let encoding = Encoding::of(bytes);
    let mut damage = Vec::new();
    let mark = encoding.mark().len();
    let body = bytes.get(mark..).unwrap_or_default();
    if encoding.is_utf16() && body.len() % 2 == 1 {
        damage.push(Damage {
            place: "the whole file".to_owned(),
            says: "UTF-16 with an odd number of bytes: a byte was added or lost".to_owned(),
        });
        if let Some(mended) = without_added_returns(body, encoding) {
            damage.push(Damage {
                place: "the whole file".to_owned(),
                says: "single carriage returns were added inside UTF-16 text, as a conversion of line \
                       ends does; read as if they were not there"
                    .to_owned(),
            });
            return RdpFile {
                encoding,
                lines: split(&mended, encoding, &mut damage),
                damage,
                original: Some(bytes.to_vec()),
            };
        }
    }
    RdpFile {
        encoding,
        lines: split(body, encoding, &mut damage),
        damage,
        original: None,
    }
}

/// UTF-16 text without the carriage returns that a conversion of line ends put before each byte 0x0A;
/// `None` when that is not what happened. U+0A0D, which such a pair would be otherwise, is no character.
fn without_added_returns(body: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(body.len());
    let mut found = false;
    for (at, &byte) in body.iter().enumerate() {
        if byte == 0x0D && body.get(at + 1) == Some(&0x0A) {
            found = true;
        } else {
            mended.push(byte);
        }
    }
    let (_, broken) = encoding.decode(&mended);
    (found && mended.len() % 2 == 0 && !broken).then_some(mended)
}

fn split(body: &[u8], encoding: Encoding, damage: &mut Vec<Damage>) -> Vec<Line> {
    let unit = encoding.unit();
    let is = |piece: &[u8], wanted: u8| match (encoding, piece) {
        (Encoding::Utf16Le | Encoding::Utf16LeMarked, [low, 0]) => *low == wanted,
        (Encoding::Utf16Be | Encoding::Utf16BeMarked, [0, low]) => *low == wanted,
        (_, [byte]) => *byte == wanted,
        _ => false,
    };
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while start < body.len() {
        if lines.len() == MOST_LINES {
            damage.push(Damage {
                place: format!("line {}", MOST_LINES + 1),
                says: "too many lines; the rest was not read".to_owned(),
            });
            let raw = body.get(start..).unwrap_or_default().to_vec();
            let content = Content::Other(String::new());
            lines.push(Line { content, raw });
            break;
        }
        let mut end = None;
        while let Some(piece) = body.get(at..at + unit) {
            at += unit;
            if is(piece, b'\n') {
                end = Some(1);
                break;
            }
            if is(piece, b'\r') {
                let follows = body.get(at..at + unit).is_some_and(|next| is(next, b'\n'));
                if follows {
                    at += unit;
                }
                end = Some(1 + usize::from(follows));
                break;
            }
        }
        if end.is_none() {
            at = body.len();
        }
        let raw = body.get(start..at).unwrap_or_default();
        let text = raw
            .get(..raw.len().saturating_sub(end.unwrap_or(0) * unit))
            .unwrap_or_default();
        let (text, broken) = encoding.decode(text);
        if broken {
            damage.push(Damage {
                place: format!("line {}", lines.len() + 1),
                says: "some bytes are no characters".to_owned(),
            });
        }
        lines.push(Line {
            content: content(&text),
            raw: raw.to_vec(),
        });
        start = at;
    }
    lines
}

fn content(text: &str) -> Content {
    if text
        .trim_matches(|c: char| c.is_whitespace() || c == '\0')
        .is_empty()
    {
        return Content::Blank;
    }
    let mut parts = text.splitn(3, ':');
    if let (Some(name), Some(kind), Some(value)) = (parts.next(), parts.next(), parts.next()) {
        let mut letters = kind.trim().chars();
        if let (Some(kind), None) = (letters.next(), letters.next())
            && kind.is_ascii_alphabetic()
            && !name.trim().is_empty()
        {
            return Content::Setting(Setting {
                name: name.to_owned(),
                kind: kind.to_ascii_lowercase(),
                value: value.to_owned(),
            });
        }
    }
    Content::Other(text.to_owned())
}

impl RdpFile {
    /// The settings, in order, with their line numbers counted from one.
    pub fn settings(&self) -> impl Iterator<Item = (usize, &Setting)> {
        self.lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| match &line.content {
                Content::Setting(setting) => Some((at + 1, setting)),
                Content::Blank | Content::Other(_) => None,
            })
    }

    /// The setting of this name; the last one when there are several, as clients read it.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings()
            .filter(|(_, setting)| setting.name.trim().eq_ignore_ascii_case(name))
            .last()
            .map(|(_, setting)| setting)
    }

    /// The value of the setting of this name, without blanks around it; `None` when it is not set or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.setting(name)
            .map(|setting| setting.value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The value of the setting of this name as a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.setting(name).and_then(Setting::number)
    }

    /// The file has at least one setting.
    pub fn is_connection_file(&self) -> bool {
        self.settings().next().is_some()
    }

    /// Sets a value: changes the last line of this name, or adds one. All other lines stay as they are.
    pub fn set(&mut self, name: &str, kind: char, value: &str) {
        let setting = Setting {
            name: name.to_owned(),
            kind,
            value: value.to_owned(),
        };
        let end = if self.lines.iter().any(|line| self.is_bare_feed(line)) {
            "\n"
        } else {
            "\r\n"
        };
        let raw = self.encoding.encode(&format!("{name}:{kind}:{value}{end}"));
        self.original = None;
        let line = Line {
            content: Content::Setting(setting),
            raw,
        };
        let place = self.lines.iter_mut().rev().find(|line| {
            matches!(&line.content, Content::Setting(old) if old.name.trim().eq_ignore_ascii_case(name))
        });
        if let Some(place) = place {
            *place = line;
            return;
        }
        let end = self.encoding.encode(end);
        if let Some(last) = self.lines.last_mut()
            && !last.raw.ends_with(&end)
        {
            last.raw.extend_from_slice(&end);
        }
        self.lines.push(line);
    }

    /// Takes out all lines of this name. All other lines stay as they are.
    pub fn remove(&mut self, name: &str) {
        self.original = None;
        self.lines.retain(|line| {
            !matches!(&line.content, Content::Setting(old) if old.name.trim().eq_ignore_ascii_case(name))
        });
    }

    /// The bytes of the file: as they were read, but for the lines that were edited.
    pub fn to_bytes(&self) -> Vec<u8> {
        if let Some(original) = &self.original {
            return original.clone();
        }
        let mut bytes = self.encoding.mark().to_vec();
        for line in &self.lines {
            bytes.extend_from_slice(&line.raw);
        }
        bytes
    }

    fn is_bare_feed(&self, line: &Line) -> bool {
        line.raw.ends_with(&self.encoding.encode("\n"))
            && !line.raw.ends_with(&self.encoding.encode("\r\n"))
    }
}

#[cfg(test)]
mod tests;
