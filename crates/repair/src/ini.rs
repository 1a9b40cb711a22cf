//! Edits of ini files that leave every other byte as it was: comments, order, spacing and line ends. What is
//! read of them is read by [`model::ini`], so that a value is found where it will be changed.

use model::ini::find;
pub use model::ini::value;

/// The text with another value for a key, or without the key. All other bytes stay.
pub fn with_value(text: &str, section: &str, key: &str, to: Option<&str>) -> String {
    let found = find(text, section, key);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    match (found.set, to) {
        (Some((line, value)), Some(to)) => {
            // The value is a part of the line, so its place follows from where both begin.
            let offset = line.text.find('=').map_or(line.text.len(), |equals| {
                let after = line.text.get(equals + 1..).unwrap_or_default();
                equals + 1 + (after.len() - after.trim_start().len())
            });
            let start = line.at
                + if value.is_empty() {
                    line.text.len()
                } else {
                    offset
                };
            splice(text, start, value.len(), to)
        }
        (Some((line, _)), None) => {
            let removed = splice(text, line.at, line.whole.len(), "");
            // Without its last line the text ends as the line before it ended.
            if line.whole.ends_with('\n') || line.at == 0 {
                removed
            } else {
                removed.trim_end_matches(['\n', '\r']).to_owned()
            }
        }
        (None, Some(to)) => match found.insert_at {
            Some(at) => {
                let opens_line =
                    at == 0 || text.get(..at).is_some_and(|before| before.ends_with('\n'));
                let line = if opens_line {
                    format!("{key}={to}{end}")
                } else {
                    format!("{end}{key}={to}")
                };
                splice(text, at, 0, &line)
            }
            None => {
                let gap = if text.is_empty() || text.ends_with('\n') {
                    ""
                } else {
                    end
                };
                format!("{text}{gap}[{section}]{end}{key}={to}{end}")
            }
        },
        (None, None) => text.to_owned(),
    }
}

fn splice(text: &str, start: usize, length: usize, middle: &str) -> String {
    let before = text.get(..start).unwrap_or(text);
    let after = text.get(start.saturating_add(length)..).unwrap_or_default();
    [before, middle, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const XRDP: &str = "; comment\r\n[Globals]\r\nport = 3389\r\n#security_layer=rdp\r\nsecurity_layer=negotiate\r\ncertificate=\r\n\r\n[Logging]\r\nLogLevel=INFO\r\n";

    #[test]
    fn only_the_value_changes() {
        let edited = with_value(XRDP, "globals", "Security_Layer", Some("tls"));
        assert_eq!(edited, XRDP.replace("=negotiate", "=tls"));
        assert_eq!(value(&edited, "Globals", "security_layer"), Some("tls"));
        let edited = with_value(XRDP, "Globals", "port", Some("3390"));
        assert_eq!(edited, XRDP.replace("port = 3389", "port = 3390"));
    }

    #[test]
    fn an_empty_value_is_filled_and_emptied() {
        let filled = with_value(XRDP, "Globals", "certificate", Some("/c.pem"));
        assert_eq!(filled, XRDP.replace("certificate=", "certificate=/c.pem"));
        assert_eq!(
            with_value(&filled, "Globals", "certificate", Some("")),
            XRDP
        );
    }

    #[test]
    fn a_new_key_joins_its_section_and_leaves_again() {
        let longer = with_value(XRDP, "Globals", "key_file", Some("/k.pem"));
        assert!(longer.contains("certificate=\r\nkey_file=/k.pem\r\n\r\n[Logging]"));
        assert_eq!(with_value(&longer, "Globals", "key_file", None), XRDP);
    }

    #[test]
    fn a_file_without_a_last_line_end_gets_it_back() {
        let text = "[a]\nx=1";
        let longer = with_value(text, "a", "y", Some("2"));
        assert_eq!(longer, "[a]\nx=1\ny=2");
        assert_eq!(with_value(&longer, "a", "y", None), text);
    }

    #[test]
    fn a_missing_section_is_added() {
        assert_eq!(with_value("", "a", "x", Some("1")), "[a]\nx=1\n");
        assert_eq!(
            with_value("[b]\ny=2", "a", "x", Some("1")),
            "[b]\ny=2\n[a]\nx=1\n"
        );
    }

    #[test]
    fn the_last_line_of_a_repeated_key_counts() {
        let text = "[a]\nx=1\nx=2\n[b]\nx=3\n";
        assert_eq!(value(text, "a", "x"), Some("2"));
        assert_eq!(
            with_value(text, "a", "x", Some("4")),
            "[a]\nx=1\nx=4\n[b]\nx=3\n"
        );
    }

    proptest! {
        #[test]
        fn what_was_set_is_read_and_can_be_put_back(
            text in "(\\[[ab]\\]\r?\n|[xy] ?= ?[0-9]{0,3}\r?\n|#c\n|\n){0,12}[x=1]{0,3}",
            section in "[ab]", key in "[xy]", to in "[a-z0-9]{1,5}"
        ) {
            let was = value(&text, &section, &key).map(str::to_owned);
            let edited = with_value(&text, &section, &key, Some(&to));
            prop_assert_eq!(value(&edited, &section, &key), Some(to.as_str()));
            if was.is_some() {
                prop_assert_eq!(with_value(&edited, &section, &key, was.as_deref()), text);
            }
        }

        #[test]
        fn any_text_is_calm(text in any::<String>(), section in any::<String>(), key in any::<String>()) {
            let _ = with_value(&text, &section, &key, Some("1"));
            let _ = with_value(&text, &section, &key, None);
        }
    }
}
