//! The table that a measurement ends in, as data and as Markdown.

use std::fmt::Write as _;

use serde::Serialize;

use super::score::Reliability;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Measure {
    /// When.
    pub date: String,
    /// The version that was measured.
    pub version: String,
    /// How the measured program was built; times mean something of a release build alone.
    pub build: String,
    /// One for each source of cases.
    pub sections: Vec<Section>,
}

/// What was measured over one source of cases.
#[derive(Debug, Serialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What the cases are, and what the figures mean.
    pub says: String,
    /// The figures.
    pub rows: Vec<Row>,
    /// Whether probabilities mean what they say, and in which sense that was asked.
    pub reliability: Vec<(String, Reliability)>,
    /// Cases that need a word.
    pub remarks: Vec<String>,
}

/// One figure.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it counts.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// How it is written.
    pub shown: String,
    /// What it should be; empty when nothing is asked of it.
    pub target: String,
}

impl Section {
    /// A section without figures.
    pub fn of(title: &str, says: &str) -> Self {
        Self {
            title: title.to_owned(),
            says: says.to_owned(),
            rows: Vec::new(),
            reliability: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// A share, as a percentage.
    pub fn share(&mut self, what: &str, value: f64, target: &str) {
        self.row(what, value, format!("{:.1} %", 100.0 * value), target);
    }

    /// A number.
    pub fn number(&mut self, what: &str, value: f64, decimals: usize, target: &str) {
        self.row(what, value, format!("{value:.decimals$}"), target);
    }

    fn row(&mut self, what: &str, value: f64, shown: String, target: &str) {
        self.rows.push(Row {
            what: what.to_owned(),
            value,
            shown,
            target: target.to_owned(),
        });
    }

    /// A reliability table, and its error and score as figures.
    pub fn reliable(&mut self, sense: &str, reliability: Reliability, target: &str) {
        self.number(
            &format!("calibration error, {sense}"),
            reliability.error,
            3,
            target,
        );
        self.number(&format!("Brier score, {sense}"), reliability.brier, 3, "");
        self.reliability.push((sense.to_owned(), reliability));
    }

    /// As a part of the page.
    pub fn markdown(&self) -> String {
        let mut page = String::new();
        let _ = write!(page, "\n## {}\n\n{}\n", self.title, self.says);
        if !self.rows.is_empty() {
            page.push_str("\n| what | measured | target |\n|---|---:|---|\n");
            for row in &self.rows {
                let _ = writeln!(page, "| {} | {} | {} |", row.what, row.shown, row.target);
            }
        }
        for (sense, reliability) in &self.reliability {
            let _ = write!(
                page,
                "\nSaid and so, {sense}:\n\n| said | claims | said on average | so |\n|---|---:|---:|---:|\n"
            );
            for bin in &reliability.bins {
                let _ = writeln!(
                    page,
                    "| {}–{} % | {} | {:.1} % | {:.1} % |",
                    bin.from,
                    bin.from + 10,
                    bin.claims,
                    100.0 * bin.said,
                    100.0 * bin.right
                );
            }
        }
        if !self.remarks.is_empty() {
            page.push('\n');
            for remark in &self.remarks {
                let _ = writeln!(page, "- {remark}");
            }
        }
        page
    }
}

impl Measure {
    /// As a page.
    pub fn markdown(&self) -> String {
        let mut page = String::from("# The measure\n\n");
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "How often the verdict is right, how often it is wrong and sure of it, and whether its probabilities \
             mean what they say. Measured {} with version {} ({}) by `cargo xtask eval`, which writes this page; \
             `cargo xtask eval --help` tells how to measure other seeds, cases and files. Figures change with \
             seeds in the last digit.",
            self.date, self.version, self.build
        );
        for section in &self.sections {
            page.push_str(&section.markdown());
        }
        page
    }
}
