//! `rdpdoctor generate`: the files that are made from the code and shipped with it.

pub mod book;
pub mod catalogue;
mod manual;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::GenerateArguments;
use crate::failure::{Failure, Status};
use crate::fix_command::schema::{plan_schema, receipt_schema};
use crate::report::schema::{report_schema, scan_schema};

/// The generated files, with their paths from the root of the tree. But for `docs` itself, a folder that holds
/// one holds nothing else.
pub fn files() -> Vec<(String, String)> {
    let mut files = vec![("docs/schema/report-1.json".to_owned(), report_schema())];
    files.push(("docs/schema/plan-1.json".to_owned(), plan_schema()));
    files.push(("docs/schema/receipt-1.json".to_owned(), receipt_schema()));
    files.push(("docs/schema/scan-1.json".to_owned(), scan_schema()));
    files.push(("docs/man/rdpdoctor.1".to_owned(), manual::page()));
    files.extend(manual::completions());
    files.extend(catalogue::pages());
    files.extend(book::pages());
    let mut pages: std::collections::BTreeMap<String, String> = book::written()
        .into_iter()
        .map(|(path, text)| (format!("docs/{path}"), text))
        .collect();
    pages.extend(files.iter().cloned());
    let pages: Vec<(String, String)> = pages.into_iter().collect();
    files.push(("docs/SUMMARY.md".to_owned(), book::contents(&pages)));
    files
}

/// Writes the generated files below a folder.
pub fn run(arguments: &GenerateArguments) -> Result<Status, Failure> {
    for (path, contents) in files() {
        write(&arguments.folder, Path::new(&path), &contents)?;
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
