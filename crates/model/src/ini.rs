//! Ini files, read: whoever looks at a setting and whoever changes it must mean the same line.
//!
//! Sections and keys compare without case, as xrdp does; a repeated key counts with its last line.

/// A line of the file, with its end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'t> {
    /// Offset of its first byte.
    pub at: usize,
    /// Its text without the line end.
    pub text: &'t str,
    /// Its text with the line end.
    pub whole: &'t str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = Line {
            at,
            text: whole.trim_end_matches(['\n', '\r']),
            whole,
        };
        at += whole.len();
        line
    })
}

/// The name in `[name]`.
fn section_of(line: &str) -> Option<&str> {
    line.trim()
        .strip_prefix('[')?
        .split_once(']')
        .map(|(name, _)| name.trim())
}

/// The key, and the value exactly as it stands after `=` (blanks around it are not part of it).
fn pair_of(line: &str) -> Option<(&str, &str)> {
    if line.trim_start().starts_with(['#', ';', '[']) {
        return None;
    }
    let (key, value) = line.split_once('=')?;
    Some((key.trim(), value.trim()))
}

/// Where a key stands.
#[derive(Clone, Copy, Debug)]
pub struct Found<'t> {
    /// The last line that sets the key, with its value.
    pub set: Option<(Line<'t>, &'t str)>,
    /// Where a new line of this section belongs: after its last key, else after its header.
    pub insert_at: Option<usize>,
}

/// Finds a key in a section.
pub fn find<'t>(text: &'t str, section: &str, key: &str) -> Found<'t> {
    let mut found = Found {
        set: None,
        insert_at: None,
    };
    // The first section of a name is the one that counts for insertion; keys before any header
    // belong to the section with the empty name.
    let mut inside = section.is_empty();
    if inside {
        found.insert_at = Some(0);
    }
    for line in lines(text) {
        if let Some(name) = section_of(line.text) {
            inside = name.eq_ignore_ascii_case(section);
            if inside && found.insert_at.is_none() {
                found.insert_at = Some(line.at + line.whole.len());
            }
            continue;
        }
        if !inside {
            continue;
        }
        if let Some((name, value)) = pair_of(line.text) {
            found.insert_at = Some(line.at + line.whole.len());
            if name.eq_ignore_ascii_case(key) {
                found.set = Some((line, value));
            }
        }
    }
    found
}

/// The value of a key.
pub fn value<'t>(text: &'t str, section: &str, key: &str) -> Option<&'t str> {
    find(text, section, key).set.map(|(_, value)| value)
}

/// Every key of a section with its value, in the order of the lines; a repeated key comes with each.
pub fn pairs<'t>(text: &'t str, section: &str) -> impl Iterator<Item = (&'t str, &'t str)> {
    let mut inside = section.is_empty();
    lines(text).filter_map(move |line| {
        if let Some(name) = section_of(line.text) {
            inside = name.eq_ignore_ascii_case(section);
            return None;
        }
        if inside { pair_of(line.text) } else { None }
    })
}

/// The names of the sections, in their order.
pub fn sections(text: &str) -> impl Iterator<Item = &str> {
    lines(text).filter_map(|line| section_of(line.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const XRDP: &str = "loose=1\n; port=1\n[Globals]\r\n Port = 3389 \n#port=2\nport=\n[Xorg]\nport=-1\n[ globals ]\nPORT=3390\n[]\nx=1\nno value\n";

    #[test]
    fn the_last_line_of_a_key_counts() {
        assert_eq!(value(XRDP, "Globals", "port"), Some("3390"));
        assert_eq!(value(XRDP, "xorg", "port"), Some("-1"));
        assert_eq!(value(XRDP, "", "loose"), Some("1"));
        assert_eq!(value(XRDP, "Globals", "loose"), None);
        assert_eq!(value("[a]\nx=1\nx=\n", "a", "x"), Some(""));
    }

    #[test]
    fn sections_and_their_pairs_keep_their_order() {
        let names: Vec<&str> = sections(XRDP).collect();
        assert_eq!(names, ["Globals", "Xorg", "globals", ""]);
        let all: Vec<_> = pairs(XRDP, "globals").collect();
        assert_eq!(all, [("Port", "3389"), ("port", ""), ("PORT", "3390")]);
    }
}
