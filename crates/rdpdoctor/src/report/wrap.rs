//! Text for a terminal: made harmless, measured, wrapped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text without anything that a terminal would obey: control characters and marks that turn the
/// direction of writing are written as their numbers. Names in a report come from peers.
pub fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => plain.push(' '),
            c if obeyed(c) => plain.extend(c.escape_unicode()),
            c => plain.push(c),
        }
    }
    plain
}

/// The character makes a terminal do something.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text in letters that every terminal has.
pub fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '✔' => plain.push('+'),
            '✖' => plain.push('x'),
            '▲' => plain.push('!'),
            '·' => plain.push('.'),
            '–' | '—' | '−' => plain.push('-'),
            '…' => plain.push_str("..."),
            '“' | '”' | '„' | '«' | '»' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            '×' => plain.push('x'),
            '≥' => plain.push_str(">="),
            '≤' => plain.push_str("<="),
            '→' => plain.push_str("->"),
            '\u{a0}' => plain.push(' '),
            'µ' => plain.push('u'),
            c if c.is_ascii() => plain.push(c),
            _ => plain.push('?'),
        }
    }
    plain
}

/// The text in lines of at most `columns`, broken between words; a word longer than a line is broken
/// inside. Never empty.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let needed = if line.is_empty() { 0 } else { width(&line) + 1 };
        if !line.is_empty() && needed + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        if width(word) <= columns {
            line.push_str(word);
            continue;
        }
        for c in word.chars() {
            if width(&line) + c.width().unwrap_or(0) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The text filled up with blanks to `columns`.
pub fn padded(text: &str, columns: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(width(text)),
    ));
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_asked() {
        let text = "a reset 0.6 ms after our ClientHello, whatever-is-offered-in-a-very-long-word and more";
        for columns in 8..100 {
            let lines = wrap(text, columns);
            assert!(
                lines.iter().all(|line| width(line) <= columns),
                "{columns}: {lines:?}"
            );
            let joined: String = lines.concat().replace(' ', "");
            assert_eq!(joined, text.replace(' ', ""));
        }
    }

    #[test]
    fn a_name_from_a_peer_cannot_drive_the_terminal() {
        let shown = harmless("srv\u{1b}[31m\u{7}\u{202e}01\r\n");
        assert_eq!(shown, "srv\\u{1b}[31m\\u{7}\\u{202e}01\\u{d} ");
    }

    #[test]
    fn ascii_is_ascii() {
        assert_eq!(
            ascii("✔ tcp — “open” … München"),
            "+ tcp - \"open\" ... M?nchen"
        );
    }
}
