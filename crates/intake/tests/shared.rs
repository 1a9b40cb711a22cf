//! The labelled files beside the project.

use std::path::PathBuf;

use serde_json::Value;

/// The folder of one kind of labelled files, and its labels; `None` where they are not.
pub fn labelled(kind: &str) -> Option<(PathBuf, Vec<Value>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(kind);
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        println!("no labelled files of kind {kind} beside the project: nothing compared");
        return None;
    };
    let labels = labels
        .lines()
        .map(|line| serde_json::from_str(line).expect("a label is JSON"))
        .collect();
    Some((folder, labels))
}

/// The text at a path of a label.
pub fn text<'v>(label: &'v Value, path: &str) -> &'v str {
    label.pointer(path).and_then(Value::as_str).unwrap_or("")
}

/// The agreements and disagreements of a comparison.
#[derive(Default)]
pub struct Tally {
    pub agreed: usize,
    pub disagreed: Vec<String>,
}

impl Tally {
    pub fn note(&mut self, agrees: bool, otherwise: impl FnOnce() -> String) {
        if agrees {
            self.agreed += 1;
        } else {
            self.disagreed.push(otherwise());
        }
    }

    /// Prints the numbers; fails when there are other disagreements than those argued.
    pub fn close(self, kind: &str, argued: &[&str]) {
        let all = self.agreed + self.disagreed.len();
        println!("{kind}: {} of {all} agree", self.agreed);
        let open: Vec<_> = self
            .disagreed
            .iter()
            .filter(|said| !argued.iter().any(|reason| said.starts_with(reason)))
            .collect();
        for said in &self.disagreed {
            println!("  {said}");
        }
        assert!(open.is_empty(), "{kind}: {open:#?}");
    }
}
