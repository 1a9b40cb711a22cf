//! The members of a zip archive one behind the other, by the header in front of each (APPNOTE 4.3.7): of archives that
//! broke off before the list at their end, and of those that come as a stream.

use std::io::{BufRead, Read};

use flate2::bufread::DeflateDecoder;

use super::{Budget, Unpacking, unpack};
use crate::bytes::{u16_at, u32_at, u64_at};
use crate::findings::Findings;

/// Behind its signature a header has so many bytes before the name.
const HEADER: usize = 26;
/// A size that stands in the extra field instead.
const ELSEWHERE: u32 = u32::MAX;
/// The general purpose flags: encrypted, and sizes behind the member instead of in front.
const ENCRYPTED: u16 = 0x0001;
const SIZES_BEHIND: u16 = 0x0008;

/// What stands in front of a member.
struct Header {
    name: String,
    flags: u16,
    method: u16,
    /// `None` where it stands behind the member.
    packed: Option<u64>,
}

/// Reads the members.
pub(super) fn members(
    name: &str,
    input: &mut dyn BufRead,
    depth: usize,
    budget: &mut Budget,
    findings: &mut Findings,
) {
    let mut input = Taken {
        inner: input,
        all: 0,
        taken: 0,
        left: None,
    };
    loop {
        if budget.members == 0 {
            findings.damaged(name, "", "too many members; the rest was not read");
            return;
        }
        budget.members -= 1;
        let begins = input.all;
        let fails = |findings: &mut Findings, says: &str| {
            findings.damaged(name, &format!("byte {begins}"), says.to_owned());
        };
        let header = match header(&mut input) {
            Ok(Some(header)) => header,
            Ok(None) => return,
            Err(error) => {
                return fails(findings, &format!("a member cannot be read: {error}"));
            }
        };
        let member = format!("{name}!{}", header.name);
        let is_folder = header.name.ends_with('/');
        let about = match (header.method, header.packed) {
            _ if is_folder => None,
            _ if header.flags & ENCRYPTED != 0 => Some("needs a password"),
            (0, Some(_)) | (8, _) => None,
            (0, None) => Some("its size stands behind it, so its end is not known"),
            _ => Some("packed in a way that is not read here"),
        };
        input.left = header.packed;
        input.taken = 0;
        if let Some(says) = about {
            findings.damaged(&member, "", says);
        } else if !is_folder && header.method == 8 {
            let mut packed = DeflateDecoder::new(&mut input);
            unpack(&member, &mut packed, depth, budget, findings);
            // What a reader left unread is passed over; where the size is not known, by unpacking it.
            let rest = (&mut packed).take(super::FREE_BYTES);
            let passed = header.packed.is_some() || passes(rest) < super::FREE_BYTES;
            if !passed {
                return fails(
                    findings,
                    "the end of a member is too far; the rest was not read",
                );
            }
        } else if !is_folder {
            unpack(&member, &mut input, depth, budget, findings);
        }
        // What is left of it, and the sizes behind it.
        let passed = match header.packed {
            Some(size) => {
                passes(&mut input);
                input.left = None;
                input.taken >= size
            }
            None => about.is_none() && sizes(&mut input).is_ok(),
        };
        if !passed {
            return fails(findings, "the archive breaks off in this member");
        }
    }
}

/// Reads to the end, and says how much that was.
fn passes(mut input: impl Read) -> u64 {
    std::io::copy(&mut input, &mut std::io::sink()).unwrap_or(0)
}

/// The header in front of the next member; `None` when there is none.
fn header(input: &mut Taken<'_>) -> std::io::Result<Option<Header>> {
    let mut signature = [0; 4];
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    input.read_exact(&mut signature)?;
    if signature != *b"PK\x03\x04" {
        // The list of members, or what stands in front of it.
        return if signature.starts_with(b"PK") {
            Ok(None)
        } else {
            Err(std::io::Error::other("no header stands here"))
        };
    }
    let mut fixed = [0; HEADER];
    input.read_exact(&mut fixed)?;
    let field16 = |at: usize| u16_at(&fixed, at).unwrap_or(0);
    let field32 = |at: usize| u32_at(&fixed, at).unwrap_or(0);
    let mut name = vec![0; usize::from(field16(22))];
    input.read_exact(&mut name)?;
    let mut extra = vec![0; usize::from(field16(24))];
    input.read_exact(&mut extra)?;
    let flags = field16(2);
    let packed = match field32(14) {
        _ if flags & SIZES_BEHIND != 0 => None,
        ELSEWHERE => large(&extra),
        size => Some(u64::from(size)),
    };
    Ok(Some(Header {
        name: String::from_utf8_lossy(&name).into_owned(),
        flags,
        method: field16(4),
        packed,
    }))
}

/// The packed size in the extra field of Zip64, behind the unpacked one.
fn large(mut extra: &[u8]) -> Option<u64> {
    while let (Some(kind), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let body = extra.get(4..)?.get(..usize::from(length))?;
        if kind == 0x0001 {
            return u64_at(body, 8);
        }
        extra = extra.get(4..)?.get(usize::from(length)..)?;
    }
    None
}

/// Passes over the sizes behind a member: with or without a signature, of four bytes each or of eight. What follows
/// tells which.
fn sizes(input: &mut Taken<'_>) -> std::io::Result<()> {
    // Folders may go without.
    let next = input.fill_buf()?;
    if next.starts_with(b"PK") && !next.starts_with(b"PK\x07\x08") {
        return Ok(());
    }
    let mut read = [0; 24];
    let mut have = 0_usize;
    for length in [12, 16, 20, 24] {
        let more = read.get_mut(have..length).unwrap_or_default();
        input.read_exact(more)?;
        have = length;
        let marked = read.starts_with(b"PK\x07\x08");
        if marked == (length % 8 == 0) {
            let next = input.fill_buf()?;
            if next.is_empty() || next.starts_with(b"PK") {
                return Ok(());
            }
        }
    }
    Err(std::io::Error::other("no member follows"))
}

/// A stream that counts what is taken from it, and ends where a member does.
struct Taken<'i> {
    inner: &'i mut dyn BufRead,
    /// From the beginning, and of the member.
    all: u64,
    taken: u64,
    left: Option<u64>,
}

impl Read for Taken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Taken<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let ready = self.inner.fill_buf()?;
        let most = self
            .left
            .and_then(|left| usize::try_from(left).ok())
            .unwrap_or(usize::MAX);
        Ok(ready.get(..ready.len().min(most)).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        let length = u64::try_from(count).unwrap_or(u64::MAX);
        self.all = self.all.saturating_add(length);
        self.taken = self.taken.saturating_add(length);
        self.left = self.left.map(|left| left.saturating_sub(length));
        self.inner.consume(count);
    }
}

impl Unpacking for Taken<'_> {
    fn taken(&self) -> u64 {
        self.taken
    }
}

impl Unpacking for DeflateDecoder<&mut Taken<'_>> {
    fn taken(&self) -> u64 {
        self.get_ref().taken
    }
}
