//! Labelled files: the verdict from a capture or a log beside what a person found in it.

use std::path::Path;

use anyhow::Result;

use super::table::Section;

/// The section, from a folder of folders with labels.
pub fn section(data: Option<&Path>) -> Result<Section> {
    let mut section = Section::of("Labelled files", "");
    if data.is_none() {
        section
            .remarks
            .push("not measured: no folder was given (--data)".to_owned());
    }
    Ok(section)
}
