//! The answer in Markdown, for a ticket.

use std::fmt::Write as _;

use super::answer::{Answer, Explanation};
use super::text::{confidence, percent, source};

/// Writes the answer.
pub fn markdown(explanation: &Explanation) -> String {
    let mut page = String::new();
    write(&mut page, explanation).unwrap_or_default();
    page
}

fn write(page: &mut String, explanation: &Explanation) -> std::fmt::Result {
    for note in &explanation.notes {
        writeln!(page, "> {}\n", escaped(note))?;
    }
    for answer in &explanation.answers {
        one(page, answer)?;
    }
    let together = &explanation.together;
    if !together.behaves.is_empty() || explanation.answers.len() > 1 {
        writeln!(page, "## Taken together, going by these words alone\n")?;
        for cause in &together.causes {
            writeln!(
                page,
                "- {} %: {} (`{}`)",
                percent(cause.probability),
                escaped(cause.title),
                cause.cause
            )?;
        }
        writeln!(page)?;
    }
    for says in &together.damage {
        writeln!(page, "> {}\n", escaped(says))?;
    }
    if explanation.left_out > 0 {
        writeln!(
            page,
            "{} more were found and are not shown.",
            explanation.left_out
        )?;
    }
    Ok(())
}

fn one(page: &mut String, answer: &Answer) -> std::fmt::Result {
    writeln!(page, "## {}\n", escaped(&answer.given))?;
    writeln!(page, "**{}.**\n", escaped(&answer.says))?;
    writeln!(
        page,
        "| reading | number | name | what it says | plausibility | source |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for reading in &answer.readings {
        writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} ({}) |",
            reading.namespace,
            reading.number,
            escaped(reading.name),
            escaped(reading.says),
            reading.plausibility.says(),
            escaped(&source(reading)),
            confidence(reading)
        )?;
    }
    writeln!(page)?;
    if let Some(reading) = answer.readings.first()
        && (answer.leader.is_some() || answer.topic.is_some())
    {
        if !reading.note.is_empty() {
            writeln!(page, "- Mind: {}", escaped(&reading.note))?;
        }
        writeln!(
            page,
            "- Rung: {}",
            reading.place.as_deref().unwrap_or("any")
        )?;
        writeln!(page, "- Rules in: {}", escaped(reading.rules_in))?;
        if !reading.rules_out.is_empty() {
            writeln!(page, "- Rules out: {}", escaped(reading.rules_out))?;
        }
        for cause in &reading.causes {
            writeln!(
                page,
                "- Possible cause `{}`: {}",
                cause.id,
                escaped(cause.title)
            )?;
        }
        for look in &reading.next {
            match look.command {
                Some(command) => writeln!(page, "- Next: {}: `{command}`", escaped(look.look))?,
                None => writeln!(page, "- Next: {}", escaped(look.look))?,
            }
        }
        writeln!(page)?;
    }
    if !answer.claims.is_empty() {
        writeln!(
            page,
            "| claim | how it fares | why | source |\n|---|---|---|---|"
        )?;
        for claim in &answer.claims {
            writeln!(
                page,
                "| {} | {} | {} | {} {} |",
                escaped(claim.claim),
                claim.verdict.says(),
                escaped(claim.why),
                escaped(claim.source.document),
                escaped(claim.source.section)
            )?;
        }
        writeln!(page)?;
    }
    Ok(())
}

/// Text that Markdown leaves as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in crate::report::wrap::harmless(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
