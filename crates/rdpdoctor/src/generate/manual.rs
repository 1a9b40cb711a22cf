//! The manual page and the completion scripts, from the definition of the command line.

use clap::{CommandFactory as _, ValueEnum as _};
use clap_complete::{Shell, generate};

use crate::cli::Arguments;

/// The manual page, for section 1.
pub fn page() -> String {
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = clap_mangen::Man::new(Arguments::command()).render(&mut page);
    text(page)
}

/// A completion script per shell, with its path.
pub fn completions() -> Vec<(String, String)> {
    Shell::value_variants()
        .iter()
        .map(|&shell| {
            let mut script = Vec::new();
            generate(shell, &mut Arguments::command(), "rdpdoctor", &mut script);
            let ending = match shell {
                Shell::PowerShell => "ps1".to_owned(),
                shell => shell.to_string(),
            };
            (format!("docs/completions/rdpdoctor.{ending}"), text(script))
        })
        .collect()
}

/// Text whose lines end as those of every file in the tree: without blanks, and the last one with a newline.
fn text(bytes: Vec<u8>) -> String {
    let mut text: String = String::from_utf8_lossy(&bytes)
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
