//! Binary XML as event logs hold it ([MS-EVEN6] 2.2.12), read only as far as a diagnosis needs: names and
//! values of leaves, in order, without building a tree.
//!
//! Nearly every record is an instance of a template: a definition, kept once in its chunk, and the values
//! to put into it. A definition is read once into a [`Shape`]; whether a record is wanted is then known from
//! a few of its values, before anything else of it is decoded.

use std::rc::Rc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::bytes::{Cursor, u32_at, utf16};

/// Elements inside elements beyond this depth are damage.
const DEEPEST: usize = 32;
/// Fragments inside values of fragments beyond this depth are left out.
const DEEPEST_FRAGMENT: usize = 4;
/// Fragments of one event that are looked into.
const MOST_FRAGMENTS: usize = 64;
/// Leaves of one definition that are kept.
const MOST_LEAVES: usize = 512;
/// Values of one event that are put together.
const MOST_FILLED: usize = 128;
/// The longest name of an element or attribute, in bytes.
const LONGEST_NAME: usize = 512;
/// Bytes of one value that are read.
const LONGEST_VALUE: usize = 4096;
/// Bytes that the definitions of one chunk have together: each byte of it belongs to one at most.
const MOST_DEFINED: usize = 0x1_0000;
/// Definitions that are remembered beyond their chunk, and those of one identity.
const MOST_KNOWN: usize = 1_000;
const MOST_WRITTEN: usize = 4 * 1024 * 1024;
const MOST_OF_IDENTITY: usize = 8;

/// What a template or a fragment holds.
#[derive(Debug, Default)]
pub struct Shape {
    /// Its leaves, in document order.
    pub leaves: Vec<Leaf>,
    /// Its number among those that are remembered: two instances with the same number have the same shape.
    pub number: Option<usize>,
    /// The definition as it was read, by which another of the same identity is known to be the same; where the
    /// other bits of `told` are, it may differ.
    written: Vec<u8>,
    told: Vec<u8>,
    names: Vec<Named>,
}

/// A name in a definition, which lies anywhere in its chunk.
#[derive(Debug)]
struct Named {
    /// Where in the definition the offset of the name stands.
    at: usize,
    /// The name itself follows.
    follows: bool,
    /// Its hash and length, as the chunk holds them, by which Windows looks for it.
    hash: u32,
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

    /// Reads values one after another.
    pub fn walk(&self) -> Walk<'c> {
        Walk {
            values: *self,
            next: 0,
            start: 0,
        }
    }
}

/// A way through values, from the first to the last.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'c> {
    values: Values<'c>,
    next: u16,
    start: usize,
}

impl<'c> Walk<'c> {
    /// The type and bytes of a value that does not stand before one that was asked for.
    pub fn to(&mut self, number: u16) -> Option<(u8, &'c [u8])> {
        let table = self
            .values
            .table
            .get(usize::from(self.next) * 4..usize::from(number) * 4 + 4)?;
        let (entry, passed) = table.split_last_chunk::<4>().map(|(a, b)| (b, a))?;
        for entry in passed.chunks_exact(4) {
            self.start += size_of(entry);
        }
        let start = self.start;
        self.start += size_of(entry);
        self.next = number.checked_add(1)?;
        let bytes = self.values.data.get(start..self.start)?;
        Some((entry[2], bytes))
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

/// Definitions that were read: those of a chunk by their place, and those of all chunks by their identity.
#[derive(Debug, Default)]
pub struct Shapes {
    here: Vec<(usize, Rc<Shape>)>,
    /// Bytes of the definitions of this chunk.
    defined: usize,
    known: HashMap<[u8; 16], Vec<Rc<Shape>>, RandomState>,
    numbered: usize,
    /// Bytes of what is remembered.
    written: usize,
}

impl Shapes {
    /// The shape of the definition at `offset`.
    pub fn at(&mut self, chunk: &[u8], offset: usize) -> Rc<Shape> {
        if let Some((_, shape)) = self.here.iter().find(|(at, _)| *at == offset) {
            return Rc::clone(shape);
        }
        let shape = self.definition(chunk, offset).unwrap_or_default();
        self.here.push((offset, Rc::clone(&shape)));
        shape
    }

    /// Forgets the places, for the next chunk; true when everything else was forgotten too, because it was too much.
    pub fn next_chunk(&mut self) -> bool {
        self.here.clear();
        self.defined = 0;
        let full = self.numbered >= MOST_KNOWN || self.written >= MOST_WRITTEN;
        if full {
            self.known.clear();
            self.numbered = 0;
            self.written = 0;
        }
        full
    }

    fn definition(&mut self, chunk: &[u8], offset: usize) -> Option<Rc<Shape>> {
        let mut cursor = Cursor::at(chunk, offset);
        // Next definition.
        cursor.u32()?;
        let identity: [u8; 16] = cursor.take(16)?.first_chunk().copied()?;
        let size = cursor.length()?;
        let start = cursor.place();
        self.defined = self.defined.saturating_add(size);
        if self.defined > MOST_DEFINED {
            return None;
        }
        let known = self.known.get(&identity);
        if let Some(shape) = known
            .into_iter()
            .flatten()
            .find(|shape| shape.is_at(chunk, start, size))
        {
            return Some(Rc::clone(shape));
        }
        let end = start.checked_add(size)?;
        let (mut shape, whole) = read(chunk, start, end.min(chunk.len()), true);
        if !whole || end > chunk.len() {
            return Some(Rc::new(shape));
        }
        let of_identity = self.known.entry(identity).or_default();
        if of_identity.len() < MOST_OF_IDENTITY {
            shape.number = Some(self.numbered);
            self.numbered += 1;
            self.written += 2 * size;
            shape.written = chunk.get(start..end)?.to_vec();
            shape.told = vec![0xFF; size];
            for name in &shape.names {
                // A name that follows begins with where the next name lies in the chunk.
                let may_differ = if name.follows { 8 } else { 4 };
                if let Some(told) = shape.told.get_mut(name.at..name.at + may_differ) {
                    told.fill(0);
                }
            }
            let shape = Rc::new(shape);
            of_identity.push(Rc::clone(&shape));
            return Some(shape);
        }
        Some(Rc::new(shape))
    }
}

impl Shape {
    /// The definition whose body begins at `start` is the same as the one that was read into this.
    fn is_at(&self, chunk: &[u8], start: usize, size: usize) -> bool {
        let Some(body) = start
            .checked_add(size)
            .filter(|_| size == self.written.len())
            .and_then(|end| chunk.get(start..end))
        else {
            return false;
        };
        let differs = body
            .iter()
            .zip(&self.written)
            .zip(&self.told)
            .fold(0, |differs, ((a, b), told)| differs | ((a ^ b) & told));
        differs == 0
            && self.names.iter().all(|name| {
                u32_at(body, name.at)
                    .and_then(|offset| usize::try_from(offset).ok())
                    .is_some_and(|offset| {
                        (offset == start + name.at + 4) == name.follows
                            && u32_at(chunk, offset.saturating_add(4)) == Some(name.hash)
                    })
            })
    }
}

/// Reads a fragment that is written out, as far as it can be read. Elements of a definition carry two bytes
/// more than others.
pub fn shape(chunk: &[u8], start: usize, end: usize, in_definition: bool) -> Shape {
    read(chunk, start, end, in_definition).0
}

/// The same, and whether every name in it could be read.
fn read(chunk: &[u8], start: usize, end: usize, in_definition: bool) -> (Shape, bool) {
    let mut reading = Reading {
        chunk,
        start,
        shape: Shape::default(),
        open: Vec::new(),
        attribute: None,
        nameless: false,
    };
    let mut cursor = Cursor::at(chunk.get(..end).unwrap_or(chunk), start);
    while reading.token(&mut cursor, in_definition).is_some() {}
    while reading.close().is_some() {}
    (reading.shape, !reading.nameless)
}

struct Reading<'c> {
    chunk: &'c [u8],
    start: usize,
    shape: Shape,
    open: Vec<Element>,
    attribute: Option<Leaf>,
    /// A name could not be read.
    nameless: bool,
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

    fn name(&mut self, cursor: &mut Cursor<'_>) -> Option<String> {
        let at = cursor.place().checked_sub(self.start)?;
        let name = self.named(cursor, at);
        self.nameless |= name.is_none();
        name
    }

    fn named(&mut self, cursor: &mut Cursor<'_>, at: usize) -> Option<String> {
        let offset = cursor.length()?;
        let mut entry = Cursor::at(self.chunk, offset);
        // Next name and hash.
        entry.take(6)?;
        let length = usize::from(entry.u16()?) * 2;
        let name = entry.take(length.min(LONGEST_NAME + 1))?;
        if length > LONGEST_NAME {
            return None;
        }
        let follows = offset == cursor.place();
        if follows {
            cursor.take(8 + length + 2)?;
        }
        let hash = u32_at(self.chunk, offset.checked_add(4)?)?;
        self.shape.names.push(Named { at, follows, hash });
        Some(utf16(name))
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
    let mut filling = Filling {
        chunk,
        shapes,
        keep,
        fragments: MOST_FRAGMENTS,
        found,
    };
    filling.instance(shape, values, DEEPEST_FRAGMENT);
}

struct Filling<'f> {
    chunk: &'f [u8],
    shapes: &'f mut Shapes,
    keep: &'f dyn Fn(&str) -> bool,
    /// How many more fragments are looked into.
    fragments: usize,
    found: &'f mut Vec<(String, String)>,
}

impl Filling<'_> {
    fn instance(&mut self, shape: &Shape, values: Values<'_>, depth: usize) {
        for leaf in shape.leaves.iter().filter(|leaf| !leaf.envelope) {
            if self.found.len() >= MOST_FILLED {
                return;
            }
            let kept = (self.keep)(&leaf.name);
            let mut said = String::new();
            for part in &leaf.parts {
                match part {
                    Part::Text(text) if kept => said.push_str(text),
                    Part::Text(_) => {}
                    Part::Value(number) => match values.get(*number) {
                        Some((0x21, bytes)) => self.embedded(bytes, depth),
                        Some((kind, bytes)) if kept => said.push_str(&text(kind, bytes)),
                        Some(_) | None => {}
                    },
                }
                if said.len() > LONGEST_VALUE {
                    break;
                }
            }
            if !said.is_empty() {
                self.found.push((leaf.name.clone(), said));
            }
        }
    }

    fn embedded(&mut self, bytes: &[u8], depth: usize) {
        let (Some((start, end)), Some(depth), Some(fragments)) = (
            span(self.chunk, bytes),
            depth.checked_sub(1),
            self.fragments.checked_sub(1),
        ) else {
            return;
        };
        self.fragments = fragments;
        if let Some(inner) = instance(self.chunk, start, end) {
            let shape = self.shapes.at(self.chunk, inner.definition);
            self.instance(&shape, inner.values, depth);
        } else {
            let shape = shape(self.chunk, start, end, false);
            self.instance(&shape, Values::NONE, depth);
        }
    }
}

/// Where bytes of a chunk lie in it.
pub fn span(chunk: &[u8], bytes: &[u8]) -> Option<(usize, usize)> {
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
    let bytes = bytes.get(..LONGEST_VALUE).unwrap_or(bytes);
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
