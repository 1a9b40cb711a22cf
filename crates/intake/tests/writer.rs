//! Event logs made by hand, in the form that Windows writes: a header, chunks of 64 KiB, in each a template and
//! records that are instances of it.

/// A chunk with as many records as fit, of one template, with the provider's name, numbers and fields given.
pub struct Chunk {
    bytes: Vec<u8>,
    /// Where the template lies, when a record has defined it.
    template: Option<u32>,
    first: u64,
    next: u64,
    last_record: u32,
}

const CHUNK: usize = 65_536;
const HEAD: usize = 512;
const FILE_HEAD: usize = 4096;

/// The header of a file that claims so many chunks.
pub fn file_header(chunks: u16) -> Vec<u8> {
    let mut head = vec![0_u8; FILE_HEAD];
    put(&mut head, 0, b"ElfFile\0");
    put(
        &mut head,
        16,
        &u64::from(chunks.saturating_sub(1)).to_le_bytes(),
    );
    put(&mut head, 24, &1_u64.to_le_bytes());
    put(&mut head, 32, &128_u32.to_le_bytes());
    put(&mut head, 36, &1_u16.to_le_bytes());
    put(&mut head, 38, &3_u16.to_le_bytes());
    put(&mut head, 40, &4096_u16.to_le_bytes());
    put(&mut head, 42, &chunks.to_le_bytes());
    let checked = checksum(&[head.get(..120).unwrap_or_default()]);
    put(&mut head, 124, &checked.to_le_bytes());
    head
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

/// CRC-32, as the chunks are checked with.
fn checksum(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for byte in parts.iter().copied().flatten() {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn length32(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes()
}

fn length16(text: &str) -> [u8; 2] {
    u16::try_from(text.encode_utf16().count())
        .unwrap_or(0)
        .to_le_bytes()
}

impl Chunk {
    /// An empty chunk whose records are numbered from `first` on.
    pub fn new(first: u64) -> Self {
        Self {
            bytes: vec![0; HEAD],
            template: None,
            first,
            next: first,
            last_record: 0,
        }
    }

    /// Adds an event; false when it does not fit any more. All events of a chunk carry fields of the same names.
    pub fn add(&mut self, event: &Made<'_>) -> bool {
        let start = self.bytes.len();
        let known = self.template;
        let number = self.next;
        let mut record = vec![0x2A, 0x2A, 0, 0, 0, 0, 0, 0];
        record.extend(number.to_le_bytes());
        record.extend(event.filetime.to_le_bytes());
        record.extend([0x0F, 1, 1, 0, 0x0C, 1]);
        record.extend(7_u32.to_le_bytes());
        match known {
            Some(at) => record.extend(at.to_le_bytes()),
            None => {
                let at = start + record.len() + 4;
                self.template = u32::try_from(at).ok();
                record.extend(u32::try_from(at).unwrap_or(0).to_le_bytes());
                let body = template(event, at + 24);
                record.extend(0_u32.to_le_bytes());
                record.extend([7; 16]);
                record.extend(length32(&body));
                record.extend(body);
            }
        }
        let values = values(event, number);
        record.extend(u32::try_from(values.len()).unwrap_or(0).to_le_bytes());
        for (kind, bytes) in &values {
            record.extend(u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
            record.extend([*kind, 0]);
        }
        for (_, bytes) in &values {
            record.extend(bytes);
        }
        let size = u32::try_from(record.len() + 4).unwrap_or(0).to_le_bytes();
        record.extend(size);
        put(&mut record, 4, &size);
        if start + record.len() > CHUNK {
            self.template = known;
            return false;
        }
        self.last_record = u32::try_from(start).unwrap_or(0);
        self.bytes.extend(record);
        self.next += 1;
        true
    }

    /// The chunk, filled up.
    pub fn finish(mut self) -> Vec<u8> {
        let end = self.bytes.len();
        self.bytes.resize(CHUNK, 0);
        let last = self.next.saturating_sub(1);
        put(&mut self.bytes, 0, b"ElfChnk\0");
        for (at, number) in [(8, self.first), (16, last), (24, self.first), (32, last)] {
            put(&mut self.bytes, at, &number.to_le_bytes());
        }
        put(&mut self.bytes, 40, &128_u32.to_le_bytes());
        put(&mut self.bytes, 44, &self.last_record.to_le_bytes());
        put(
            &mut self.bytes,
            48,
            &u32::try_from(end).unwrap_or(0).to_le_bytes(),
        );
        let records = checksum(&[self.bytes.get(HEAD..end).unwrap_or_default()]);
        put(&mut self.bytes, 52, &records.to_le_bytes());
        let head = checksum(&[
            self.bytes.get(..120).unwrap_or_default(),
            self.bytes.get(128..HEAD).unwrap_or_default(),
        ]);
        put(&mut self.bytes, 124, &head.to_le_bytes());
        self.bytes
    }
}

/// An event to be written.
pub struct Made<'e> {
    pub provider: &'e str,
    pub channel: &'e str,
    pub computer: &'e str,
    pub id: u16,
    /// Steps of 100 ns since 1601.
    pub filetime: u64,
    pub activity: [u8; 16],
    pub fields: &'e [(&'e str, &'e str)],
}

/// The values of a record: number, time, identity of the record, activity, then the fields.
fn values(event: &Made<'_>, record: u64) -> Vec<(u8, Vec<u8>)> {
    let mut values = vec![
        (0x06, event.id.to_le_bytes().to_vec()),
        (0x11, event.filetime.to_le_bytes().to_vec()),
        (0x0A, record.to_le_bytes().to_vec()),
        (0x0F, event.activity.to_vec()),
    ];
    values.extend(event.fields.iter().map(|(_, value)| (0x01, wide(value))));
    values
}

/// The definition, which lies at `at` in the chunk.
fn template(event: &Made<'_>, at: usize) -> Vec<u8> {
    let mut out = Writer {
        bytes: vec![0x0F, 1, 1, 0],
        at,
    };
    let root = out.open(
        "Event",
        &[(
            "xmlns",
            Content::Text("http://schemas.microsoft.com/win/2004/08/events/event"),
        )],
    );
    let system = out.open("System", &[]);
    out.empty("Provider", &[("Name", Content::Text(event.provider))]);
    out.leaf("EventID", &Content::Value(0, 0x06));
    out.empty("TimeCreated", &[("SystemTime", Content::Value(1, 0x11))]);
    out.leaf("EventRecordID", &Content::Value(2, 0x0A));
    out.empty("Correlation", &[("ActivityID", Content::Value(3, 0x0F))]);
    out.leaf("Channel", &Content::Text(event.channel));
    out.leaf("Computer", &Content::Text(event.computer));
    out.close(system);
    let data = out.open("EventData", &[]);
    for (number, (name, _)) in event.fields.iter().enumerate() {
        let number = u16::try_from(number + 4).unwrap_or(0);
        let one = out.open("Data", &[("Name", Content::Text(name))]);
        out.content(&Content::Value(number, 0x01));
        out.close(one);
    }
    out.close(data);
    out.close(root);
    out.bytes.push(0);
    out.bytes
}

enum Content<'c> {
    Text(&'c str),
    Value(u16, u8),
}

struct Writer {
    bytes: Vec<u8>,
    at: usize,
}

impl Writer {
    /// A name is written where it is used; each time anew, which readers allow.
    fn name(&mut self, name: &str) {
        let here = self.at + self.bytes.len() + 4;
        self.bytes
            .extend(u32::try_from(here).unwrap_or(0).to_le_bytes());
        self.bytes.extend(0_u32.to_le_bytes());
        let hash = name.encode_utf16().fold(0_u32, |hash, unit| {
            hash.wrapping_mul(65_599).wrapping_add(u32::from(unit))
        });
        let [low, high, ..] = hash.to_le_bytes();
        self.bytes.extend([low, high]);
        self.bytes.extend(length16(name));
        self.bytes.extend(wide(name));
        self.bytes.extend([0, 0]);
    }

    fn content(&mut self, content: &Content<'_>) {
        match content {
            Content::Text(text) => {
                self.bytes.extend([0x05, 0x01]);
                self.bytes.extend(length16(text));
                self.bytes.extend(wide(text));
            }
            Content::Value(number, kind) => {
                self.bytes.push(0x0D);
                self.bytes.extend(number.to_le_bytes());
                self.bytes.push(*kind);
            }
        }
    }

    /// Opens an element; tells where its size has to be written when it is closed.
    fn start(&mut self, name: &str, attributes: &[(&str, Content<'_>)]) -> usize {
        self.bytes
            .push(if attributes.is_empty() { 0x01 } else { 0x41 });
        self.bytes.extend([0xFF, 0xFF]);
        let size = self.bytes.len();
        self.bytes.extend([0; 4]);
        self.name(name);
        if !attributes.is_empty() {
            let list = self.bytes.len();
            self.bytes.extend([0; 4]);
            for (index, (name, content)) in attributes.iter().enumerate() {
                self.bytes.push(if index + 1 < attributes.len() {
                    0x46
                } else {
                    0x06
                });
                self.name(name);
                self.content(content);
            }
            self.sized(list);
        }
        size
    }

    fn open(&mut self, name: &str, attributes: &[(&str, Content<'_>)]) -> usize {
        let size = self.start(name, attributes);
        self.bytes.push(0x02);
        size
    }

    fn close(&mut self, size: usize) {
        self.bytes.push(0x04);
        self.sized(size);
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, Content<'_>)]) {
        let size = self.start(name, attributes);
        self.bytes.push(0x03);
        self.sized(size);
    }

    fn leaf(&mut self, name: &str, content: &Content<'_>) {
        let size = self.open(name, &[]);
        self.content(content);
        self.close(size);
    }

    /// Writes what came after a size into it.
    fn sized(&mut self, at: usize) {
        let size = u32::try_from(self.bytes.len().saturating_sub(at + 4)).unwrap_or(0);
        put(&mut self.bytes, at, &size.to_le_bytes());
    }
}
