//! Texts as each language takes them: whatever they hold, they stay one text. Scripts are ASCII throughout, because
//! their readers guess at anything else.

use std::fmt::Write as _;

/// A text as an expression of PowerShell.
pub(super) fn powershell(text: &str) -> String {
    if text.chars().all(plain) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    // A character by its number; the first operand is a string, so that `+` joins.
    let mut out = "(''".to_owned();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if !run.is_empty() {
            let _ = write!(out, " + '{}'", run.replace('\'', "''"));
            run.clear();
        }
    };
    for c in text.chars() {
        if plain(c) {
            run.push(c);
            continue;
        }
        flush(&mut run, &mut out);
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(out, " + [char]0x{unit:04x}");
        }
    }
    flush(&mut run, &mut out);
    out.push(')');
    out
}

/// A text as a word of bash; `None` when it holds a zero, which no word can.
pub(super) fn bash(text: &str) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    if text.is_empty() {
        return Some("''".to_owned());
    }
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if !run.is_empty() {
            let _ = write!(out, "'{run}'");
            run.clear();
        }
    };
    for c in text.chars() {
        if c == '\'' {
            flush(&mut run, &mut out);
            out.push_str("\\'");
        } else if plain(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut out);
            let mut bytes = [0; 4];
            out.push_str("$'");
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "\\x{byte:02x}");
            }
            out.push('\'');
        }
    }
    flush(&mut run, &mut out);
    Some(out)
}

/// A text between quotation marks in a batch file; `None` when cmd or the program behind it could read it otherwise.
/// Delayed expansion is off, so `!` is a letter.
pub(super) fn cmd(text: &str) -> Option<String> {
    let fit = text.chars().all(|c| plain(c) && c != '"') && !text.ends_with('\\');
    fit.then(|| format!("\"{}\"", text.replace('%', "%%")))
}

/// A text as a string of a registry file; `None` when it has to be written as bytes.
pub(super) fn reg(text: &str) -> Option<String> {
    text.chars()
        .all(plain)
        .then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A text as a string of JSON, which YAML reads too.
pub(super) fn json(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if plain(c) => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
    out
}

/// A comment of one line, for people alone.
pub(super) fn comment(text: &str) -> String {
    text.chars()
        .map(|c| if plain(c) { c } else { '?' })
        .take(400)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// A letter that every reader of scripts takes for itself.
fn plain(c: char) -> bool {
    (' '..='~').contains(&c)
}
