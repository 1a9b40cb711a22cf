//! Settings of connection files: `name:type:value`, one a line, in UTF-8 or UTF-16 with a mark.

use std::path::Path;

use model::plan::Value;

use super::files;
use crate::error::Error;

/// The type and value of a setting: `i:1`.
pub(super) fn value(path: &Path, name: &str) -> Result<Value, Error> {
    let Some(bytes) = files::content(path)? else {
        return Ok(Value::Absent);
    };
    let (text, _) = decoded(&bytes).ok_or_else(|| Error::NotText {
        path: path.to_owned(),
    })?;
    Ok(text
        .lines()
        .filter_map(|line| setting(line, name))
        .next_back()
        .map_or(Value::Absent, |value| Value::Text(value.to_owned())))
}

/// Changes a setting, or removes it.
pub(super) fn set(path: &Path, name: &str, to: Option<&str>) -> Result<(), Error> {
    let before = files::content(path)?.unwrap_or_default();
    let after = with_value(&before, name, to).ok_or_else(|| Error::NotText {
        path: path.to_owned(),
    })?;
    if after == before {
        return Ok(());
    }
    files::replace(path, &after)
}

/// The bytes with another value for a setting; every other line stays. `None` when they are no text.
pub(super) fn with_value(bytes: &[u8], name: &str, to: Option<&str>) -> Option<Vec<u8>> {
    let (text, form) = decoded(bytes)?;
    let end = if text.contains("\r\n") || text.is_empty() {
        "\r\n"
    } else {
        "\n"
    };
    let mut after = String::with_capacity(text.len() + 32);
    let mut found = false;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        match (setting(line, name), to) {
            (Some(value), Some(to)) => {
                found = true;
                after.push_str(line.strip_suffix(value).unwrap_or(line));
                after.push_str(to);
                after.push_str(whole.strip_prefix(line).unwrap_or(end));
            }
            (Some(_), None) => {}
            (None, _) => after.push_str(whole),
        }
    }
    if let (false, Some(to)) = (found, to) {
        if !after.is_empty() && !after.ends_with('\n') {
            after.push_str(end);
        }
        after.push_str(&format!("{name}:{to}{end}"));
    }
    Some(encoded(&after, form))
}

/// What follows `name:` on the line of a setting; names compare without case.
fn setting<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (first, rest) = line.split_once(':')?;
    first.trim().eq_ignore_ascii_case(name).then_some(rest)
}

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Marked,
    Wide,
}

fn decoded(bytes: &[u8]) -> Option<(String, Form)> {
    if let Some(wide) = bytes.strip_prefix(b"\xff\xfe") {
        if wide.len() % 2 != 0 {
            return None;
        }
        let units = wide.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return Some((text.ok()?, Form::Wide));
    }
    let (rest, form) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, Form::Marked),
        None => (bytes, Form::Plain),
    };
    Some((std::str::from_utf8(rest).ok()?.to_owned(), form))
}

fn encoded(text: &str, form: Form) -> Vec<u8> {
    match form {
        Form::Plain => text.as_bytes().to_vec(),
        Form::Marked => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Form::Wide => std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_changes_and_nothing_else() {
        let text = "full address:s:a\r\nenablecredsspsupport:i:0\r\nx:i:1";
        for form in [Form::Plain, Form::Marked, Form::Wide] {
            let bytes = encoded(text, form);
            let after = with_value(&bytes, "EnableCredSspSupport", Some("i:1")).unwrap();
            let expect = text.replace("support:i:0", "support:i:1");
            assert_eq!(decoded(&after), Some((expect, form)));
            let more = with_value(&bytes, "y", Some("i:2")).unwrap();
            assert_eq!(decoded(&more).unwrap().0, format!("{text}\r\ny:i:2\r\n"));
        }
        assert_eq!(
            with_value(b"a:i:1\nb:i:2\n", "a", None).unwrap(),
            b"b:i:2\n"
        );
        assert_eq!(with_value(b"\xff\xfe\x00", "a", None), None);
    }
}
