//! What a reader trips over in the text of files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The most lines of a source file that need no explanation.
const LONG: usize = 800;

/// What a long file says in its opening comment before it says why.
const EXPLANATION: &str = "long because";

/// Everything there is to mend in these files.
pub fn offences(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let here = here(root);
    let mut offences = Vec::new();
    for file in files {
        let bytes = std::fs::read(root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        let Some(text) = as_text(file, &bytes) else {
            continue;
        };
        offences.extend(text_offences(file, text, &here));
    }
    Ok(offences)
}

/// Names of places on this machine, which nobody else has.
fn here(root: &Path) -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    [root.display().to_string(), format!("{home}/")]
        .into_iter()
        .filter(|place| place.len() > 4)
        .collect()
}

/// The text of a file that people read; fixtures keep whatever bytes they have.
fn as_text<'a>(file: &Path, bytes: &'a [u8]) -> Option<&'a str> {
    let fixture = file.components().any(|part| {
        ["fixtures", "corpus", "snapshots", "data"]
            .iter()
            .any(|name| part.as_os_str() == *name)
    });
    if fixture || bytes.contains(&0) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

fn text_offences(file: &Path, text: &str, here: &[String]) -> Vec<String> {
    let mut offences = Vec::new();
    let mut say =
        |line: usize, what: &str| offences.push(format!("{}:{line}: {what}", file.display()));
    let rust = file.extension().is_some_and(|extension| extension == "rs");
    // Unit tests that grew out of their module say what they are by their name.
    let source = rust
        && file.components().any(|part| part.as_os_str() == "src")
        && file.file_name().is_some_and(|name| name != "tests.rs");
    let table = file.extension().is_some_and(|extension| extension == "tsv");
    let last = text.lines().count();
    if !text.is_empty() && !text.ends_with('\n') {
        say(last, "does not end with a newline");
    }
    if text.ends_with("\n\n") {
        say(last, "ends with an empty line");
    }
    if source && !text.starts_with("//!") {
        say(
            1,
            "does not open with a sentence that says what it is (`//! …`)",
        );
    }
    if rust && last > LONG && !opening(text).contains(EXPLANATION) {
        say(
            1,
            &format!(
                "has {last} lines: split it, or say in its opening comment that it is {EXPLANATION} …"
            ),
        );
    }
    for (number, line) in (1..).zip(text.split_terminator('\n')) {
        if line.ends_with('\r') {
            say(number, "ends with a carriage return");
        }
        // A table whose last cell is empty ends in a tab.
        if !table && line.trim_end().len() != line.trim_end_matches('\r').len() {
            say(number, "ends with a blank");
        }
        if rust && line.contains('\t') {
            say(number, "contains a tab");
        }
        if let Some(place) = here.iter().find(|place| line.contains(place.as_str())) {
            say(number, &format!("names a place on this machine, {place}"));
        }
        if rust && let Some(word) = unfinished(line) {
            say(number, &format!("contains {word}"));
        }
    }
    offences
}

fn opening(text: &str) -> String {
    text.lines()
        .take_while(|line| line.starts_with("//!"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Marks of unfinished work. They are put together here so that this file does not accuse itself.
fn unfinished(line: &str) -> Option<String> {
    [
        ("todo", "!("),
        ("unimplemented", "!("),
        ("dbg", "!("),
        ("#[ign", "ore"),
        ("FIX", "ME"),
        ("XX", "X:"),
        ("TO", "DO"),
    ]
    .into_iter()
    .map(|(left, right)| format!("{left}{right}"))
    .find(|word| line.contains(word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, text: &str, expect: &[&str]) {
        let here = ["/house/of/somebody".to_owned()];
        let found = text_offences(Path::new(file), text, &here);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (found, expect) in found.iter().zip(expect) {
            assert!(found.contains(expect), "{found} does not say {expect}");
        }
    }

    #[test]
    fn what_a_reader_trips_over_is_said() {
        check("crates/a/src/b.rs", "//! Good.\n\nfn b() {}\n", &[]);
        check("crates/a/src/b.rs", "fn b() {}\n", &["does not open"]);
        check("crates/a/src/b.rs", "//! Good.\n\tfn b() {}\n", &["tab"]);
        check("crates/a/src/b.rs", "//! Good.\nfn b() {} \n", &["blank"]);
        check("crates/a/src/b.rs", "//! Good.", &["newline"]);
        check("crates/a/src/b.rs", "//! Good.\n\n", &["empty line"]);
        check("README.md", "Good.\r\n", &["carriage return"]);
        check(
            "README.md",
            "cd /house/of/somebody/src\n",
            &["place on this machine"],
        );
        check(
            "crates/a/tests/b.rs",
            &format!("#[ign{}]\nfn b() {{}}\n", "ore"),
            &["contains"],
        );
        check(
            "crates/a/src/b.rs",
            &format!("//! Good.\n{}", "//\n".repeat(LONG)),
            &["lines"],
        );
        check(
            "crates/a/src/b.rs",
            &format!("//! It is long because it must.\n{}", "//\n".repeat(LONG)),
            &[],
        );
    }

    #[test]
    fn files_are_tidy() {
        let root = crate::shell::root();
        let files = crate::tree::files(&root).unwrap();
        assert!(files.len() > 20, "only {} files found", files.len());
        assert_eq!(offences(&root, &files).unwrap(), Vec::<String>::new());
    }
}
