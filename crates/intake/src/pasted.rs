//! What the collector script for Windows writes: sections of text one after another, and for ways that cut long answers
//! off the same packed, coded in base64 and cut into parts, which may be pasted in any order.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Read};

use wire::http::from_base64;

use crate::archive::{self, Budget};
use crate::encoding::AsUtf8;
use crate::findings::Findings;

/// The longest section that is kept, in bytes.
const LONGEST_SECTION: usize = 64 * 1024 * 1024;
/// Parts of one bundle.
const MOST_PARTS: u32 = 20_000;
/// The longest text of parts, in bytes.
const LONGEST_PARTS: u64 = 256 * 1024 * 1024;

const BUNDLE: &str = "=====RDPDOCTOR BUNDLE 1=====";
const FILE: &str = "=====RDPDOCTOR FILE ";
const END: &str = "=====RDPDOCTOR END=====";
const PART: &str = "-----BEGIN RDPDOCTOR PART ";
const PART_END: &str = "-----END RDPDOCTOR PART ";

/// The parts of one bundle, as far as they were found.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    of: u32,
    found: BTreeMap<u32, String>,
    file: String,
}

/// The bytes are the beginning of sections.
pub fn recognises(head: &[u8]) -> bool {
    text(head).contains(BUNDLE)
}

/// The bytes are the beginning of a text that holds parts.
pub fn recognises_parts(head: &[u8]) -> bool {
    text(head).contains(PART)
}

fn text(head: &[u8]) -> String {
    let (_, text, _) = crate::encoding::text_of(head);
    text.into_owned()
}

/// Reads sections; each is a file of its own.
pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut input = match AsUtf8::new(input) {
        Ok(input) => BufReader::new(input),
        Err(error) => {
            findings.damaged(file, "", format!("reading stopped: {error}"));
            return String::new();
        }
    };
    let mut budget = Budget::default();
    let mut sections = 0_u32;
    let mut open: Option<(String, Vec<u8>)> = None;
    let mut line = Vec::new();
    let mut over = false;
    loop {
        line.clear();
        let most = u64::try_from(LONGEST_SECTION).unwrap_or(u64::MAX);
        let length = match (&mut input).take(most).read_until(b'\n', &mut line) {
            Ok(length) => length,
            Err(error) => {
                findings.damaged(file, "", format!("reading stopped: {error}"));
                0
            }
        };
        let said =
            String::from_utf8_lossy(line.get(..line.len().min(400)).unwrap_or(&line)).into_owned();
        let head = said.trim();
        let begins = head
            .strip_prefix(FILE)
            .and_then(|rest| rest.strip_suffix("====="));
        if (begins.is_some() || head == END || length == 0)
            && let Some((name, bytes)) = open.take()
        {
            sections += 1;
            let member = format!("{file}!{name}");
            archive::open(&member, &mut Cursor::new(bytes), 2, &mut budget, findings);
        }
        over |= head == END;
        if length == 0 {
            break;
        }
        if let Some(name) = begins {
            open = Some((name.to_owned(), Vec::new()));
        } else if let Some((_, bytes)) = &mut open
            && bytes.len() + line.len() <= LONGEST_SECTION
        {
            bytes.extend_from_slice(&line);
        }
    }
    if !over {
        findings.damaged(
            file,
            "the end",
            "the bundle is cut off; what is there was read",
        );
    }
    format!("{sections} sections of a bundle")
}

/// Finds parts; they are put together when all files are read.
pub(crate) fn read_parts(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut text = String::new();
    let read =
        AsUtf8::new(input).and_then(|input| input.take(LONGEST_PARTS).read_to_string(&mut text));
    if let Err(error) = read {
        findings.damaged(file, "", format!("reading stopped: {error}"));
    }
    let mut found = 0_u32;
    for piece in text.split(PART).skip(1) {
        let Some((head, body)) = piece.split_once("-----") else {
            continue;
        };
        let mut words = head.split([' ', '/']);
        let mut number = || {
            words
                .next()
                .and_then(|word| word.trim().parse::<u32>().ok())
        };
        let (Some(part), Some(of)) = (number(), number()) else {
            continue;
        };
        let mark = words.next().unwrap_or("").trim().to_owned();
        if part == 0 || part > of || of > MOST_PARTS {
            continue;
        }
        let Some((body, _)) = body.split_once(PART_END) else {
            findings.damaged(
                file,
                &format!("part {part} of {of}"),
                "its end is missing; run it again",
            );
            continue;
        };
        let coded: String = body
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
            .collect();
        let parts = findings.parts.entry(mark).or_default();
        parts.of = of;
        file.clone_into(&mut parts.file);
        parts.found.insert(part, coded);
        found += 1;
    }
    format!("{found} parts of a bundle")
}

/// Puts the parts together and reads what they hold. What stands before the first that is missing is read.
pub(crate) fn join(findings: &mut Findings) {
    for (_, parts) in std::mem::take(&mut findings.parts) {
        let missing: Vec<u32> = (1..=parts.of)
            .filter(|part| !parts.found.contains_key(part))
            .collect();
        if let Some(first) = missing.first() {
            let numbers: Vec<String> = missing.iter().take(20).map(ToString::to_string).collect();
            findings.damaged(
                &parts.file,
                "",
                format!(
                    "missing of {} parts: {}; run the collector with -Part {first} and so on, and give all of them",
                    parts.of,
                    numbers.join(", "),
                ),
            );
        }
        let whole: String = (1..=parts.of)
            .map_while(|part| parts.found.get(&part).cloned())
            .collect();
        let bytes = decoded(&whole);
        if !bytes.is_empty() {
            archive::open(
                &format!("{}!bundle", parts.file),
                &mut Cursor::new(bytes),
                1,
                &mut Budget::default(),
                findings,
            );
        }
    }
}

/// Reads base64 as far as it goes.
fn decoded(text: &str) -> Vec<u8> {
    let letters = text.trim_end_matches('=');
    // Four letters are three bytes; a single one at the end is none.
    let whole = letters.len() - usize::from(letters.len() % 4 == 1);
    letters
        .get(..whole)
        .and_then(from_base64)
        .unwrap_or_default()
}
