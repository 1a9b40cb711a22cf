//! Nothing forgotten: every source file is part of its crate, and the catalogue's ids are its paths.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Files nothing includes, modules declared twice over, and ids that are not their path.
pub fn offences(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let sources: BTreeSet<&Path> = files
        .iter()
        .map(PathBuf::as_path)
        .filter(|file| file.extension().is_some_and(|e| e == "rs"))
        .collect();
    let read = |file: &Path| {
        std::fs::read_to_string(root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))
    };
    let mut offences = Vec::new();
    for file in &sources {
        let parents = parents(file);
        if parents.is_empty() {
            continue;
        }
        let name = module_name(file);
        let mut declared = false;
        for parent in parents
            .iter()
            .filter(|parent| sources.contains(parent.as_path()))
        {
            declared |= declares(&read(parent)?, &name);
        }
        if !declared {
            offences.push(format!(
                "{}:1: no `mod {name};` includes this file",
                file.display()
            ));
        }
        if let Some(id) = catalogue_id(file)
            && !read(file)?.contains(&format!("\"{id}\""))
        {
            offences.push(format!(
                "{}:1: its id is not {id}, as its path says",
                file.display()
            ));
        }
    }
    Ok(offences)
}

/// The files that may declare the module in this file; none for the root of a crate.
fn parents(file: &Path) -> Vec<PathBuf> {
    let Some(folder) = file.parent() else {
        return Vec::new();
    };
    let stem = file.file_stem().unwrap_or_default();
    let is = |path: &Path, name: &str| path.file_name().is_some_and(|last| last == name);
    let programs = ["fuzz_targets", "examples", "benches", "bin"];
    let is_root = ["lib.rs", "main.rs", "build.rs"]
        .iter()
        .any(|name| is(file, name))
        || programs.iter().any(|name| is(folder, name));
    if is_root {
        return Vec::new();
    }
    let folder = if stem == "mod" {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    vec![
        folder.join("mod.rs"),
        folder.with_extension("rs"),
        folder.join("lib.rs"),
        folder.join("main.rs"),
    ]
}

fn module_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if stem == "mod" {
        let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
        return folder.to_string_lossy().into_owned();
    }
    stem.into_owned()
}

/// The text has a line `mod name;`, whatever its visibility.
fn declares(text: &str, name: &str) -> bool {
    let line = format!("mod {name};");
    text.lines()
        .map(str::trim)
        .any(|found| found == line || (found.ends_with(&line) && found.starts_with("pub")))
}

/// `phase.name` for a cause and `side.name` for a remedy, by their place in the tree.
fn catalogue_id(file: &Path) -> Option<String> {
    let parts: Vec<String> = file
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let place = parts
        .iter()
        .position(|part| part == "causes" || part == "remedies")?;
    let [group, name] = parts.get(place + 1..)? else {
        return None;
    };
    let name = name.strip_suffix(".rs")?;
    (name != "mod").then(|| format!("{}.{}", group.replace('_', "-"), name.replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_match_folders() {
        let root = crate::shell::root();
        let files = crate::tree::files(&root).unwrap();
        assert_eq!(offences(&root, &files).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_stray_file_and_a_wrong_id_are_told() {
        let root = tempfile::tempdir().unwrap();
        let causes = root.path().join("crates/a/src/causes/tcp");
        std::fs::create_dir_all(&causes).unwrap();
        let write = |file: &str, text: &str| std::fs::write(root.path().join(file), text).unwrap();
        write("crates/a/src/lib.rs", "pub mod causes;\n");
        write("crates/a/src/causes/mod.rs", "mod tcp;\n");
        write(
            "crates/a/src/causes/tcp/mod.rs",
            "pub(crate) mod port_closed;\n",
        );
        write(
            "crates/a/src/causes/tcp/port_closed.rs",
            "id: \"tcp.port-open\"",
        );
        write("crates/a/src/causes/tcp/stray.rs", "id: \"tcp.stray\"");
        let files = crate::tree::files(root.path()).unwrap();
        let found = offences(root.path(), &files).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].contains("port_closed.rs") && found[0].contains("tcp.port-closed"),
            "{found:?}"
        );
        assert!(found[1].contains("mod stray;"), "{found:?}");
    }
}
