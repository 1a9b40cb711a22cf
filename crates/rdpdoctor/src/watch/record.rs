//! Looks written to a file, one a line, from which `rdpdoctor analyze` gives the verdict again.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use intake::recording::SCHEMA;
use model::Evidence;
use serde::Serialize;

use crate::failure::Failure;

/// A file that looks are written to.
#[derive(Debug)]
pub struct Record {
    file: File,
    shown: String,
}

#[derive(Serialize)]
struct Line<'e> {
    schema: &'static str,
    evidence: &'e Evidence,
}

impl Record {
    /// Opens the file; looks of an earlier watch stay in it.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .with_context(|| format!("cannot write the record to {shown}"))?;
        Ok(Self { file, shown })
    }

    /// Writes a look.
    pub fn write(&mut self, evidence: &Evidence) -> anyhow::Result<()> {
        let line = Line {
            schema: SCHEMA,
            evidence,
        };
        let mut text = serde_json::to_vec(&line).context("cannot write a look as JSON")?;
        text.push(b'\n');
        self.file
            .write_all(&text)
            .with_context(|| format!("cannot write the record to {}", self.shown))
    }
}
