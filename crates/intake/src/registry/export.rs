//! `.reg` exports: keys in brackets, values below them, in UTF-16 or a code page.

use std::io::Read;

use model::SettingValue;

use super::{Value, told, value_named};
use crate::encoding::{Encoding, text_of};
use crate::findings::Findings;

/// The bytes are the beginning of an export.
pub fn recognises(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(4096)).unwrap_or(head);
    let (_, text, _) = text_of(head);
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with(';'))
        .is_some_and(|line| {
            line.starts_with("Windows Registry Editor Version") || line.starts_with("REGEDIT4")
        })
}

pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let bytes = crate::reader::whole(file, input, findings);
    let (values, damage) = values(&bytes);
    for (line, says) in damage {
        findings.damaged(file, &format!("line {line}"), says);
    }
    let all = values.len();
    let kept = told(file, values, false, findings);
    format!("{kept} of {all} settings")
}

/// A line and what is wrong with it.
type Lost = (usize, &'static str);

/// The values of an export, and the lines that are none.
pub fn values(bytes: &[u8]) -> (Vec<Value>, Vec<Lost>) {
    let (encoding, text, broken) = text_of(bytes);
    let mut values = Vec::new();
    let mut lost = Vec::new();
    if broken {
        lost.push((1, "some bytes are no characters"));
    }
    let mut key = String::new();
    let mut removed = false;
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let mut line = line.trim().to_owned();
        // Hexadecimal data goes on after a backslash.
        while line.ends_with('\\') && line.contains("=hex") {
            line.pop();
            match lines.next() {
                Some((_, more)) => line.push_str(more.trim()),
                None => break,
            }
        }
        let line = line.as_str();
        if line.is_empty()
            || line.starts_with(';')
            || line.starts_with("Windows Registry")
            || line == "REGEDIT4"
        {
            continue;
        }
        if let Some(inside) = line.strip_prefix('[') {
            let Some(inside) = inside.strip_suffix(']') else {
                lost.push((number + 1, "a key without its closing bracket"));
                continue;
            };
            removed = inside.starts_with('-');
            inside.trim_start_matches('-').clone_into(&mut key);
            if removed {
                values.push(Value {
                    key: key.clone(),
                    name: String::new(),
                    value: SettingValue::Removed,
                });
            }
            continue;
        }
        match assignment(line, encoding) {
            Some((name, value)) if !key.is_empty() && !removed => values.push(Value {
                key: key.clone(),
                name,
                value,
            }),
            Some(_) => {}
            None => lost.push((number + 1, "neither a key nor a value")),
        }
    }
    (values, lost)
}

fn assignment(line: &str, encoding: Encoding) -> Option<(String, SettingValue)> {
    let (name, rest) = match line.strip_prefix('@') {
        Some(rest) => (String::new(), rest),
        None => quoted(line)?,
    };
    let data = rest.trim_start().strip_prefix('=')?.trim();
    if data == "-" {
        return Some((name, SettingValue::Removed));
    }
    if data.starts_with('"') {
        return quoted(data).map(|(text, _)| (name, SettingValue::Text(text)));
    }
    let lower = data.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("dword:") {
        let number = u64::from(u32::from_str_radix(digits.trim(), 16).ok()?);
        return Some((name, SettingValue::Number(number)));
    }
    let rest = lower.strip_prefix("hex")?;
    let (kind, digits) = match rest.strip_prefix('(') {
        Some(rest) => {
            let (kind, digits) = rest.split_once("):")?;
            (u32::from_str_radix(kind, 16).ok()?, digits)
        }
        None => (3, rest.strip_prefix(':')?),
    };
    let data: Option<Vec<u8>> = digits
        .split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect();
    let data = data?;
    // The old form writes texts in the code page, not in UTF-16.
    if matches!(kind, 1 | 2 | 7)
        && !encoding.is_utf16()
        && !data.chunks(2).any(|pair| matches!(pair, [_, 0]))
    {
        let (text, _) = Encoding::Ansi.decode(&data);
        return Some((
            name,
            SettingValue::Text(text.trim_end_matches('\0').to_owned()),
        ));
    }
    let value = value_named(&name, kind, &data);
    Some((name, value))
}

/// Reads a text in quotation marks, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut inside = String::new();
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((inside, text.get(at + 2..)?)),
            '\\' => inside.push(characters.next()?.1),
            _ => inside.push(character),
        }
    }
    None
}
