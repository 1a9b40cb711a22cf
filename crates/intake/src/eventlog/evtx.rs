//! EVTX files ([MS-EVEN6] and the public descriptions of the file format): a header of 4096 bytes, then
//! chunks of 64 KiB that each stand for themselves. The header is not believed: files copied from a running
//! machine claim too few chunks.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Read;
use std::rc::Rc;

use model::{Damage, UnixMicros};

use super::binxml::{self, Part, Shape, Shapes, Values};
use super::wanted::{self, Wanted};
use super::{Again, Event, Events, Tally};
use crate::bytes::{u32_at, u64_at, utf16};

const HEADER: usize = 4096;
const CHUNK: usize = 0x1_0000;
const CHUNK_HEADER: usize = 512;
const RECORD_HEADER: usize = 24;
const RECORD_MAGIC: [u8; 4] = [0x2A, 0x2A, 0, 0];

/// The bytes are the beginning of an EVTX file, or of a chunk of one.
pub fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"ElfFile\0") || head.starts_with(b"ElfChnk\0")
}

/// Reads a whole file, chunk by chunk.
pub fn read(input: &mut dyn Read, events: &mut Events) {
    read_part(input, 0, u64::MAX, events);
}

/// The chunks of a file of this many bytes, cut into parts that can be read beside each other: where each begins,
/// in bytes, and how many chunks it has.
pub fn parts(length: u64, count: u64) -> Vec<(u64, u64)> {
    let chunk = u64::try_from(CHUNK).unwrap_or(u64::MAX);
    let header = u64::try_from(HEADER).unwrap_or(u64::MAX);
    let chunks = length.saturating_sub(header).div_ceil(chunk);
    let each = chunks.div_ceil(count.max(1)).max(1);
    (0..count)
        .map(|part| {
            let first = part * each;
            let start = if part == 0 { 0 } else { header + first * chunk };
            (start, each.min(chunks.saturating_sub(first)))
        })
        .filter(|&(start, chunks)| start == 0 || chunks > 0)
        .collect()
}

/// The number of the chunk that begins so many bytes from the front of a file.
pub fn chunk_at(start: u64) -> u64 {
    let header = u64::try_from(HEADER).unwrap_or(0);
    start.saturating_sub(header) / u64::try_from(CHUNK).unwrap_or(u64::MAX)
}

/// Reads so many chunks of a file, of which `input` begins with chunk `number`; before chunk 0 stands the header.
pub fn read_part(input: &mut dyn Read, mut number: u64, chunks: u64, events: &mut Events) {
    let mut reader = ChunkReader::default();
    let mut buffer = vec![0; CHUNK];
    let end = number.saturating_add(chunks);
    if number == 0 {
        let head = fill(input, &mut buffer, HEADER);
        if !buffer.starts_with(b"ElfFile\0") {
            // Without a file header: chunks from the first byte on.
            let more = buffer
                .get_mut(head..)
                .map_or(0, |rest| fill(input, rest, CHUNK - head));
            reader.chunk(&buffer, head + more, number, events);
            number += 1;
        } else if head < HEADER {
            events.damage.push(Damage {
                place: "file header".to_owned(),
                says: "the file ends inside its header".to_owned(),
            });
            return;
        }
    }
    while number < end {
        let length = fill(input, &mut buffer, CHUNK);
        if length == 0 {
            break;
        }
        reader.chunk(&buffer, length, number, events);
        number += 1;
        if length < CHUNK {
            break;
        }
    }
}

/// Reads up to `wanted` bytes; fewer only at the end of the input.
pub(super) fn fill(input: &mut dyn Read, buffer: &mut [u8], wanted: usize) -> usize {
    let mut filled = 0;
    while let Some(rest) = buffer
        .get_mut(filled..wanted)
        .filter(|rest| !rest.is_empty())
    {
        match input.read(rest) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    filled
}

/// Reads chunks one after another.
#[derive(Debug, Default)]
struct ChunkReader {
    shapes: Shapes,
    systems: Vec<(usize, Rc<System>)>,
    leaves: Vec<(String, String)>,
    /// What was noted for events of this chunk, by template, number and what they carry.
    noted: BTreeMap<(usize, u32, u64), Again>,
}

/// Where a template holds what is looked at first.
#[derive(Debug)]
struct System {
    shape: Rc<Shape>,
    provider: Option<Said>,
    id: Option<Said>,
    time: Option<Said>,
    computer: Option<Said>,
    channel: Option<Said>,
    activity: Option<Said>,
}

#[derive(Debug)]
enum Said {
    Always(String, Option<Wanted>),
    Value(u16),
}

impl ChunkReader {
    fn chunk(&mut self, buffer: &[u8], length: usize, number: u64, events: &mut Events) {
        let place = || format!("chunk {number}");
        let Some(chunk) = buffer.get(..length) else {
            return;
        };
        if !chunk.starts_with(b"ElfChnk\0") {
            // Space that was set aside and never used is zero.
            if chunk.iter().any(|&byte| byte != 0) {
                events.damaged(place(), "no chunk header; its records are lost");
            }
            return;
        }
        if length < CHUNK {
            events.damaged(place(), "the file ends inside it");
        }
        self.shapes.clear();
        self.systems.clear();
        self.noted.clear();
        let live_end = u32_at(chunk, 48)
            .and_then(|end| usize::try_from(end).ok())
            .unwrap_or(0)
            .min(length);
        let first = u64_at(chunk, 24).unwrap_or(0);
        let last = u64_at(chunk, 32).unwrap_or(u64::MAX);
        let mut at = CHUNK_HEADER;
        let mut lost = 0_u32;
        while at < live_end {
            if let Some((size, identity)) = record(chunk, at, live_end, Check::Size) {
                self.record(chunk, at, at + size, number, identity, events);
                at += size;
                if identity == last {
                    break;
                }
                continue;
            }
            let blank = chunk
                .get(at..at + 4)
                .is_none_or(|magic| magic == [0, 0, 0, 0]);
            let next = (at + 1..live_end).find(|&next| {
                chunk.get(next..next + 4) == Some(RECORD_MAGIC.as_slice())
                    && record(chunk, next, live_end, Check::Copy)
                        .is_some_and(|(_, identity)| (first..=last).contains(&identity))
            });
            if next.is_some() || !blank {
                lost += 1;
            }
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        if lost > 0 {
            events.damaged(
                place(),
                &format!("{lost} places where a record should begin and none does"),
            );
        }
    }

    fn record(
        &mut self,
        chunk: &[u8],
        start: usize,
        end: usize,
        number: u64,
        identity: u64,
        events: &mut Events,
    ) {
        let written = u64_at(chunk, start + 16).map(UnixMicros::from_filetime);
        let (body, body_end) = (start + RECORD_HEADER, end.saturating_sub(4));
        let Some(instance) = binxml::instance(chunk, body, body_end) else {
            // Written out without a template.
            let shape = Rc::new(binxml::shape(chunk, body, body_end, false));
            if shape.leaves.is_empty() {
                events.damaged(
                    format!("chunk {number}"),
                    &format!("record {identity} cannot be read"),
                );
                return;
            }
            let system = System::of(shape);
            self.told(chunk, &system, start, Values::NONE, written, events);
            return;
        };
        let known = self
            .systems
            .iter()
            .find(|(at, _)| *at == instance.definition)
            .map(|(_, system)| Rc::clone(system));
        let system = known.unwrap_or_else(|| {
            let system = Rc::new(System::of(self.shapes.at(chunk, instance.definition)));
            self.systems.push((instance.definition, Rc::clone(&system)));
            system
        });
        if system.shape.leaves.is_empty() {
            events.damaged(
                format!("chunk {number}"),
                &format!("record {identity} refers to a template that cannot be read"),
            );
        }
        self.told(
            chunk,
            &system,
            instance.definition,
            instance.values,
            written,
            events,
        );
    }

    fn told(
        &mut self,
        chunk: &[u8],
        system: &System,
        definition: usize,
        values: Values<'_>,
        written: Option<UnixMicros>,
        events: &mut Events,
    ) {
        let at = system.time(values).or(written);
        events.saw(at);
        let id = system.id.as_ref().and_then(|said| said.number(values));
        let named;
        let wanted = match &system.provider {
            Some(Said::Always(_, wanted)) => *wanted,
            Some(said @ Said::Value(_)) => {
                named = said.text(values);
                wanted::of(&named)
            }
            None => None,
        };
        let (Some(wanted), Some(id)) = (wanted, id) else {
            return;
        };
        if !wanted.has(id) {
            return;
        }
        let said = |said: &Option<Said>| {
            said.as_ref()
                .map_or_else(String::new, |said| said.text(values))
        };
        let provider = said(&system.provider);
        let followed = events.wants_each() || Tally::follows(&provider, id);
        let mut hash = DefaultHasher::new();
        for part in binxml::fragments(&system.shape, values) {
            hash.write(part);
            hash.write_u8(0xFF);
        }
        for part in [&system.provider, &system.computer] {
            if let Some(Said::Value(number)) = part
                && let Some((_, bytes)) = values.get(*number)
            {
                hash.write(bytes);
            }
        }
        let key = (definition, id, hash.finish());
        if !followed && let Some(&again) = self.noted.get(&key) {
            events.note(again, at);
            return;
        }
        self.leaves.clear();
        let keep = |name: &str| wanted::looks_at(&provider, id, name);
        binxml::fill(
            chunk,
            &mut self.shapes,
            &system.shape,
            values,
            &keep,
            &mut self.leaves,
        );
        let mut event = Event {
            id,
            channel: said(&system.channel),
            computer: said(&system.computer),
            at,
            activity: Some(said(&system.activity)).filter(|activity| !activity.is_empty()),
            fields: Vec::new(),
            provider,
        };
        for (name, value) in self.leaves.drain(..) {
            event.take(name, value);
        }
        let again = events.add(event);
        if !followed {
            self.noted.insert(key, again);
        }
    }
}

/// How closely a record is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Its size fits: it follows another record.
    Size,
    /// Its size is also repeated at its end: it was searched for.
    Copy,
}

/// The size and number of the record at `at`, when there is a whole one.
fn record(chunk: &[u8], at: usize, live_end: usize, check: Check) -> Option<(usize, u64)> {
    if chunk.get(at..at + 4)? != RECORD_MAGIC {
        return None;
    }
    let size = usize::try_from(u32_at(chunk, at + 4)?).ok()?;
    let end = at.checked_add(size)?;
    if size < RECORD_HEADER + 4 || end > live_end {
        return None;
    }
    if check == Check::Copy && usize::try_from(u32_at(chunk, end - 4)?).ok()? != size {
        return None;
    }
    Some((size, u64_at(chunk, at + 8)?))
}

impl System {
    fn of(shape: Rc<Shape>) -> Self {
        let said = |name: &str| {
            let leaf = shape.leaves.iter().find(|leaf| leaf.name == name)?;
            if let [Part::Value(number)] = leaf.parts.as_slice() {
                return Some(Said::Value(*number));
            }
            let text: String = leaf
                .parts
                .iter()
                .filter_map(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    Part::Value(_) => None,
                })
                .collect();
            let wanted = wanted::of(&text);
            Some(Said::Always(text, wanted))
        };
        Self {
            provider: said("Provider@Name"),
            id: said("EventID"),
            time: said("TimeCreated@SystemTime"),
            computer: said("Computer"),
            channel: said("Channel"),
            activity: said("Correlation@ActivityID"),
            shape: Rc::clone(&shape),
        }
    }

    fn time(&self, values: Values<'_>) -> Option<UnixMicros> {
        match self.time.as_ref()? {
            Said::Value(number) => match values.get(*number)? {
                (0x11, bytes) => u64_at(bytes, 0).map(UnixMicros::from_filetime),
                (0x01, bytes) => super::moment(&utf16(bytes)),
                _ => None,
            },
            Said::Always(text, _) => super::moment(text),
        }
    }
}

impl Said {
    fn text(&self, values: Values<'_>) -> String {
        match self {
            Self::Always(text, _) => text.clone(),
            Self::Value(number) => values
                .get(*number)
                .map_or_else(String::new, |(kind, bytes)| binxml::text(kind, bytes)),
        }
    }

    fn number(&self, values: Values<'_>) -> Option<u32> {
        if let Self::Value(number) = self
            && let (0x06, bytes) = values.get(*number)?
        {
            return bytes
                .first_chunk()
                .map(|&two| u32::from(u16::from_le_bytes(two)));
        }
        self.text(values).trim().parse().ok()
    }
}
