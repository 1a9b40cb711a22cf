//! `rdpdoctor generate`: the files that are made from the code and shipped with it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::GenerateArguments;
use crate::failure::{Failure, Status};
use crate::report::schema::report_schema;

/// The generated files, with their paths from the root of the tree.
pub fn files() -> Vec<(&'static str, String)> {
    vec![("docs/schema/report-1.json", report_schema())]
}

/// Writes the generated files below a folder.
pub fn run(arguments: &GenerateArguments) -> Result<Status, Failure> {
    for (path, contents) in files() {
        write(&arguments.folder, Path::new(path), &contents)?;
    }
    Ok(Status::Healthy)
}

fn write(folder: &Path, path: &Path, contents: &str) -> anyhow::Result<()> {
    let path: PathBuf = folder.join(path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    std::fs::write(&path, contents).with_context(|| format!("cannot write {}", path.display()))
}
