//! Programs of ours that run in Node, with the packages they are locked to.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with a program of `tests/FOLDER` and its packages, installed once.
pub fn tools(folder: &str, program: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    std::fs::create_dir_all(&tools).unwrap();
    for name in ["package.json", "package-lock.json", program] {
        std::fs::copy(here.join(name), tools.join(name)).unwrap();
    }
    let lock = std::fs::read(here.join("package-lock.json")).unwrap();
    let installed = tools.join("installed-lock.json");
    if std::fs::read(&installed).ok().as_ref() != Some(&lock) {
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&tools)
            .output()
            .unwrap();
        assert!(
            npm.status.success(),
            "{}",
            String::from_utf8_lossy(&npm.stderr)
        );
        std::fs::write(&installed, &lock).unwrap();
    }
    tools
}
