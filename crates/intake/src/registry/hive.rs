//! Registry hives: a header of 4096 bytes, then cells that refer to each other by offset. Only the ways to
//! the keys of interest are walked, so that damage elsewhere costs nothing.

use std::io::{Cursor, Read};

use model::UnixSeconds;
use regf::transaction_log::TransactionLog;

use super::{KEYS, Value, told, value_named};
use crate::bytes::{u32_at, u64_at, utf16};
use crate::findings::{Findings, Pending};

const HEADER: usize = 4096;
/// Entries of one list that are followed.
const MOST_ENTRIES: usize = 100_000;
/// Keys below keys beyond this depth are not followed.
const DEEPEST: usize = 32;
/// The longest value that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// Keys that are read of one hive.
const MOST_KEYS: usize = 200_000;

/// The bytes are the beginning of a hive or of its transaction log.
pub fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"regf")
}

/// Reads a hive, or keeps it until its logs are there too.
pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let bytes = crate::reader::whole(file, input, findings);
    // Its kind: 0 for the hive itself, others for logs.
    if u32_at(&bytes, 28).is_some_and(|kind| kind != 0) {
        findings.pending.push(Pending {
            file: file.to_owned(),
            bytes,
        });
        return "transaction log, joined with its hive".to_owned();
    }
    let dirty = u32_at(&bytes, 4) != u32_at(&bytes, 8);
    if dirty {
        findings.pending.push(Pending {
            file: file.to_owned(),
            bytes,
        });
        return "hive with changes that were not yet written, joined with its logs".to_owned();
    }
    let kept = settings(file, &bytes, findings);
    format!("{kept} settings")
}

/// Joins the hives that were kept with their logs, and reads them.
pub(crate) fn join(findings: &mut Findings) {
    let pending = std::mem::take(&mut findings.pending);
    let (mut hives, logs): (Vec<_>, Vec<_>) = pending
        .into_iter()
        .partition(|pending| u32_at(&pending.bytes, 28).is_none_or(|kind| kind == 0));
    for hive in &mut hives {
        let name = hive.file.to_lowercase();
        let mut ours: Vec<_> = logs
            .iter()
            .filter(|log| {
                log.file
                    .to_lowercase()
                    .strip_prefix(&name)
                    .is_some_and(|end| end.starts_with(".log"))
            })
            .collect();
        ours.sort_by_key(|log| log.file.to_lowercase());
        let written = u32_at(&hive.bytes, 8).unwrap_or(0);
        let mut pages = Vec::new();
        for log in &ours {
            pages.extend(pages_of(&log.bytes, written));
        }
        pages.sort_by_key(|page| page.sequence);
        let applied = apply(&pages, &mut hive.bytes);
        if applied == 0 {
            findings.damaged(
                &hive.file,
                "",
                if ours.is_empty() {
                    "its last changes are only in its transaction logs (.LOG1, .LOG2), which were not handed in"
                } else {
                    "its last changes could not be taken from its transaction logs"
                },
            );
        }
        let kept = settings(&hive.file, &hive.bytes, findings);
        if let Some(file) = findings
            .files
            .iter_mut()
            .find(|file| file.name == hive.file)
        {
            file.says = format!("{kept} settings, {applied} pages from its logs");
        }
    }
}

/// A piece of a hive as a log holds it.
struct Page {
    sequence: u32,
    offset: u32,
    bytes: Vec<u8>,
}

/// The pages of a log that are not yet in a hive whose last complete change was `written`.
fn pages_of(log: &[u8], written: u32) -> Vec<Page> {
    match TransactionLog::parse(Cursor::new(log)) {
        Ok(TransactionLog::New(log)) => log
            .log_entries
            .into_iter()
            .filter(|entry| entry.sequence_number >= written)
            .flat_map(|entry| {
                let sequence = entry.sequence_number;
                entry
                    .page_references
                    .into_iter()
                    .zip(entry.dirty_pages)
                    .map(move |(reference, bytes)| Page {
                        sequence,
                        offset: reference.offset,
                        bytes,
                    })
            })
            .collect(),
        Ok(TransactionLog::Old(log)) if log.base_block.primary_sequence >= written => log
            .dirty_pages
            .into_iter()
            .map(|page| Page {
                sequence: log.base_block.primary_sequence,
                offset: page.offset,
                bytes: page.data,
            })
            .collect(),
        Ok(TransactionLog::Old(_)) | Err(_) => Vec::new(),
    }
}

/// Puts pages into a hive; tells how many.
fn apply(pages: &[Page], hive: &mut Vec<u8>) -> usize {
    let mut applied = 0;
    for page in pages {
        let Some(start) = usize::try_from(page.offset)
            .ok()
            .and_then(|offset| HEADER.checked_add(offset))
        else {
            continue;
        };
        let Some(end) = start.checked_add(page.bytes.len()) else {
            continue;
        };
        // A hive grows while it is changed, but not by more than it is long.
        if end > hive.len() && end <= hive.len().saturating_mul(2) {
            hive.resize(end, 0);
        }
        if let Some(place) = hive.get_mut(start..end) {
            place.copy_from_slice(&page.bytes);
            applied += 1;
        }
    }
    applied
}

/// Puts the settings of a hive into the findings; tells how many.
pub(crate) fn settings(file: &str, bytes: &[u8], findings: &mut Findings) -> usize {
    let hive = Hive { bytes };
    let claimed = u32_at(bytes, 40).and_then(|size| usize::try_from(size).ok());
    if claimed.is_none_or(|size| HEADER.saturating_add(size) > bytes.len()) {
        findings.damaged(file, "", "the file is shorter than it says");
    }
    let Some(root) = u32_at(bytes, 36).and_then(|root| hive.key(root)) else {
        findings.damaged(file, "", "its root key cannot be read");
        return 0;
    };
    let mut reading = Found {
        hive,
        values: Vec::new(),
        lost: 0,
        keys: 0,
    };
    let children = reading.children(&root);
    let has = |name: &str| {
        children
            .iter()
            .any(|child| child.name.eq_ignore_ascii_case(name))
    };
    // Which hive it is, told by what every one of its kind has.
    let (prefix, below) = if has("Select") || has("ControlSet001") {
        ("HKLM\\SYSTEM", "SYSTEM\\")
    } else if has("Software") || has("Control Panel") {
        ("HKCU", "")
    } else if has("Microsoft") || has("Policies") {
        ("HKLM\\SOFTWARE", "SOFTWARE\\")
    } else {
        findings.damaged(
            file,
            "",
            "a hive of another kind; none of its keys is about Remote Desktop",
        );
        return 0;
    };
    let set = reading.current_set(&children);
    for key in KEYS {
        let Some(path) = key
            .path
            .get(..below.len())
            .filter(|start| start.eq_ignore_ascii_case(below))
            .and_then(|_| key.path.get(below.len()..))
        else {
            continue;
        };
        let mut at = Some(root.clone());
        for part in path.split('\\') {
            let part = if part == "CurrentControlSet" {
                set.as_str()
            } else {
                part
            };
            at = at.and_then(|at| {
                reading
                    .children(&at)
                    .into_iter()
                    .find(|child| child.name.eq_ignore_ascii_case(part))
            });
        }
        if let Some(found) = at {
            let depth = match key.depth {
                super::Depth::Own => 0,
                super::Depth::Below => 1,
                super::Depth::All => DEEPEST,
            };
            reading.collect(&found, format!("{prefix}\\{path}"), depth);
        }
    }
    if reading.lost > 0 {
        findings.damaged(
            file,
            "",
            format!("{} keys or values cannot be read", reading.lost),
        );
    }
    // A key may lie below two of the list.
    let mut values: Vec<Value> = Vec::new();
    for value in reading.values {
        if !values
            .iter()
            .any(|known: &Value| known.key == value.key && known.name == value.name)
        {
            values.push(value);
        }
    }
    // Of a file only its own clock tells what has expired.
    findings.now = u64_at(bytes, 12).and_then(written_at);
    let kept = told(file, values, false, findings);
    findings.now = None;
    kept
}

/// The moment of a count of 100 ns since 1601.
fn written_at(count: u64) -> Option<UnixSeconds> {
    const TO_UNIX: i64 = 11_644_473_600;
    let seconds = i64::try_from(count / 10_000_000)
        .ok()?
        .checked_sub(TO_UNIX)?;
    (seconds > 0).then_some(UnixSeconds(seconds))
}

struct Found<'b> {
    hive: Hive<'b>,
    values: Vec<Value>,
    lost: usize,
    keys: usize,
}

impl Found<'_> {
    fn children(&mut self, key: &Node) -> Vec<Node> {
        if key.subkeys == 0 {
            return Vec::new();
        }
        let Some(offsets) = self.hive.list(key.list, 0) else {
            self.lost += 1;
            return Vec::new();
        };
        let mut children = Vec::new();
        for offset in offsets {
            match self.hive.key(offset) {
                Some(child) => children.push(child),
                None => self.lost += 1,
            }
        }
        children
    }

    /// The name of the control set in use.
    fn current_set(&mut self, children: &[Node]) -> String {
        let current = children
            .iter()
            .find(|child| child.name.eq_ignore_ascii_case("Select"))
            .and_then(|select| {
                self.hive
                    .values(select)
                    .into_iter()
                    .flatten()
                    .find(|(name, ..)| name.eq_ignore_ascii_case("Current"))
            })
            .and_then(|(_, _, data)| u32_at(&data, 0))
            .unwrap_or(1);
        format!("ControlSet{current:03}")
    }

    fn collect(&mut self, key: &Node, path: String, depth: usize) {
        self.keys += 1;
        if self.keys > MOST_KEYS {
            return;
        }
        for found in self.hive.values(key) {
            match found {
                Some((name, kind, data)) => self.values.push(Value {
                    key: path.clone(),
                    value: value_named(&name, kind, &data),
                    name,
                }),
                None => self.lost += 1,
            }
        }
        if depth > 0 {
            for child in self.children(key) {
                let path = format!("{path}\\{}", child.name);
                self.collect(&child, path, depth - 1);
            }
        }
    }
}

/// A key.
#[derive(Clone, Debug)]
struct Node {
    name: String,
    subkeys: u32,
    list: u32,
    values: u32,
    value_list: u32,
}

#[derive(Clone, Copy, Debug)]
struct Hive<'b> {
    bytes: &'b [u8],
}

impl<'b> Hive<'b> {
    /// The content of the cell at an offset.
    fn cell(self, offset: u32) -> Option<&'b [u8]> {
        let start = HEADER.checked_add(usize::try_from(offset).ok()?)?;
        let size = u32_at(self.bytes, start)?.cast_signed();
        // Cells in use have negative sizes; those of hives caught in a change may not.
        let size = usize::try_from(size.unsigned_abs()).ok()?;
        let end = start.checked_add(size)?.min(self.bytes.len());
        self.bytes.get(start.checked_add(4)?..end)
    }

    fn key(self, offset: u32) -> Option<Node> {
        let cell = self.cell(offset)?;
        if !cell.starts_with(b"nk") {
            return None;
        }
        let flags = u16_at(cell, 2)?;
        let length = usize::from(u16_at(cell, 72)?);
        Some(Node {
            name: name(cell.get(76..76 + length)?, flags & 0x20 != 0),
            subkeys: u32_at(cell, 20)?,
            list: u32_at(cell, 28)?,
            values: u32_at(cell, 36)?,
            value_list: u32_at(cell, 40)?,
        })
    }

    /// The offsets of the subkeys in a list, lists of lists included.
    fn list(self, offset: u32, depth: usize) -> Option<Vec<u32>> {
        let cell = self.cell(offset)?;
        let count = usize::from(u16_at(cell, 2)?).min(MOST_ENTRIES);
        let entries = cell.get(4..)?;
        let each = |width: usize| {
            entries
                .chunks_exact(width)
                .take(count)
                .filter_map(|entry| u32_at(entry, 0))
                .collect::<Vec<u32>>()
        };
        match cell.get(..2)? {
            b"lf" | b"lh" => Some(each(8)),
            b"li" => Some(each(4)),
            b"ri" if depth < 2 => {
                let mut all = Vec::new();
                for offset in each(4) {
                    all.extend(self.list(offset, depth + 1).unwrap_or_default());
                    if all.len() > MOST_ENTRIES {
                        break;
                    }
                }
                Some(all)
            }
            _ => None,
        }
    }

    /// The values of a key: name, type, data; `None` for one that cannot be read.
    fn values(self, key: &Node) -> Vec<Option<(String, u32, Vec<u8>)>> {
        if key.values == 0 {
            return Vec::new();
        }
        let Some(list) = self.cell(key.value_list) else {
            return vec![None];
        };
        list.chunks_exact(4)
            .take(usize::try_from(key.values).unwrap_or(0).min(MOST_ENTRIES))
            .map(|entry| self.value(u32_at(entry, 0)?))
            .collect()
    }

    fn value(self, offset: u32) -> Option<(String, u32, Vec<u8>)> {
        let cell = self.cell(offset)?;
        if !cell.starts_with(b"vk") {
            return None;
        }
        let length = usize::from(u16_at(cell, 2)?);
        let size = u32_at(cell, 4)?;
        let kind = u32_at(cell, 12)?;
        let flags = u16_at(cell, 16)?;
        let name = name(cell.get(20..20 + length)?, flags & 1 != 0);
        let size_in_bytes = usize::try_from(size & 0x7FFF_FFFF).ok()?.min(LONGEST);
        let data = if size & 0x8000_0000 != 0 {
            cell.get(8..8 + size_in_bytes.min(4))?.to_vec()
        } else if size_in_bytes == 0 {
            Vec::new()
        } else {
            let data = self.cell(u32_at(cell, 8)?)?;
            if data.starts_with(b"db") && size_in_bytes > 16_344 {
                self.big(data, size_in_bytes)?
            } else {
                data.get(..size_in_bytes.min(data.len()))?.to_vec()
            }
        };
        Some((name, kind, data))
    }

    /// Data in several cells.
    fn big(self, head: &[u8], size: usize) -> Option<Vec<u8>> {
        let count = usize::from(u16_at(head, 2)?);
        let list = self.cell(u32_at(head, 4)?)?;
        let mut data = Vec::new();
        for entry in list.chunks_exact(4).take(count) {
            let piece = self.cell(u32_at(entry, 0)?)?;
            data.extend_from_slice(piece.get(..16_344.min(piece.len()))?);
            if data.len() >= size {
                break;
            }
        }
        data.truncate(size);
        Some(data)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map(|two| u16::from_le_bytes(*two))
}

fn name(bytes: &[u8], eight_bits: bool) -> String {
    if eight_bits {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        utf16(bytes)
    }
}

/// When the hive was last written; `None` when it does not say.
pub fn last_written(bytes: &[u8]) -> Option<model::UnixMicros> {
    u64_at(bytes, 12).map(model::UnixMicros::from_filetime)
}
