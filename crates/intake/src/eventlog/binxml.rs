//! Binary XML as event logs hold it ([MS-EVEN6] 2.2.12), read only as far as a diagnosis needs: names and
//! values of leaves, in order, without building a tree.
//!
//! Nearly every record is an instance of a template: a definition, kept once in its chunk, and the values
//! to put into it. A definition is read once into a [`Shape`]; whether a record is wanted is then known from
//! a few of its values, before anything else of it is decoded.

use std::rc::Rc;

use crate::bytes::{Cursor, utf16};

/// Elements inside elements beyond this depth are damage.
const DEEPEST: usize = 32;
/// Fragments inside values of fragments beyond this depth are left out.
const DEEPEST_FRAGMENT: usize = 4;
/// Leaves of one definition that are kept.
const MOST_LEAVES: usize = 512;

/// What a template or a fragment holds.
#[derive(Debug, Default)]
pub struct Shape {
    /// Its leaves, in document order.
    pub leaves: Vec<Leaf>,
}

/// An element or attribute with a value.
#[derive(Debug)]
pub struct Leaf {
    /// `Element`, or `Element@Attribute`; for `<Data Name="X">` just `X`.
    pub name: String,
    /// What its value is put together from.
    pub parts: Vec<Part>,
    /// It belongs to the envelope of an event, which is read by itself.
    pub envelope: bool,
}

/// A part of a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that is always the same.
    Text(String),
    /// The value with this number.
    Value(u16),
}

/// The values of an instance.
#[derive(Clone, Copy, Debug)]
pub struct Values<'c> {
    /// Four bytes each: size, type, and a byte of no meaning.
    table: &'c [u8],
    data: &'c [u8],
}

impl<'c> Values<'c> {
    /// No values.
    pub const NONE: Self = Self {
        table: &[],
        data: &[],
    };

    /// The type and bytes of a value.
    pub fn get(&self, number: u16) -> Option<(u8, &'c [u8])> {
        let mut start = 0_usize;
        let mut entries = self.table.chunks_exact(4);
        for _ in 0..number {
            start += size_of(entries.next()?);
        }
        let entry = entries.next()?;
        let kind = *entry.get(2)?;
        let bytes = self.data.get(start..start + size_of(entry))?;
        Some((kind, bytes))
    }
}

fn size_of(entry: &[u8]) -> usize {
    entry
        .first_chunk()
        .map_or(0, |size| usize::from(u16::from_le_bytes(*size)))
}

/// An instance of a template: where its definition is, and its values.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'c> {
    /// Offset of the definition in the chunk.
    pub definition: usize,
    /// Its values.
    pub values: Values<'c>,
}

/// Reads the instance a fragment consists of; `None` when it is written out without a template.
pub fn instance(chunk: &[u8], start: usize, end: usize) -> Option<Instance<'_>> {
    let fragment = chunk.get(..end)?;
    let mut cursor = Cursor::at(fragment, start);
    let mut token = cursor.u8()?;
    if token == 0x0F {
        cursor.take(3)?;
        token = cursor.u8()?;
    }
    if token != 0x0C {
        return None;
    }
    cursor.u8()?;
    let _identity = cursor.u32()?;
    let definition = cursor.length()?;
    if definition == cursor.place() {
        // The first instance carries the definition with it.
        cursor.take(20)?;
        let size = cursor.length()?;
        cursor.take(size)?;
    }
    let count = cursor.length()?;
    let table = cursor.take(count.checked_mul(4)?)?;
    let data = fragment.get(cursor.place()..)?;
    Some(Instance {
        definition,
        values: Values { table, data },
    })
}

/// The definitions of a chunk that were read.
#[derive(Debug, Default)]
pub struct Shapes {
    read: Vec<(usize, Rc<Shape>)>,
}

impl Shapes {
    /// The shape of the definition at `offset`.
    pub fn at(&mut self, chunk: &[u8], offset: usize) -> Rc<Shape> {
        if let Some((_, shape)) = self.read.iter().find(|(at, _)| *at == offset) {
            return Rc::clone(shape);
        }
        let shape = Rc::new(definition(chunk, offset).unwrap_or_default());
        self.read.push((offset, Rc::clone(&shape)));
        shape
    }

    /// Forgets everything, for the next chunk.
    pub fn clear(&mut self) {
        self.read.clear();
    }
}

fn definition(chunk: &[u8], offset: usize) -> Option<Shape> {
    let mut cursor = Cursor::at(chunk, offset);
    // Next definition and identity.
    cursor.take(20)?;
    let size = cursor.length()?;
    let start = cursor.place();
    let end = start.checked_add(size)?.min(chunk.len());
    Some(shape(chunk, start, end, true))
}

/// Reads a fragment that is written out, as far as it can be read. Elements of a definition carry two bytes
/// more than others.
pub fn shape(chunk: &[u8], start: usize, end: usize, in_definition: bool) -> Shape {
    let mut reading = Reading {
        chunk,
        shape: Shape::default(),
        open: Vec::new(),
        attribute: None,
    };
    let mut cursor = Cursor::at(chunk.get(..end).unwrap_or(chunk), start);
    while reading.token(&mut cursor, in_definition).is_some() {}
    while reading.close().is_some() {}
    reading.shape
}

struct Reading<'c> {
    chunk: &'c [u8],
    shape: Shape,
    open: Vec<Element>,
    attribute: Option<Leaf>,
}

struct Element {
    name: String,
    called: Option<String>,
    parts: Vec<Part>,
}

impl Reading<'_> {
    /// Reads one token; `None` at the end or where nothing more can be read.
    fn token(&mut self, cursor: &mut Cursor<'_>, in_definition: bool) -> Option<()> {
        match cursor.u8()? {
            0x0F => {
                cursor.take(3)?;
            }
            token @ (0x01 | 0x41) => {
                if self.open.len() >= DEEPEST {
                    return None;
                }
                if in_definition {
                    cursor.u16()?;
                }
                cursor.u32()?;
                let name = self.name(cursor)?;
                if token == 0x41 {
                    cursor.u32()?;
                }
                self.open.push(Element {
                    name,
                    called: None,
                    parts: Vec::new(),
                });
            }
            0x02 => self.end_attribute(),
            0x03 | 0x04 => {
                self.end_attribute();
                self.close()?;
            }
            0x05 | 0x45 => {
                let kind = cursor.u8()?;
                let text = if kind == 0x01 {
                    let length = usize::from(cursor.u16()?) * 2;
                    utf16(cursor.take(length)?)
                } else {
                    text(kind, cursor.take(width(kind)?)?)
                };
                self.part(Part::Text(text));
            }
            0x06 | 0x46 => {
                self.end_attribute();
                let name = self.name(cursor)?;
                self.attribute = Some(Leaf {
                    name,
                    parts: Vec::new(),
                    envelope: false,
                });
            }
            0x07 | 0x47 => {
                let length = usize::from(cursor.u16()?) * 2;
                let text = utf16(cursor.take(length)?);
                self.part(Part::Text(text));
            }
            0x08 | 0x48 => {
                let unit = cursor.u16()?;
                let character = char::from_u32(u32::from(unit)).unwrap_or('\u{FFFD}');
                self.part(Part::Text(character.to_string()));
            }
            0x09 | 0x49 => {
                let entity = self.name(cursor)?;
                let text = match entity.as_str() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "",
                };
                self.part(Part::Text(text.to_owned()));
            }
            0x0A => {
                self.name(cursor)?;
            }
            0x0B => {
                let length = usize::from(cursor.u16()?) * 2;
                cursor.take(length)?;
            }
            0x0D | 0x0E => {
                let number = cursor.u16()?;
                cursor.u8()?;
                self.part(Part::Value(number));
            }
            _ => return None,
        }
        Some(())
    }

    fn name(&self, cursor: &mut Cursor<'_>) -> Option<String> {
        let offset = cursor.length()?;
        let mut entry = Cursor::at(self.chunk, offset);
        // Next name and hash.
        entry.take(6)?;
        let length = usize::from(entry.u16()?) * 2;
        let name = utf16(entry.take(length)?);
        if offset == cursor.place() {
            cursor.take(8 + length + 2)?;
        }
        Some(name)
    }

    fn part(&mut self, part: Part) {
        if let Some(attribute) = &mut self.attribute {
            attribute.parts.push(part);
        } else if let Some(element) = self.open.last_mut() {
            element.parts.push(part);
        }
    }

    fn end_attribute(&mut self) {
        let (Some(attribute), Some(element)) = (self.attribute.take(), self.open.last_mut()) else {
            return;
        };
        if attribute.name == "Name"
            && matches!(element.name.as_str(), "Data" | "ComplexData")
            && let [Part::Text(called)] = attribute.parts.as_slice()
        {
            element.called = Some(called.clone());
        } else if attribute.name != "xmlns" {
            let name = format!("{}@{}", element.name, attribute.name);
            self.keep(name, attribute.parts);
        }
    }

    fn close(&mut self) -> Option<()> {
        let element = self.open.pop()?;
        if !element.parts.is_empty() {
            self.keep(element.called.unwrap_or(element.name), element.parts);
        }
        Some(())
    }

    fn keep(&mut self, name: String, parts: Vec<Part>) {
        if self.shape.leaves.len() < MOST_LEAVES {
            let envelope = super::is_envelope(&name);
            self.shape.leaves.push(Leaf {
                name,
                parts,
                envelope,
            });
        }
    }
}

/// Puts the leaves of an instance that `keep` keeps into `found`: names with values, those of embedded
/// fragments included, those of the envelope left out.
pub fn fill(
    chunk: &[u8],
    shapes: &mut Shapes,
    shape: &Shape,
    values: Values<'_>,
    keep: &dyn Fn(&str) -> bool,
    found: &mut Vec<(String, String)>,
) {
    fill_to(chunk, shapes, shape, values, keep, DEEPEST_FRAGMENT, found);
}

fn fill_to(
    chunk: &[u8],
    shapes: &mut Shapes,
    shape: &Shape,
    values: Values<'_>,
    keep: &dyn Fn(&str) -> bool,
    depth: usize,
    found: &mut Vec<(String, String)>,
) {
    for leaf in &shape.leaves {
        if leaf.envelope {
            continue;
        }
        let kept = keep(&leaf.name);
        let mut said = String::new();
        for part in &leaf.parts {
            match part {
                Part::Text(text) => {
                    if kept {
                        said.push_str(text);
                    }
                }
                Part::Value(number) => match values.get(*number) {
                    Some((0x21, bytes)) if depth > 0 => {
                        if let Some((start, end)) = span(chunk, bytes) {
                            embedded(chunk, shapes, start, end, keep, depth - 1, found);
                        }
                    }
                    Some((kind, bytes)) if kept => said.push_str(&text(kind, bytes)),
                    Some(_) | None => {}
                },
            }
        }
        if !said.is_empty() && found.len() < MOST_LEAVES {
            found.push((leaf.name.clone(), said));
        }
    }
}

/// The bytes of the fragments embedded in an instance: two instances of one template that agree in them
/// carry the same.
pub fn fragments<'c>(shape: &Shape, values: Values<'c>) -> impl Iterator<Item = &'c [u8]> {
    shape
        .leaves
        .iter()
        .filter(|leaf| !leaf.envelope)
        .flat_map(|leaf| &leaf.parts)
        .filter_map(move |part| match part {
            Part::Value(number) => values.get(*number).map(|(_, bytes)| bytes),
            Part::Text(_) => None,
        })
}

fn embedded(
    chunk: &[u8],
    shapes: &mut Shapes,
    start: usize,
    end: usize,
    keep: &dyn Fn(&str) -> bool,
    depth: usize,
    found: &mut Vec<(String, String)>,
) {
    if let Some(inner) = instance(chunk, start, end) {
        let shape = shapes.at(chunk, inner.definition);
        fill_to(chunk, shapes, &shape, inner.values, keep, depth, found);
    } else {
        let shape = shape(chunk, start, end, false);
        fill_to(chunk, shapes, &shape, Values::NONE, keep, depth, found);
    }
}

/// Where bytes of a chunk lie in it.
fn span(chunk: &[u8], bytes: &[u8]) -> Option<(usize, usize)> {
    let start = bytes.as_ptr().addr().checked_sub(chunk.as_ptr().addr())?;
    Some((start, start.checked_add(bytes.len())?))
}

const fn width(kind: u8) -> Option<usize> {
    Some(match kind {
        0x00 => 0,
        0x03 | 0x04 => 1,
        0x05 | 0x06 => 2,
        0x07 | 0x08 | 0x0B | 0x0D | 0x14 => 4,
        0x09 | 0x0A | 0x0C | 0x11 | 0x15 => 8,
        0x0F | 0x12 => 16,
        _ => return None,
    })
}

/// A value as text. Numbers are decimal, identities and flags hexadecimal, lists one to a line.
pub fn text(kind: u8, bytes: &[u8]) -> String {
    if kind & 0x80 != 0 {
        return list(kind & 0x7F, bytes);
    }
    let unsigned = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .take(8)
            .fold(0_u64, |number, &byte| (number << 8) | u64::from(byte))
    };
    match kind {
        0x01 => utf16(bytes),
        0x02 => crate::encoding::Encoding::Ansi
            .decode(bytes)
            .0
            .trim_end_matches('\0')
            .to_owned(),
        0x03 => bytes
            .first()
            .map_or_else(String::new, |byte| byte.cast_signed().to_string()),
        0x05 => bytes
            .first_chunk()
            .map_or_else(String::new, |&two| i16::from_le_bytes(two).to_string()),
        0x07 => bytes
            .first_chunk()
            .map_or_else(String::new, |&four| i32::from_le_bytes(four).to_string()),
        0x09 => bytes
            .first_chunk()
            .map_or_else(String::new, |&eight| i64::from_le_bytes(eight).to_string()),
        0x04 | 0x06 | 0x08 | 0x0A if !bytes.is_empty() => unsigned(bytes).to_string(),
        0x0D => (unsigned(bytes) != 0).to_string(),
        0x0F => guid(bytes),
        0x10 | 0x14 | 0x15 if !bytes.is_empty() => format!("{:#x}", unsigned(bytes)),
        0x11 => bytes
            .first_chunk()
            .map(|&eight| model::UnixMicros::from_filetime(u64::from_le_bytes(eight)))
            .and_then(|at| jiff::Timestamp::from_microsecond(at.0).ok())
            .map_or_else(String::new, |at| at.to_string()),
        0x13 => sid(bytes).unwrap_or_default(),
        0x0E => bytes
            .iter()
            .take(64)
            .fold(String::new(), |mut digits, byte| {
                use std::fmt::Write as _;
                let _ = write!(digits, "{byte:02X}");
                digits
            }),
        _ => String::new(),
    }
}

fn list(kind: u8, bytes: &[u8]) -> String {
    if kind == 0x01 {
        // Texts with a zero after each.
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk().map(|pair| u16::from_le_bytes(*pair)))
            .collect();
        let lines: Vec<String> = units
            .split(|&unit| unit == 0)
            .map(String::from_utf16_lossy)
            .collect();
        return lines.join("\n").trim_end().to_owned();
    }
    match width(kind) {
        Some(width) if width > 0 => bytes
            .chunks_exact(width)
            .take(256)
            .map(|item| text(kind, item))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

/// An identity of sixteen bytes as it is written: `{0F0F0F0F-…}`.
pub fn guid(bytes: &[u8]) -> String {
    let mut cursor = Cursor::at(bytes, 0);
    let parts = (|| {
        let parts = (cursor.u32()?, cursor.u16()?, cursor.u16()?);
        let rest: [u8; 8] = cursor.take(8)?.first_chunk().copied()?;
        Some((parts, rest))
    })();
    parts.map_or_else(
        String::new,
        |((a, b, c), [d0, d1, d2, d3, d4, d5, d6, d7])| {
            format!("{{{a:08X}-{b:04X}-{c:04X}-{d0:02X}{d1:02X}-{d2:02X}{d3:02X}{d4:02X}{d5:02X}{d6:02X}{d7:02X}}}")
        },
    )
}

fn sid(bytes: &[u8]) -> Option<String> {
    use std::fmt::Write as _;
    let mut cursor = Cursor::at(bytes, 0);
    let revision = cursor.u8()?;
    let count = cursor.u8()?;
    let authority = cursor
        .take(6)?
        .iter()
        .fold(0_u64, |number, &byte| (number << 8) | u64::from(byte));
    let mut said = format!("S-{revision}-{authority}");
    for _ in 0..count {
        let _ = write!(said, "-{}", cursor.u32()?);
    }
    Some(said)
}
