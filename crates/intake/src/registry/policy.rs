//! Registry.pol files ([MS-GPREG] 2.2.1): `[key;value;type;size;data]` in UTF-16, one after another.

use std::io::Read;

use model::SettingValue;

use super::{Value, told, value};
use crate::bytes::{Cursor, utf16};
use crate::findings::Findings;

/// The bytes are the beginning of a policy file.
pub fn recognises(head: &[u8]) -> bool {
    head.starts_with(b"PReg\x01\0\0\0")
}

pub(crate) fn read(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let bytes = crate::reader::whole(file, input, findings);
    // The same file serves machines and users; where it lay tells which.
    let root = if file.to_ascii_lowercase().contains("user") {
        "HKCU"
    } else {
        "HKLM"
    };
    let (values, whole) = values(&bytes, root);
    if !whole {
        findings.damaged(file, "", "an entry cannot be read; what follows it is lost");
    }
    let all = values.len();
    let kept = told(file, values, true, findings);
    format!("{kept} of {all} settings")
}

/// The values of a policy file, and whether it was read to its end.
pub fn values(bytes: &[u8], root: &str) -> (Vec<Value>, bool) {
    let mut cursor = Cursor::at(bytes, 8);
    let mut values = Vec::new();
    while cursor.place() < bytes.len() {
        match entry(&mut cursor, root) {
            Some(value) => values.push(value),
            None => return (values, false),
        }
    }
    (values, true)
}

fn entry(cursor: &mut Cursor<'_>, root: &str) -> Option<Value> {
    mark(cursor, b'[')?;
    let key = text(cursor)?;
    let name = text(cursor)?;
    let kind = cursor.u32()?;
    mark(cursor, b';')?;
    let size = cursor.length()?;
    mark(cursor, b';')?;
    let data = cursor.take(size)?;
    mark(cursor, b']')?;
    // Names that begin with two asterisks are orders about the value named after them.
    let (name, value) = match name.strip_prefix("**del.") {
        Some(name) => (name.to_owned(), SettingValue::Removed),
        None if name.starts_with("**") => (name, SettingValue::Removed),
        None => (name, value(kind, data)),
    };
    Some(Value {
        key: format!("{root}\\{key}"),
        name,
        value,
    })
}

fn mark(cursor: &mut Cursor<'_>, wanted: u8) -> Option<()> {
    (cursor.u16()? == u16::from(wanted)).then_some(())
}

/// A text up to its zero, and the semicolon after it.
fn text(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let unit = cursor.u16()?;
        if unit == 0 {
            break;
        }
        bytes.extend(unit.to_le_bytes());
        if bytes.len() > 4096 {
            return None;
        }
    }
    mark(cursor, b';')?;
    Some(utf16(&bytes))
}
