//! Archives and compressed files, opened without trusting what they claim: sizes are counted, not read.

use std::io::{BufReader, Cursor, Read, Seek};

use crate::findings::{File, Findings};
use crate::reader::{self, HEAD};

mod walk;

/// Archives inside archives beyond this depth are not opened.
const DEEPEST: usize = 4;
/// Members of all archives of one file.
const MOST_MEMBERS: usize = 20_000;
/// Bytes that may come out of one file, all archives in it together.
const MOST_BYTES: u64 = 64 * 1024 * 1024 * 1024;
/// Bytes out for one byte in that are still believed, beyond the first [`FREE_BYTES`].
const MOST_RATIO: u64 = 300;
/// Bytes that may come out before the ratio counts.
const FREE_BYTES: u64 = 64 * 1024 * 1024;
/// The largest zip archive that is held whole where one cannot go back and forth: its list is at its end. Of a larger
/// one the members are read one behind the other, without it.
const MOST_HELD: u64 = 32 * 1024 * 1024;

/// What the archives of one file may still cost.
#[derive(Debug)]
pub struct Budget {
    members: usize,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            members: MOST_MEMBERS,
            bytes: MOST_BYTES,
        }
    }
}

/// Reads a file, through whatever it is packed into.
pub fn open(
    name: &str,
    input: &mut dyn Read,
    depth: usize,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let mut head = Vec::new();
    if let Err(error) =
        Read::take(&mut *input, u64::try_from(HEAD).unwrap_or(0)).read_to_end(&mut head)
    {
        findings.damaged(name, "", format!("reading stopped: {error}"));
    }
    let packing = Packing::of(&head);
    if packing.is_some() && depth >= DEEPEST {
        findings.damaged(name, "", "too deep inside archives; not opened");
        return;
    }
    match packing {
        None => reader::plain(name, head, input, findings),
        Some(Packing::Gzip) => {
            let mut whole = Counted::new(Cursor::new(head).chain(input));
            let inner = name.strip_suffix(".gz").unwrap_or(name);
            let mut packed = flate2::read::MultiGzDecoder::new(&mut whole);
            unpack(inner, &mut packed, depth, budget, findings);
        }
        Some(Packing::Zstd) => {
            let mut whole = Counted::new(Cursor::new(head).chain(input));
            let inner = name.strip_suffix(".zst").unwrap_or(name);
            match zstd::stream::read::Decoder::new(&mut whole) {
                Ok(mut packed) => {
                    // Windows beyond 128 MiB are refused by the library as they are.
                    unpack(inner, &mut packed, depth, budget, findings);
                }
                Err(error) => findings.damaged(name, "", format!("cannot be unpacked: {error}")),
            }
        }
        Some(Packing::Tar) => tar(
            name,
            &mut Cursor::new(head).chain(input),
            depth,
            budget,
            findings,
        ),
        Some(Packing::Zip) => {
            let mut bytes = head;
            let held = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let most = MOST_HELD.saturating_sub(held);
            if let Err(error) = Read::take(&mut *input, most).read_to_end(&mut bytes) {
                findings.damaged(name, "", format!("reading stopped: {error}"));
            }
            if u64::try_from(bytes.len()).unwrap_or(u64::MAX) < MOST_HELD {
                zip(name, Cursor::new(bytes), depth, budget, findings);
            } else {
                let mut whole = BufReader::new(Cursor::new(bytes).chain(input));
                walk::members(name, &mut whole, depth, budget, findings);
            }
        }
        Some(Packing::Unknown(kind)) => {
            findings.damaged(
                name,
                "",
                format!("packed with {kind}, which is not read here: unpack it first"),
            );
            findings.files.push(File {
                name: name.to_owned(),
                kind: None,
                says: format!("packed with {kind}"),
            });
        }
    }
}

/// Reads a file in which one can go back and forth: a zip archive of any size is not held.
pub fn open_file<R: Read + Seek>(
    name: &str,
    input: &mut R,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let mut head = Vec::new();
    if let Err(error) = Read::take(&mut *input, 4).read_to_end(&mut head) {
        findings.damaged(name, "", format!("reading stopped: {error}"));
    }
    let is_zip = Packing::of(&head) == Some(Packing::Zip);
    if let Err(error) = input.rewind() {
        // What has no beginning to go back to, such as a pipe, is read as it comes.
        let mut whole = Cursor::new(head).chain(input);
        if error.kind() != std::io::ErrorKind::NotSeekable {
            findings.damaged(name, "", format!("reading stopped: {error}"));
        }
        return open(name, &mut whole, 0, budget, findings);
    }
    if is_zip {
        zip(name, BufReader::new(input), 0, budget, findings);
    } else {
        open(name, input, 0, budget, findings);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstd,
    Tar,
    Zip,
    Unknown(&'static str),
}

impl Packing {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Self::Zstd),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Unknown("xz")),
            [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Some(Self::Unknown("7z")),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => {
                Some(Self::Unknown("bzip2"))
            }
            [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Some(Self::Unknown("cab")),
            [b'R', b'a', b'r', b'!', 0x1A, 0x07, ..] => Some(Self::Unknown("rar")),
            _ if head.get(257..262) == Some(b"ustar") => Some(Self::Tar),
            _ => None,
        }
    }
}

/// A stream that counts what is read from it.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R> Counted<R> {
    const fn new(inner: R) -> Self {
        Self { inner, read: 0 }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read = self.read.saturating_add(u64::try_from(read).unwrap_or(0));
        Ok(read)
    }
}

/// Something that unpacks, and knows how much it took in.
trait Unpacking: Read {
    fn taken(&self) -> u64;
}

impl<R: Read> Unpacking for flate2::read::MultiGzDecoder<&mut Counted<R>> {
    fn taken(&self) -> u64 {
        self.get_ref().read
    }
}

impl<R: Read> Unpacking for zstd::stream::read::Decoder<'_, std::io::BufReader<&mut Counted<R>>> {
    fn taken(&self) -> u64 {
        self.get_ref().get_ref().read
    }
}

/// What comes out of an unpacking, until it is more than can be believed.
struct Bounded<'b, U: ?Sized> {
    inner: &'b mut U,
    out: u64,
    budget: &'b mut u64,
    stopped: Option<String>,
}

impl<U: Unpacking + ?Sized> Read for Bounded<'_, U> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.stopped.is_some() {
            return Ok(0);
        }
        let read = match self.inner.read(buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.stopped = Some(format!("unpacking stopped: {error}"));
                return Ok(0);
            }
        };
        let length = u64::try_from(read).unwrap_or(u64::MAX);
        self.out = self.out.saturating_add(length);
        *self.budget = self.budget.saturating_sub(length);
        let believed = self
            .inner
            .taken()
            .saturating_mul(MOST_RATIO)
            .max(FREE_BYTES);
        if *self.budget == 0 || self.out > believed {
            self.stopped =
                Some("far more comes out than goes in; the rest was not unpacked".to_owned());
            return Ok(0);
        }
        Ok(read)
    }
}

fn unpack(
    name: &str,
    packed: &mut dyn Unpacking,
    depth: usize,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let mut inner = Budget {
        members: budget.members,
        bytes: budget.bytes,
    };
    let mut bounded = Bounded {
        inner: packed,
        out: 0,
        budget: &mut budget.bytes,
        stopped: None,
    };
    open(name, &mut bounded, depth + 1, &mut inner, findings);
    if let Some(stopped) = bounded.stopped {
        findings.damaged(name, "", stopped);
    }
    budget.members = budget.members.min(inner.members);
    budget.bytes = budget.bytes.min(inner.bytes);
}

fn tar(
    name: &str,
    input: &mut dyn Read,
    depth: usize,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let mut archive = tar::Archive::new(input);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => {
            findings.damaged(name, "", format!("cannot be unpacked: {error}"));
            return;
        }
    };
    for entry in entries {
        if budget.members == 0 {
            findings.damaged(name, "", "too many members; the rest was not read");
            return;
        }
        budget.members -= 1;
        match entry {
            Ok(mut entry) => {
                if !entry.header().entry_type().is_file() {
                    continue;
                }
                let member = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                open(
                    &format!("{name}!{member}"),
                    &mut entry,
                    depth + 1,
                    budget,
                    findings,
                );
            }
            Err(error) => {
                findings.damaged(name, "", format!("unpacking stopped: {error}"));
                return;
            }
        }
    }
}

fn zip<R: Read + Seek>(
    name: &str,
    mut input: R,
    depth: usize,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let whole = input
        .seek(std::io::SeekFrom::End(0))
        .and_then(|whole| input.rewind().map(|()| whole))
        .unwrap_or(u64::MAX);
    let mut archive = match zip::ZipArchive::new(&mut input) {
        Ok(archive) => archive,
        Err(error) => {
            let says = format!("its list of members cannot be read: {error}");
            findings.damaged(name, "", says);
            if input.rewind().is_ok() {
                let mut input = BufReader::new(input);
                walk::members(name, &mut input, depth, budget, findings);
            }
            return;
        }
    };
    for number in 0..archive.len() {
        if budget.members == 0 {
            findings.damaged(name, "", "too many members; the rest was not read");
            return;
        }
        budget.members -= 1;
        match archive.by_index(number) {
            Ok(entry) if entry.is_dir() => {}
            Ok(entry) => {
                let member = format!("{name}!{}", entry.name());
                let mut entry = Member {
                    // What it claims is no more than what is there.
                    packed: entry.compressed_size().min(whole),
                    entry,
                };
                unpack(&member, &mut entry, depth, budget, findings);
            }
            Err(error) => findings.damaged(
                name,
                &format!("member {number}"),
                format!("cannot be unpacked: {error}"),
            ),
        }
    }
}

/// A member of a zip archive.
struct Member<R> {
    entry: R,
    packed: u64,
}

impl<R: Read> Read for Member<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.entry.read(buffer)
    }
}

impl<R: Read> Unpacking for Member<R> {
    fn taken(&self) -> u64 {
        self.packed
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn told(read: impl FnOnce(&mut Budget, &mut Findings)) -> (Vec<String>, usize) {
        let mut findings = Findings::default();
        read(&mut Budget::default(), &mut findings);
        let mut files: Vec<_> = findings.files.into_iter().map(|file| file.name).collect();
        files.sort();
        (files, findings.damage.len())
    }

    /// Four members; in a stream their sizes stand behind them.
    fn zipped(in_a_stream: bool) -> Vec<u8> {
        fn write<W: std::io::Write + Seek>(mut zip: zip::ZipWriter<W>) -> W {
            for (name, size) in [("a.rdp", 10), ("f/b.rdp", 300), ("c.rdp", 0)] {
                zip.start_file(name, SimpleFileOptions::default()).unwrap();
                let line = "full address:s:srv.example.test\n";
                zip.write_all(line.repeat(size + 1).as_bytes()).unwrap();
            }
            zip.add_directory("g", SimpleFileOptions::default())
                .unwrap();
            zip.finish().unwrap()
        }
        if in_a_stream {
            let mut bytes = Vec::new();
            write(zip::ZipWriter::new_stream(&mut bytes));
            bytes
        } else {
            write(zip::ZipWriter::new(Cursor::new(Vec::new()))).into_inner()
        }
    }

    #[test]
    fn members_one_behind_the_other_are_those_of_the_list() {
        for in_a_stream in [false, true] {
            let bytes = zipped(in_a_stream);
            let listed = told(|budget, findings| {
                open_file("x.zip", &mut Cursor::new(&bytes), budget, findings);
            });
            assert_eq!(listed.0.len(), 3, "{listed:?}");
            assert_eq!(listed.1, 0);
            let walked = |bytes: &[u8]| {
                told(|budget, findings| {
                    walk::members("x.zip", &mut Cursor::new(bytes), 0, budget, findings);
                })
            };
            assert_eq!(walked(&bytes), listed, "in a stream: {in_a_stream}");
            for end in (0..bytes.len()).step_by(3) {
                let (files, _) = walked(&bytes[..end]);
                assert!(files.len() <= 3);
                let _ = told(|budget, findings| {
                    open_file("x.zip", &mut Cursor::new(&bytes[..end]), budget, findings);
                });
            }
        }
    }

    #[test]
    fn large_archives_are_not_held() {
        // The same member again and again, without end.
        struct Endless(Vec<u8>, usize);
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let rest = &self.0[self.1 % self.0.len()..];
                let length = rest.len().min(buffer.len());
                buffer[..length].copy_from_slice(&rest[..length]);
                self.1 += length;
                Ok(length)
            }
        }
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file("junk", stored).unwrap();
        zip.write_all(&vec![1; 4 << 20]).unwrap();
        let mut bytes = zip.finish().unwrap().into_inner();
        let list = bytes.windows(4).rposition(|four| four == b"PK\x01\x02");
        bytes.truncate(list.unwrap());
        let mut endless = Endless(bytes, 0);
        let (files, damage) = told(|budget, findings| {
            budget.members = 20;
            open("x.zip", &mut endless, 0, budget, findings);
        });
        assert_eq!((files.len(), damage), (20, 1));
        assert!(endless.1 > 19 * (4 << 20), "{}", endless.1);
    }

    /// Ten bytes from which blanks come without end.
    struct Bomb;

    impl Read for Bomb {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b' ');
            Ok(buffer.len())
        }
    }

    impl Unpacking for Bomb {
        fn taken(&self) -> u64 {
            10
        }
    }

    #[test]
    fn bombs_go_off_quietly() {
        let mut budget = MOST_BYTES;
        let mut bounded = Bounded {
            inner: &mut Bomb,
            out: 0,
            budget: &mut budget,
            stopped: None,
        };
        let mut buffer = vec![0; 1 << 20];
        let mut out = 0_u64;
        while let Ok(read @ 1..) = bounded.read(&mut buffer) {
            out += u64::try_from(read).unwrap();
            assert!(out <= FREE_BYTES, "it ends");
        }
        assert!(bounded.stopped.is_some());
    }

    #[test]
    fn archives_in_archives_end() {
        let mut packed = b"full address:s:srv\n".to_vec();
        for _ in 0..8 {
            packed = zstd::encode_all(packed.as_slice(), 1).unwrap();
        }
        let mut findings = Findings::default();
        open(
            "deep",
            &mut Cursor::new(packed),
            0,
            &mut Budget::default(),
            &mut findings,
        );
        assert_eq!(findings.seen, []);
        assert!(
            findings
                .damage
                .iter()
                .any(|damage| damage.says.contains("too deep"))
        );
    }
}
