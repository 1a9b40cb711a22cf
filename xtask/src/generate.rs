//! Files that are made from the code: pages of the catalogue, tables, schemas, man page, completions.
//! The program makes them itself, because only it knows all of what they say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, root, run};
use crate::tree;

/// Writes the generated files, or with `check` only says which are stale.
pub fn generate(check: bool) -> Result<()> {
    let root = root();
    let made = root.join("target/xtask/generated");
    if made.exists() {
        std::fs::remove_dir_all(&made)
            .with_context(|| format!("cannot remove {}", made.display()))?;
    }
    std::fs::create_dir_all(&made).with_context(|| format!("cannot make {}", made.display()))?;
    run(cargo([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "rdpdoctor",
        "--",
        "generate",
    ])
    .arg(&made))?;
    let fresh = tree::walk(&made, &made)?;
    if fresh.is_empty() {
        bail!("the program made no files");
    }
    let stale = compare(&made, &fresh, &root)?;
    for Stale { file, why } in &stale {
        println!("{}: {why}", file.display());
        if !check {
            mend(&made, &root, file)?;
        }
    }
    match (check, stale.len()) {
        (_, 0) => println!("gen: {} files are fresh", fresh.len()),
        (true, stale) => bail!("gen: {stale} files are stale: run `cargo xtask gen`"),
        (false, stale) => println!("gen: {stale} of {} files written", fresh.len()),
    }
    Ok(())
}

/// A file in the tree that is not what the code makes.
#[derive(Debug, PartialEq, Eq)]
struct Stale {
    file: PathBuf,
    why: &'static str,
}

/// Compares what was made with what the tree holds. A folder that holds a generated file holds nothing else,
/// so that a page whose subject is gone is noticed; `docs` itself is for both kinds.
fn compare(made: &Path, fresh: &[PathBuf], root: &Path) -> Result<Vec<Stale>> {
    let mut stale = Vec::new();
    let mut folders = BTreeSet::new();
    for file in fresh {
        let new = std::fs::read(made.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        match std::fs::read(root.join(file)) {
            Ok(old) if old == new => {}
            Ok(_) => stale.push(Stale {
                file: file.clone(),
                why: "is not what the code makes",
            }),
            Err(_) => stale.push(Stale {
                file: file.clone(),
                why: "is missing",
            }),
        }
        folders.extend(
            file.parent()
                .filter(|folder| folder.components().count() > 1)
                .map(Path::to_path_buf),
        );
    }
    for folder in folders {
        for entry in std::fs::read_dir(root.join(&folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            let file = folder.join(entry.file_name());
            if entry.path().is_file() && !fresh.contains(&file) {
                stale.push(Stale {
                    file,
                    why: "is no longer made by the code",
                });
            }
        }
    }
    Ok(stale)
}

fn mend(made: &Path, root: &Path, file: &Path) -> Result<()> {
    let (from, to) = (made.join(file), root.join(file));
    if !from.exists() {
        return std::fs::remove_file(&to)
            .with_context(|| format!("cannot remove {}", to.display()));
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::copy(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_missing_and_left_over_files_are_told_and_mended() {
        let (made, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |folder: &Path, file: &str, text: &str| {
            let file = folder.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        for file in [
            "docs/a/same.md",
            "docs/a/stale.md",
            "docs/b/missing.md",
            "docs/top.md",
        ] {
            write(made.path(), file, "new");
        }
        write(root.path(), "docs/a/same.md", "new");
        write(root.path(), "docs/a/stale.md", "old");
        write(root.path(), "docs/a/left.md", "old");
        write(root.path(), "docs/top.md", "new");
        write(root.path(), "docs/by-hand.md", "kept");

        let fresh = tree::walk(made.path(), made.path()).unwrap();
        let stale = compare(made.path(), &fresh, root.path()).unwrap();
        let mut told: Vec<String> = stale
            .iter()
            .map(|stale| format!("{} {}", stale.file.display(), stale.why))
            .collect();
        told.sort();
        assert_eq!(
            told,
            [
                "docs/a/left.md is no longer made by the code",
                "docs/a/stale.md is not what the code makes",
                "docs/b/missing.md is missing",
            ]
        );
        for Stale { file, .. } in &stale {
            mend(made.path(), root.path(), file).unwrap();
        }
        assert_eq!(compare(made.path(), &fresh, root.path()).unwrap(), []);
        assert!(root.path().join("docs/by-hand.md").exists());
    }
}
