//! EVTX files ([MS-EVEN6] and the public descriptions of the file format): a header of 4096 bytes, then
//! chunks of 64 KiB that each stand for themselves. The header is not believed: files copied from a running
//! machine claim too few chunks.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::Ipv4Addr;
use std::rc::Rc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use model::target::RDP_PORT;
use model::{Damage, UnixMicros};

use super::binxml::{self, Part, Shape, Shapes, Values};
use super::wanted::{self, Wanted};
use super::{Activity, Again, Event, Events, tally};
use crate::bytes::{u32_at, u64_at, utf16};

const HEADER: usize = 4096;
const CHUNK: usize = 0x1_0000;
const CHUNK_HEADER: usize = 512;
const RECORD_HEADER: usize = 24;
const RECORD_MAGIC: [u8; 4] = [0x2A, 0x2A, 0, 0];
/// Different events whose meaning is remembered, and the bytes of one that tell it from others.
const MOST_PROVIDERS: usize = 512;
const MOST_NOTED: usize = 4_096;
const LONGEST_KEY: usize = 1_024;
/// Ways to look at a template that are remembered.
const MOST_VIEWS: usize = 4_096;
/// Fragments inside fragments that are told apart by their values; deeper ones by all their bytes.
const DEEPEST_KEY: usize = 2;

/// What a chunk begins with.
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";

/// The bytes are the beginning of an EVTX file, of one whose header was overwritten, or of a chunk.
pub fn recognises(head: &[u8]) -> bool {
    let behind_header = head.get(HEADER..).unwrap_or_default();
    head.starts_with(b"ElfFile\0")
        || head.starts_with(CHUNK_MAGIC)
        || behind_header.starts_with(CHUNK_MAGIC)
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
        if buffer.starts_with(CHUNK_MAGIC) {
            // Without a file header: chunks from the first byte on.
            let more = buffer
                .get_mut(head..)
                .map_or(0, |rest| fill(input, rest, CHUNK - head));
            reader.chunk(&buffer, head + more, number, events);
            number += 1;
        } else if !buffer.starts_with(b"ElfFile\0") {
            events.damage.push(Damage {
                place: "file header".to_owned(),
                says: "it is overwritten; the events behind it were read".to_owned(),
            });
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
    /// The templates of records of this chunk, by their place.
    systems: Vec<(usize, Rc<System>)>,
    /// Those of all chunks, by the numbers of their shapes.
    known: Vec<Option<Rc<System>>>,
    leaves: Vec<(String, String)>,
    providers: Providers,
    /// By the numbers of the provider, of the template and of the event.
    views: HashMap<(usize, usize, u32), Rc<View>, RandomState>,
    /// What events told, by what tells them from others.
    noted: HashMap<Box<[u8]>, Again, RandomState>,
    key: Vec<u8>,
}

/// Where a template holds what is looked at first.
#[derive(Debug)]
struct System {
    shape: Rc<Shape>,
    provider: Option<By>,
    id: Option<Said>,
    time: Option<Said>,
    computer: Option<Said>,
    channel: Option<Said>,
    activity: Option<Said>,
}

/// Providers that have been seen.
#[derive(Debug, Default)]
struct Providers {
    known: Vec<Rc<Provider>>,
    /// By the bytes of their names, where these are values.
    named: HashMap<Box<[u8]>, usize, RandomState>,
}

#[derive(Debug)]
struct Provider {
    number: usize,
    name: String,
    wanted: Option<Wanted>,
}

impl Providers {
    fn of(&mut self, name: &str) -> Rc<Provider> {
        if let Some(known) = self.known.iter().find(|known| known.name == name) {
            return Rc::clone(known);
        }
        let provider = Rc::new(Provider {
            number: self.known.len(),
            name: name.to_owned(),
            wanted: wanted::of(name),
        });
        self.known.push(Rc::clone(&provider));
        provider
    }

    fn of_value(&mut self, kind: u8, bytes: &[u8]) -> Rc<Provider> {
        if kind == 0x01
            && let Some(known) = self.named.get(bytes).and_then(|&at| self.known.get(at))
        {
            return Rc::clone(known);
        }
        let provider = self.of(&binxml::text(kind, bytes));
        if kind == 0x01 {
            self.named.insert(bytes.into(), provider.number);
        }
        provider
    }

    fn are_too_many(&self) -> bool {
        self.known.len() >= MOST_PROVIDERS || self.named.len() >= MOST_PROVIDERS
    }
}

/// What of the values of a template tells an event from others of its number.
#[derive(Debug)]
struct View {
    /// Values by their number, in order, and what is made of them.
    uses: Vec<(u16, Use)>,
    /// The event matters only when one of its ports is that of Remote Desktop.
    of_a_port: bool,
}

/// What is made of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Nothing, but when it is a fragment what it holds may tell.
    Inside,
    /// It tells whether it is the port of Remote Desktop; the port of the client is no difference.
    SourcePort,
    /// The address tells; the port beside it is no difference.
    Address,
    /// It tells, and may be the port of Remote Desktop.
    Port,
    /// It tells.
    All,
}

/// Whose the events of a template are.
#[derive(Debug)]
enum By {
    Always(Rc<Provider>),
    Value(u16),
}

#[derive(Debug)]
enum Said {
    Always(String),
    Value(u16),
}

impl ChunkReader {
    fn chunk(&mut self, buffer: &[u8], length: usize, number: u64, events: &mut Events) {
        let place = || format!("chunk {number}");
        let Some(chunk) = buffer.get(..length) else {
            return;
        };
        if !chunk.starts_with(CHUNK_MAGIC) {
            // Space that was set aside and never used is zero.
            if chunk.iter().any(|&byte| byte != 0) {
                events.damaged(place(), "no chunk header; its records are lost");
            }
            return;
        }
        if length < CHUNK {
            events.damaged(place(), "the file ends inside it");
        }
        self.systems.clear();
        if self.shapes.next_chunk() || self.providers.are_too_many() {
            self.known.clear();
            self.providers = Providers::default();
            self.views.clear();
            self.noted.clear();
        }
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
            let system = System::of(shape, &mut self.providers);
            self.told(chunk, &system, Values::NONE, written, events);
            return;
        };
        let system = self.system(chunk, instance.definition);
        if system.shape.leaves.is_empty() {
            events.damaged(
                format!("chunk {number}"),
                &format!("record {identity} refers to a template that cannot be read"),
            );
        }
        self.told(chunk, &system, instance.values, written, events);
    }

    fn system(&mut self, chunk: &[u8], definition: usize) -> Rc<System> {
        if let Some((_, system)) = self.systems.iter().find(|(at, _)| *at == definition) {
            return Rc::clone(system);
        }
        let shape = self.shapes.at(chunk, definition);
        let number = shape.number;
        let known = number.and_then(|number| self.known.get(number)?.clone());
        let system = known.unwrap_or_else(|| {
            let system = Rc::new(System::of(shape, &mut self.providers));
            if let Some(number) = number {
                if self.known.len() <= number {
                    self.known.resize(number + 1, None);
                }
                if let Some(place) = self.known.get_mut(number) {
                    *place = Some(Rc::clone(&system));
                }
            }
            system
        });
        self.systems.push((definition, Rc::clone(&system)));
        system
    }

    fn told(
        &mut self,
        chunk: &[u8],
        system: &System,
        values: Values<'_>,
        written: Option<UnixMicros>,
        events: &mut Events,
    ) {
        let at = system.time(values).or(written);
        events.saw(at);
        let provider = match &system.provider {
            Some(By::Always(provider)) => Rc::clone(provider),
            Some(By::Value(number)) => match values.get(*number) {
                Some((kind, bytes)) => self.providers.of_value(kind, bytes),
                None => return,
            },
            None => return,
        };
        let Some(wanted) = provider.wanted else {
            return;
        };
        let Some(id) = system.id.as_ref().and_then(|said| said.number(values)) else {
            return;
        };
        if !wanted.has(id) {
            return;
        }
        let port = if events.wants_each() {
            None
        } else {
            self.telling(chunk, system, values, &provider, id)
        };
        if let Some(port) = port
            && let Some(again) = self.noted.get(self.key.as_slice())
        {
            let activity = again
                .told
                .wants_activity()
                .then(|| system.activity(values))
                .flatten();
            events.note(again, at, activity, port);
            return;
        }
        self.leaves.clear();
        let keep = |name: &str| wanted::looks_at(&provider.name, id, name);
        binxml::fill(
            chunk,
            &mut self.shapes,
            &system.shape,
            values,
            &keep,
            &mut self.leaves,
        );
        let said = |said: &Option<Said>| {
            said.as_ref()
                .map_or_else(String::new, |said| said.text(values))
        };
        let mut event = Event {
            id,
            channel: said(&system.channel),
            computer: said(&system.computer),
            at,
            activity: Some(said(&system.activity)).filter(|activity| !activity.is_empty()),
            fields: Vec::new(),
            provider: provider.name.clone(),
        };
        for (name, value) in self.leaves.drain(..) {
            event.take(name, value);
        }
        let again = events.add(event);
        if port.is_some() {
            if self.noted.len() >= MOST_NOTED {
                self.noted.clear();
            }
            self.noted.insert(self.key.as_slice().into(), again);
        }
    }

    /// Puts what tells this event from others into `key`: two events with the same key are counted as one. `None`
    /// when there is no such key, or else the port of the client, when the key leaves it out.
    fn telling(
        &mut self,
        chunk: &[u8],
        system: &System,
        values: Values<'_>,
        provider: &Provider,
        id: u32,
    ) -> Option<Option<u16>> {
        self.key.clear();
        let mut key = KeyMaker {
            chunk,
            provider,
            id,
            port: None,
            matters: Matters::Always,
            shapes: &mut self.shapes,
            views: &mut self.views,
            key: &mut self.key,
        };
        key.begin();
        if let Some(Said::Value(number)) = system.computer {
            let (kind, bytes) = values.get(number)?;
            key.bytes(kind, bytes);
        }
        key.instance(&system.shape, values, DEEPEST_KEY)?;
        let (port, matters) = (key.port, key.matters);
        if matters == Matters::Never {
            // Whatever else it says.
            self.key.truncate(KeyMaker::BEGINNING);
        }
        Some(port).filter(|_| self.key.len() <= LONGEST_KEY)
    }
}

/// What is known of whether an event matters, of those that matter by their ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matters {
    Always,
    Never,
    ByPort,
}

/// Puts together what tells an event from others.
struct KeyMaker<'k> {
    chunk: &'k [u8],
    provider: &'k Provider,
    id: u32,
    port: Option<u16>,
    matters: Matters,
    shapes: &'k mut Shapes,
    views: &'k mut HashMap<(usize, usize, u32), Rc<View>, RandomState>,
    key: &'k mut Vec<u8>,
}

impl KeyMaker<'_> {
    /// How many bytes the provider and the number take.
    const BEGINNING: usize = size_of::<usize>() + size_of::<u32>();

    fn begin(&mut self) {
        self.key.extend(self.provider.number.to_le_bytes());
        self.key.extend(self.id.to_le_bytes());
    }

    fn instance(&mut self, shape: &Shape, values: Values<'_>, depth: usize) -> Option<()> {
        let number = shape.number?;
        self.key.extend(number.to_le_bytes());
        let view = self.view(shape, number);
        if view.of_a_port && self.matters == Matters::Always {
            self.matters = Matters::Never;
        }
        let mut walk = values.walk();
        for &(number, used) in &view.uses {
            let Some((kind, bytes)) = walk.to(number) else {
                break;
            };
            if kind == 0x21 {
                let (start, end) = binxml::span(self.chunk, bytes)?;
                let depth = depth.checked_sub(1)?;
                let inner = binxml::instance(self.chunk, start, end)?;
                let shape = self.shapes.at(self.chunk, inner.definition);
                self.key.push(kind);
                self.instance(&shape, inner.values, depth)?;
                continue;
            }
            match used {
                Use::Inside => {}
                Use::All => self.bytes(kind, bytes),
                Use::Address => match address(kind, bytes) {
                    Some((address, port)) => {
                        self.bytes(0xFF, &address.octets());
                        self.port = self.port.or(port);
                    }
                    None => self.bytes(kind, bytes),
                },
                Use::Port | Use::SourcePort => match port(kind, bytes) {
                    Some(RDP_PORT) => {
                        self.matters = Matters::ByPort;
                        self.bytes(kind, bytes);
                    }
                    Some(port) if used == Use::SourcePort => {
                        self.port = self.port.or(Some(port));
                        self.bytes(0xFF, &[]);
                    }
                    Some(_) => self.bytes(kind, bytes),
                    // Written in another way: it is looked at as a whole.
                    None => {
                        self.matters = Matters::ByPort;
                        self.bytes(kind, bytes);
                    }
                },
            }
        }
        self.key.push(0xFE);
        Some(())
    }

    fn bytes(&mut self, kind: u8, bytes: &[u8]) {
        self.key.push(kind);
        self.key.extend(bytes.len().to_le_bytes());
        self.key.extend(bytes);
    }

    fn view(&mut self, shape: &Shape, number: usize) -> Rc<View> {
        let key = (self.provider.number, number, self.id);
        if let Some(view) = self.views.get(&key) {
            return Rc::clone(view);
        }
        let view = Rc::new(View::of(shape, &self.provider.name, self.id));
        if self.views.len() >= MOST_VIEWS {
            self.views.clear();
        }
        self.views.insert(key, Rc::clone(&view));
        view
    }
}

impl View {
    fn of(shape: &Shape, provider: &str, id: u32) -> Self {
        let of_a_port = tally::by_port(provider, id);
        let mut uses = BTreeMap::new();
        for leaf in shape.leaves.iter().filter(|leaf| !leaf.envelope) {
            let used = if !wanted::looks_at(provider, id, &leaf.name) {
                Use::Inside
            } else if leaf.parts.len() > 1 {
                Use::All
            } else if tally::is_address(&leaf.name) {
                Use::Address
            } else if of_a_port && leaf.name == "SourcePort" {
                Use::SourcePort
            } else if of_a_port && leaf.name == "DestPort" {
                Use::Port
            } else {
                Use::All
            };
            for part in &leaf.parts {
                if let Part::Value(number) = part {
                    let entry = uses.entry(*number).or_insert(used);
                    *entry = if *entry == Use::Inside || used == Use::Inside {
                        used.max(*entry)
                    } else if *entry == used {
                        used
                    } else {
                        Use::All
                    };
                }
            }
        }
        let both = [Use::SourcePort, Use::Port]
            .iter()
            .all(|port| uses.values().filter(|used| *used == port).count() == 1);
        Self {
            uses: uses.into_iter().collect(),
            of_a_port: of_a_port && both,
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
    fn of(shape: Rc<Shape>, providers: &mut Providers) -> Self {
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
            Some(Said::Always(text))
        };
        Self {
            provider: said("Provider@Name").map(|said| match said {
                Said::Always(name) => By::Always(providers.of(&name)),
                Said::Value(number) => By::Value(number),
            }),
            id: said("EventID"),
            time: said("TimeCreated@SystemTime"),
            computer: said("Computer"),
            channel: said("Channel"),
            activity: said("Correlation@ActivityID"),
            shape: Rc::clone(&shape),
        }
    }

    fn activity(&self, values: Values<'_>) -> Option<Activity> {
        match self.activity.as_ref()? {
            Said::Value(number) => match values.get(*number)? {
                (0x0F, bytes) => Activity::of_bytes(bytes),
                (kind, bytes) => Activity::of(&binxml::text(kind, bytes)),
            },
            Said::Always(text) => Activity::of(text),
        }
    }

    fn time(&self, values: Values<'_>) -> Option<UnixMicros> {
        match self.time.as_ref()? {
            Said::Value(number) => match values.get(*number)? {
                (0x11, bytes) => u64_at(bytes, 0).map(UnixMicros::from_filetime),
                (0x01, bytes) => super::moment(&utf16(bytes)),
                _ => None,
            },
            Said::Always(text) => super::moment(text),
        }
    }
}

impl Said {
    fn text(&self, values: Values<'_>) -> String {
        match self {
            Self::Always(text) => text.clone(),
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

/// An IPv4 address written in the plainest form, with or without a port.
fn address(kind: u8, bytes: &[u8]) -> Option<(Ipv4Addr, Option<u16>)> {
    let mut plain = [0; 22];
    let text = plain_text(kind, bytes, &mut plain)?;
    match text.split_once(':') {
        Some((address, port)) if !port.starts_with('+') => {
            Some((address.parse().ok()?, Some(port.parse().ok()?)))
        }
        Some(_) => None,
        None => Some((text.parse().ok()?, None)),
    }
}

/// A port as a number, or written in the plainest form.
fn port(kind: u8, bytes: &[u8]) -> Option<u16> {
    if kind == 0x06 {
        return bytes.first_chunk().map(|&two| u16::from_le_bytes(two));
    }
    let mut plain = [0; 6];
    plain_text(kind, bytes, &mut plain)?.parse().ok()
}

/// Text of nothing but ASCII, when there is room for it.
fn plain_text<'p>(kind: u8, bytes: &[u8], room: &'p mut [u8]) -> Option<&'p str> {
    if kind != 0x01 {
        return None;
    }
    let mut length = 0;
    for pair in bytes.chunks_exact(2) {
        match *pair {
            [0, 0] => break,
            [byte, 0] => *room.get_mut(length)? = byte,
            _ => return None,
        }
        length += 1;
    }
    std::str::from_utf8(room.get(..length)?).ok()
}
