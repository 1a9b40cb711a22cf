//! The licences of what is inside a program: each asks that its text goes along with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::entries;
use crate::shell::{cargo, output};

/// How licence files begin, in small letters.
const NAMES: [&str; 5] = ["license", "licence", "copying", "copyright", "notice"];
/// How deep below a crate they are looked for: C libraries keep theirs beside their sources.
const DEEP: u32 = 2;

/// Every crate that the program for a target is built from, with the texts of its licences.
pub fn of(target: &str) -> Result<String> {
    let mut tree = cargo(["tree", "--locked", "--package", "rdpdoctor", "--target"]);
    tree.arg(target).args([
        "--edges",
        "normal,build,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]);
    let folders = folders(target)?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut without = BTreeSet::new();
    for (name, version, licence) in crates(&output(&mut tree)?) {
        let shown = format!("{name} {version} ({licence})");
        let folder = folders
            .get(&(name, version))
            .with_context(|| format!("cargo does not say where {shown} is"))?;
        let found = texts_in(folder)?;
        if found.is_empty() {
            without.insert(shown);
        } else {
            for text in found {
                texts.entry(text).or_default().insert(shown.clone());
            }
        }
    }
    ensure!(texts.len() > 50, "hardly any licence was found");
    Ok(document(&texts, &without))
}

/// Name, version and licence of crates that are not ours, from lines such as `serde v1.0.229|MIT OR Apache-2.0`.
fn crates(tree: &str) -> BTreeSet<(String, String, String)> {
    tree.lines()
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let mut words = package.split_whitespace();
            let name = words.next()?.to_owned();
            let version = words.next()?.strip_prefix('v')?.to_owned();
            // Ours are in a folder, which is told.
            let ours = words.any(|word| word.starts_with("(/"));
            let licence = licence.trim_end_matches(" (*)").to_owned();
            (!ours).then_some((name, version, licence))
        })
        .collect()
}

/// Where the source of each crate is, by name and version.
fn folders(target: &str) -> Result<BTreeMap<(String, String), PathBuf>> {
    let mut metadata = cargo(["metadata", "--locked", "--format-version", "1"]);
    metadata.args(["--filter-platform", target]);
    let told: Value =
        serde_json::from_str(&output(&mut metadata)?).context("cargo metadata is no JSON")?;
    let packages = told.pointer("/packages").and_then(Value::as_array);
    Ok(packages
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let text = |name: &str| Some(package.get(name)?.as_str()?.to_owned());
            let manifest = PathBuf::from(text("manifest_path")?);
            Some((
                (text("name")?, text("version")?),
                manifest.parent()?.to_owned(),
            ))
        })
        .collect())
}

/// The texts of the licences below a folder. Of those a crate offers at choice, MIT is taken: it asks the least.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    named(folder, DEEP, &mut files)?;
    let says = |file: &Path, word: &str| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.to_lowercase().contains(word)
    };
    let at_choice = |file: &PathBuf| says(file, "apache") && file.parent() == Some(folder);
    if files.iter().any(|file| says(file, "mit")) {
        files.retain(|file| !at_choice(file));
    }
    let mut texts = Vec::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let text = String::from_utf8_lossy(&bytes).replace('\r', "");
        texts.push(text.trim().to_owned());
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

fn named(folder: &Path, deep: u32, files: &mut Vec<PathBuf>) -> Result<()> {
    for path in entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        let end = path.extension().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if deep > 0 {
                named(&path, deep.saturating_sub(1), files)?;
            }
        } else if NAMES.iter().any(|begins| name.starts_with(begins))
            && !["rs", "c", "h", "py", "pl", "toml", "json"].contains(&end.as_ref())
        {
            files.push(path);
        }
    }
    Ok(())
}

fn document(texts: &BTreeMap<String, BTreeSet<String>>, without: &BTreeSet<String>) -> String {
    let rule = "=".repeat(78);
    let mut document = "What is inside rdpdoctor beside its own code, and the licences it came with. A text that several \
                        share stands\nonce below their names. The standard library of Rust is inside too (MIT or Apache-2.0).\n"
        .to_owned();
    // In the order of the names, so that a crate is found.
    let mut order: Vec<(&BTreeSet<String>, &String)> =
        texts.iter().map(|(text, names)| (names, text)).collect();
    order.sort();
    for (names, text) in order {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // Writing to a string does not fail.
        let _ = write!(
            document,
            "\n{rule}\n{}\n{rule}\n\n{text}\n",
            names.join("\n")
        );
    }
    if !without.is_empty() {
        let names: Vec<&str> = without.iter().map(String::as_str).collect();
        let _ = write!(
            document,
            "\n{rule}\nThese name their licence and bring no text of it:\n{}\n{rule}\n",
            names.join("\n")
        );
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_crates_are_not_among_those_of_others() {
        let tree = "rdpdoctor v0.1.0 (/src/crates/rdpdoctor)|MIT OR Apache-2.0\n\
                    serde v1.0.229|MIT OR Apache-2.0\nopenssl-src v300.5.0+3.5.0|MIT/Apache-2.0\n\
                    serde v1.0.229|MIT OR Apache-2.0 (*)\n";
        let names: Vec<String> = crates(tree).into_iter().map(|(name, ..)| name).collect();
        assert_eq!(names, ["openssl-src", "serde"]);
    }

    #[test]
    fn a_choice_is_made_and_the_licence_of_a_library_inside_is_kept() -> Result<()> {
        let place = std::env::temp_dir().join(format!("rdpdoctor-licences-{}", std::process::id()));
        let inside = place.join("library");
        fs::create_dir_all(&inside)?;
        for (name, text) in [
            ("LICENSE-MIT", "Permission is hereby granted\r\n"),
            ("LICENSE-APACHE", "Apache License"),
            ("license.rs", "fn main() {}"),
            ("library/LICENSE.txt", "Apache License of the library"),
        ] {
            fs::write(place.join(name), text)?;
        }
        let found = texts_in(&place);
        fs::remove_dir_all(&place)?;
        assert_eq!(
            found?,
            [
                "Permission is hereby granted",
                "Apache License of the library"
            ]
        );
        Ok(())
    }
}
