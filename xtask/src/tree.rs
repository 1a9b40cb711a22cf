//! The files that belong to the project.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell::output;

/// Every file git knows or would add, relative to the root, sorted; in a copy without git, every file
/// outside the folders that tools fill.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut git = crate::shell::command(
        "git",
        [
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
    );
    let mut files: Vec<PathBuf> = match output(git.current_dir(root)) {
        Ok(names) => names
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .collect(),
        Err(_) => walk(root, root)?,
    };
    // A file that was deleted and not yet committed is still in the index.
    files.retain(|file| root.join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}

/// Every file below a folder, relative to `root`, links apart.
pub fn walk(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry
            .with_context(|| format!("cannot list {}", folder.display()))?
            .path();
        let name = path.file_name().unwrap_or_default();
        if path.is_symlink() || name == "target" || name == ".git" {
            continue;
        }
        if path.is_dir() {
            files.extend(walk(root, &path)?);
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.push(relative.to_path_buf());
        }
    }
    Ok(files)
}
