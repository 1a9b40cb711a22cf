//! The answer for a terminal, or for a file that someone reads.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use model::codes::Verdict;

use super::answer::{Answer, ClaimReport, Explanation, Kind, Plausibility, ReadingReport};
use crate::report::page::{Detail, Layout, PLAIN, Page, QUIET, STRONG};
use crate::report::wrap::padded;

const COMMAND: Style = AnsiColor::Cyan.on_default();

/// The width of a label, and of the margin.
const LABEL: usize = 12;
const MARGIN: usize = 2;

/// How many readings are shown beside the one to go on with.
const OTHERS: usize = 8;

/// How many causes are named.
const CAUSES: usize = 5;

/// Writes the answer.
pub fn text(explanation: &Explanation, layout: &Layout) -> String {
    let mut page = Page::new(layout);
    if layout.detail == Detail::Verdict {
        for answer in &explanation.answers {
            page.paragraph(PLAIN, &format!("{}: {}.", answer.given, answer.says));
        }
        if let Some(first) = explanation.together.causes.first()
            && explanation.answers.is_empty()
        {
            page.paragraph(
                PLAIN,
                &format!(
                    "{} % by these words: {}.",
                    percent(first.probability),
                    first.title
                ),
            );
        }
        return page.written();
    }
    let many = explanation.answers.len() > 3;
    for note in &explanation.notes {
        page.paragraph(STRONG, note);
        page.blank();
    }
    for (index, answer) in explanation.answers.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        page.answer(answer, many && index > 2);
    }
    page.together(explanation);
    if explanation.left_out > 0 {
        page.blank();
        page.paragraph(
            QUIET,
            &format!(
                "{} more were found and are not shown.",
                explanation.left_out
            ),
        );
    }
    page.written()
}

impl Page<'_> {
    /// A line of a list: a word, and what it says in a column of its own.
    pub fn row(&mut self, word: &str, columns: usize, says: &str) {
        let head = padded(&format!("{word} "), columns);
        self.hanging((STRONG, &head), PLAIN, says);
    }

    /// A line over a list.
    pub fn heading(&mut self, words: &str) {
        self.blank();
        self.paragraph(STRONG, words);
    }

    /// Markdown as it reads well without being rendered.
    pub fn markdown(&mut self, page: &str) {
        let mut paragraph = String::new();
        let mut in_code = false;
        for line in page.lines() {
            let trimmed = line.trim();
            if trimmed.starts_with("```") {
                self.flush(&mut paragraph);
                in_code = !in_code;
            } else if in_code {
                self.line(&[(COMMAND, line)]);
            } else if trimmed.is_empty() {
                self.flush(&mut paragraph);
                self.blank();
            } else if trimmed.starts_with('#') {
                self.flush(&mut paragraph);
                self.paragraph(STRONG, &plain(trimmed.trim_start_matches('#').trim()));
            } else if let Some(item) = trimmed.strip_prefix("- ") {
                self.flush(&mut paragraph);
                self.hanging((PLAIN, "- "), PLAIN, &plain(item));
            } else if trimmed.starts_with('|') {
                self.flush(&mut paragraph);
                self.line(&[(PLAIN, line)]);
            } else {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(&plain(trimmed));
            }
        }
        self.flush(&mut paragraph);
    }

    fn flush(&mut self, paragraph: &mut String) {
        if !paragraph.is_empty() {
            self.paragraph(PLAIN, paragraph);
            paragraph.clear();
        }
    }

    fn labelled(&mut self, label: &str, words: &str) {
        if !words.is_empty() {
            let head = padded(&format!("{}{label}", padded("", MARGIN)), MARGIN + LABEL);
            self.hanging((QUIET, &head), PLAIN, words);
        }
    }

    fn answer(&mut self, answer: &Answer, short: bool) {
        let mut given = answer.given.clone();
        if answer.times > 1 {
            let _ = write!(
                given,
                " ({} times, first on line {})",
                answer.times,
                answer.line.unwrap_or(1)
            );
        } else if let Some(line) = answer.line.filter(|line| *line > 1) {
            let _ = write!(given, " (line {line})");
        }
        self.hanging(
            (STRONG, &format!("{given}: ")),
            STRONG,
            &format!("{}.", answer.says),
        );
        match answer.kind {
            Kind::Pair => self.pair(answer),
            _ if answer.leader.is_none() && answer.kind != Kind::Words => self.every(answer),
            _ => {
                if let Some(reading) = answer.readings.first() {
                    self.reading(reading, short);
                }
                self.others(answer);
            }
        }
        self.claims(&answer.claims);
    }

    /// What all of it taken together speaks for; one code alone has said it already.
    fn together(&mut self, explanation: &Explanation) {
        let together = &explanation.together;
        if together.behaves.is_empty()
            && together.damage.is_empty()
            && explanation.answers.len() < 2
        {
            return;
        }
        if !together.causes.is_empty() {
            self.heading("Taken together, going by these words alone:");
            for cause in &together.causes {
                let share = format!("{:>4} %", percent(cause.probability));
                self.labelled(&share, &format!("{} ({})", cause.title, cause.cause));
            }
        }
        for (index, behaviour) in together.behaves.iter().enumerate() {
            let label = if index == 0 { "Understood" } else { "" };
            let says = if behaviour.holds {
                behaviour.says.clone()
            } else {
                format!("not: {}", behaviour.says)
            };
            self.labelled(label, &says);
        }
        for says in &together.damage {
            self.labelled("Mind", says);
        }
    }

    fn pair(&mut self, answer: &Answer) {
        for reading in answer
            .readings
            .iter()
            .filter(|reading| !reading.number.contains('/'))
        {
            let name = if reading.name.is_empty() {
                String::new()
            } else {
                format!(" {}", reading.name)
            };
            self.labelled(
                &reading.number,
                &format!(
                    "{}{name}: {} ({})",
                    reading.namespace,
                    reading.says,
                    source(reading)
                ),
            );
            self.labelled("", &reading.note);
        }
        if let Some(reading) = answer.readings.first() {
            self.consequences(reading);
        }
    }

    /// Every reading, when none is the one to go on with.
    fn every(&mut self, answer: &Answer) {
        for reading in &answer.readings {
            let name = if reading.name.is_empty() {
                String::new()
            } else {
                format!("{}: ", reading.name)
            };
            self.labelled(
                reading.plausibility_word(),
                &format!(
                    "{name}{} ({}; {})",
                    reading.says,
                    reading.namespace_says,
                    source(reading)
                ),
            );
        }
        self.labelled(
            "Next",
            "say where it was shown: with --client, with the number beside it, or paste the whole dialog or line",
        );
    }

    fn reading(&mut self, reading: &ReadingReport, short: bool) {
        let mut what = reading.namespace_says.to_owned();
        if !reading.name.is_empty() {
            what = format!("{}, {what}", reading.name);
        }
        if let (Some(decimal), Some(hex)) = (reading.decimal, &reading.hex) {
            let _ = write!(what, " ({decimal}, {hex})");
        }
        if !reading.number.is_empty() || !reading.name.is_empty() {
            self.labelled("Read as", &what);
        }
        self.labelled("Mind", &reading.note);
        if short {
            self.labelled(
                "Source",
                &format!("{}; confidence {}", source(reading), confidence(reading)),
            );
            return;
        }
        self.consequences(reading);
        self.labelled(
            "Source",
            &format!("{}; confidence {}", source(reading), confidence(reading)),
        );
    }

    fn consequences(&mut self, reading: &ReadingReport) {
        let place = reading
            .place
            .as_deref()
            .unwrap_or("any: the code does not tell");
        self.labelled("Rung", place);
        self.labelled("Rules in", reading.rules_in);
        self.labelled("Rules out", reading.rules_out);
        for (index, cause) in reading.causes.iter().take(CAUSES).enumerate() {
            let label = if index == 0 { "Causes" } else { "" };
            self.labelled(label, &format!("{}: {}", cause.id, cause.title));
        }
        for (index, look) in reading.next.iter().enumerate() {
            let label = if index == 0 { "Next" } else { "" };
            self.labelled(label, look.look);
            if let Some(command) = look.command {
                let indent = padded("", MARGIN + LABEL + 2);
                self.line(&[(PLAIN, &indent), (COMMAND, command)]);
            }
        }
    }

    fn others(&mut self, answer: &Answer) {
        let others = answer.readings.iter().skip(1).filter(|reading| {
            self.layout.detail == Detail::Everything
                || reading.plausibility != Plausibility::Unlikely
        });
        let others: Vec<&ReadingReport> = others.take(OTHERS).collect();
        for (index, reading) in others.into_iter().enumerate() {
            let label = if index == 0 { "Could be" } else { "" };
            let name = if reading.name.is_empty() {
                String::new()
            } else {
                format!("{}: ", reading.name)
            };
            self.labelled(
                label,
                &format!(
                    "{name}{} ({}; {})",
                    reading.says,
                    reading.namespace_says,
                    reading.plausibility.says()
                ),
            );
        }
    }

    /// What is claimed: what bears on causes, or everything when everything is asked for.
    fn claims(&mut self, claims: &[ClaimReport]) {
        let everything = self.layout.detail == Detail::Everything;
        let mut label = "Claims";
        let shown = |claim: &&ClaimReport| {
            everything
                || !matches!(claim.about, "0x904" | "extended" | "behaviour" | "decoding")
                    && (claim.about != "0x7" || claim.verdict != Verdict::Confirmed)
        };
        let mut claims: Vec<&ClaimReport> = claims.iter().filter(shown).collect();
        claims.sort_by_key(|claim| claim.verdict);
        for claim in claims {
            self.labelled(
                label,
                &format!(
                    "{}: {}; {} ({})",
                    claim.verdict.says(),
                    claim.claim,
                    claim.why,
                    claim.source.document
                ),
            );
            label = "";
        }
    }
}

/// A share in whole percent.
pub fn percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

impl ReadingReport {
    fn plausibility_word(&self) -> &'static str {
        match self.plausibility {
            Plausibility::Most | Plausibility::Likely => "plausible",
            Plausibility::Possible => "possible",
            Plausibility::Unlikely => "unlikely",
        }
    }
}

/// Document and section.
pub fn source(reading: &ReadingReport) -> String {
    if reading.source.section.is_empty() {
        reading.source.document.to_owned()
    } else {
        format!("{} {}", reading.source.document, reading.source.section)
    }
}

/// The word for how sure it is.
pub const fn confidence(reading: &ReadingReport) -> &'static str {
    match reading.confidence {
        model::codes::Confidence::High => "high",
        model::codes::Confidence::Medium => "medium",
        model::codes::Confidence::Low => "low",
    }
}

/// A line without its marks.
fn plain(line: &str) -> String {
    line.replace(['`', '*'], "")
}
