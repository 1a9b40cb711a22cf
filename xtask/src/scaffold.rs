//! `cargo xtask new`: the files a new thing begins with. The tests stay red until they are filled in.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::root;

/// Begins a cause: its record, its line in the list of its rung, and a scenario that expects it.
pub fn cause(phase: &str, name: &str) -> Result<()> {
    let root = root();
    ensure!(
        is_slug(name),
        "{name:?} is no name: write it like `nla-required`"
    );
    let folder = Path::new("crates/diagnose/src/causes").join(phase.replace('-', "_"));
    ensure!(
        root.join(&folder).is_dir(),
        "there is no rung {phase:?}: {} is no folder",
        folder.display()
    );
    let module = name.replace('-', "_");
    let record = folder.join(format!("{module}.rs"));
    let list = folder.join("mod.rs");
    let scenario = Path::new("crates/lab/scenarios")
        .join(phase)
        .join(format!("{name}.toml"));

    let listed = fs::read_to_string(root.join(&list))
        .with_context(|| format!("cannot read {}", list.display()))?;
    let listed = with_cause(&listed, &module)
        .with_context(|| format!("cannot add to {}", list.display()))?;
    write_new(&root, &record, &record_of(phase, name))?;
    write_new(&root, &scenario, &scenario_of(phase, name))?;
    fs::write(root.join(&list), listed)
        .with_context(|| format!("cannot write {}", list.display()))?;
    println!("Fill in {} and {}.", record.display(), scenario.display());
    println!("`cargo nextest run -p diagnose -p rdpdoctor` is red until both are true.");
    Ok(())
}

fn is_slug(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

fn write_new(root: &Path, file: &Path, text: &str) -> Result<()> {
    let path = root.join(file);
    ensure!(!path.exists(), "{} is there already", file.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write {}", file.display()))
}

/// The list of a rung with one more cause: its module in order of the alphabet, its record at the end.
fn with_cause(list: &str, module: &str) -> Result<String> {
    let line = format!("pub mod {module};");
    let mut lines: Vec<&str> = list.lines().collect();
    let last = lines
        .iter()
        .rposition(|line| line.starts_with("pub mod "))
        .context("it has no `pub mod` line")?;
    let place = lines
        .iter()
        .position(|found| found.starts_with("pub mod ") && *found >= line.as_str())
        .unwrap_or(last + 1);
    if lines.get(place) == Some(&line.as_str()) {
        bail!("it has {module} already");
    }
    lines.insert(place, &line);
    let begin = lines
        .iter()
        .position(|line| line.contains("CAUSES: &["))
        .context("it has no list of causes")?;
    let end = lines
        .iter()
        .skip(begin)
        .position(|line| line.trim() == "];")
        .context("its list of causes has no end")?;
    let entry = format!("    &{module}::CAUSE,");
    lines.insert(begin + end, &entry);
    Ok(lines.join("\n") + "\n")
}

fn record_of(phase: &str, name: &str) -> String {
    let rung: String = phase.split('-').map(capitalised).collect();
    format!(
        r#"//! The cause `{phase}.{name}`.

use crate::prelude::*;

cause! {{
    /// …
    ///
    /// # What the user sees
    ///
    /// …
    ///
    /// # How to tell it from its neighbours
    ///
    /// …
    ///
    /// # Who mends it, and how
    ///
    /// …
    pub static CAUSE = {{
        id: "{phase}.{name}",
        family: "",
        phase: Phase::{rung},
        side: Side::Server,
        severity: Severity::Blocking,
        title: "",
        prior: -10,
        clues: &[],
        asks: &[],
        remedies: &[],
    }};
}}
"#
    )
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

fn scenario_of(phase: &str, name: &str) -> String {
    format!(
        r#"format = "rdpdoctor/scenario/1"
what = "…"
expect = {{ outcome = "failing", top = "{phase}.{name}", family = "", verdict = "proven" }}

[server]
security = "windows-nla"
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_listed_once_and_in_order() {
        let list = "//! Causes.\n\npub mod alpha;\npub mod gamma;\n\npub static CAUSES: &[&Cause] = &[\n    &gamma::CAUSE,\n    &alpha::CAUSE,\n];\n";
        let expect = "//! Causes.\n\npub mod alpha;\npub mod beta;\npub mod gamma;\n\npub static CAUSES: &[&Cause] = &[\n    &gamma::CAUSE,\n    &alpha::CAUSE,\n    &beta::CAUSE,\n];\n";
        assert_eq!(with_cause(list, "beta").unwrap(), expect);
        assert!(with_cause(expect, "beta").is_err());
        assert!(
            with_cause(list, "omega")
                .unwrap()
                .contains("pub mod gamma;\npub mod omega;\n")
        );
        assert!(with_cause("//! Nothing.\n", "beta").is_err());
    }

    #[test]
    fn names_are_slugs() {
        assert!(is_slug("nla-required") && is_slug("tls13"));
        assert!(!is_slug("") && !is_slug("Nla") && !is_slug("a--b") && !is_slug("../x"));
    }
}
