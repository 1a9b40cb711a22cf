//! `fix --script` and `fix --receipt`: plans that leave as scripts, and what comes back.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::plan::{Plan, System};

use super::plan::Planned;
use crate::answer;
use crate::cli::OutputArguments;
use crate::failure::{Failure, Status};
use crate::script::{Kind, receipt as receipts, script};

/// The largest receipt that is read.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A program can do a part of the plan, in the script that is usual for the system.
pub fn fits(plan: &Plan, system: System) -> bool {
    let nothing = super::plan::nothing_seen();
    [Kind::Powershell, Kind::Bash]
        .into_iter()
        .any(|kind| script(plan, kind, system, &nothing).is_ok())
}

/// Writes the plan as a script. What whoever runs it should know goes to stderr.
pub fn write(planned: &Planned, kind: Kind, output: &OutputArguments) -> Result<Status, Failure> {
    let written = script(&planned.plan, kind, planned.system.0, &planned.evidence)
        .map_err(|unfit| Failure::usage(unfit.to_string()))?;
    match &output.output {
        Some(path) => {
            save(path, &written.text, kind)?;
            if let Some(undo) = &written.undo {
                let twin = twin(path);
                save(&twin, undo, kind)?;
                tell(output, &format!("the way back is in {}", twin.display()));
            }
        }
        None => {
            answer::print(written.text.as_bytes())?;
            if written.undo.is_some() {
                tell(
                    output,
                    "the way back is a file of its own: give -o FILE to get both",
                );
            }
        }
    }
    for note in &written.notes {
        tell(output, note);
    }
    Ok(Status::Healthy)
}

fn tell(output: &OutputArguments, words: &str) {
    if !output.quiet {
        // Without stderr there is nobody to tell.
        let _ = std::io::Write::write_all(&mut anstream::stderr(), format!("{words}\n").as_bytes());
    }
}

/// The file beside `path` that takes it back: `mend.reg`, `mend.undo.reg`.
fn twin(path: &Path) -> PathBuf {
    let end = path.extension().unwrap_or_default().to_string_lossy();
    path.with_extension(format!("undo.{end}"))
}

/// Registry files are in UTF-16, as Windows itself writes them; every other script is ASCII.
fn save(path: &Path, text: &str, kind: Kind) -> Result<(), Failure> {
    let bytes = match kind {
        Kind::Reg => std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect(),
        _ => text.as_bytes().to_vec(),
    };
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

/// Says what a script did.
pub fn receipt(file: &Path, output: &OutputArguments) -> Result<Status, Failure> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut bytes)
            .context("cannot read stdin")?;
    } else {
        std::fs::File::open(file)
            .and_then(|open| open.take(LARGEST).read_to_end(&mut bytes))
            .map_err(|error| Failure::usage(format!("cannot read {}: {error}", file.display())))?;
    }
    let receipt = receipts::read(&bytes)?;
    let (words, status) = receipts::words(&receipt);
    answer::deliver(output, &words)?;
    Ok(status)
}
