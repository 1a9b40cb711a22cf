//! The report in Markdown, for pasting into a ticket.

use std::fmt::Write as _;

use super::words::{self, Standing};
use super::wrap::harmless;
use super::{FindingReport, PhaseOutcome, Report, Severity};

/// Writes the report.
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    write(&mut page, report).unwrap_or_default();
    page
}

fn row(page: &mut String, about: &str, says: &str) -> std::fmt::Result {
    writeln!(page, "| {} | {} |", escaped(about), escaped(says))
}

fn write(page: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(
        page,
        "## Remote Desktop check of {}\n",
        code(&words::target(report))
    )?;

    if let Some(machine) = &report.machine {
        writeln!(page, "| matter | found |")?;
        writeln!(page, "|---|---|")?;
        for line in &machine.lines {
            row(page, &line.about, &line.says)?;
        }
        writeln!(page)?;
    }
    if !report.phases.is_empty() {
        writeln!(page, "| | rung | took | seen |")?;
        writeln!(page, "|---|---|---:|---|")?;
    }
    for rung in &report.phases {
        let (mark, says) = match rung.outcome {
            PhaseOutcome::Passed if words::is_implied(report, rung) => continue,
            PhaseOutcome::Passed => ("✔", rung.says.as_str()),
            PhaseOutcome::Warned => ("▲", rung.says.as_str()),
            PhaseOutcome::Failed => ("✖", rung.says.as_str()),
            PhaseOutcome::Skipped => continue,
            PhaseOutcome::NotReached if rung.phase > model::Phase::Tunnel => continue,
            PhaseOutcome::NotReached => ("·", "not reached"),
        };
        let took = rung.took_ms.map(words::duration).unwrap_or_default();
        let strong = if rung.outcome == PhaseOutcome::Failed {
            "**"
        } else {
            ""
        };
        writeln!(
            page,
            "| {mark} | {strong}{}{strong} | {took} | {} |",
            words::rung(rung),
            escaped(says)
        )?;
    }
    writeln!(page)?;

    for note in &report.notes {
        writeln!(page, "> ▲ {}\n", escaped(note))?;
    }
    writeln!(page, "**{}**", escaped(&report.summary))?;

    match words::standing(report) {
        Standing::One(finding) => {
            writeln!(page, "{}\n", words::sure(finding))?;
            reasons(page, finding)?;
            let rivals = words::rivals(report, finding);
            for rival in &rivals {
                writeln!(
                    page,
                    "- rival ({}): {}",
                    words::share(rival.probability),
                    escaped(&rival.title)
                )?;
            }
        }
        Standing::Several(findings) => {
            writeln!(page)?;
            for finding in &findings {
                let side = words::side_word(finding.side);
                writeln!(
                    page,
                    "- **{}** {} ({side})",
                    words::share(finding.probability),
                    escaped(&finding.title)
                )?;
                if let Some(reason) = finding.because.first() {
                    writeln!(page, "  - because {}", escaped(&reason.says))?;
                }
            }
            if let Some(rest) = words::others(report, &findings) {
                writeln!(page, "- **{}** another cause", words::share(rest))?;
            }
        }
        Standing::Degraded(troubles) => {
            writeln!(page)?;
            for trouble in troubles {
                let rivals = trouble.len() > 1;
                for (finding, share) in trouble.iter().zip(words::shares(&trouble)) {
                    let sure = if rivals {
                        words::share(share)
                    } else {
                        words::sure(finding)
                    };
                    writeln!(
                        page,
                        "- {} {sure}",
                        escaped(&words::sentence_of(&finding.title))
                    )?;
                    for reason in &finding.because {
                        writeln!(page, "  - because {}", escaped(&reason.says))?;
                    }
                }
            }
        }
        Standing::Healthy | Standing::Unexplained | Standing::Unknown => {}
    }

    if let Some(further) = words::if_it_still_fails(report) {
        writeln!(page, "{}", escaped(&further))?;
    }
    if let Some(who) = words::who(report) {
        writeln!(page, "\n**Who can mend it:** {}", escaped(&who))?;
        if let Some(mends) = words::mends(report) {
            writeln!(page, "\n**What mends it:** {}", escaped(&mends))?;
        }
    }
    let beside = |finding: &&FindingReport| match finding.severity {
        Severity::Blocking => false,
        Severity::Degrading => report.outcome == super::Outcome::Failing,
        Severity::Note => true,
    };
    let beside: Vec<_> = report.findings.iter().filter(beside).collect();
    if !beside.is_empty() {
        writeln!(page)?;
        for finding in beside {
            let word = if finding.severity == Severity::Note {
                "Good to know"
            } else {
                "Also"
            };
            writeln!(
                page,
                "- {word}: {}",
                escaped(&words::sentence_of(&finding.title))
            )?;
        }
    }

    let steps: Vec<_> = words::next(report).collect();
    if !steps.is_empty() {
        writeln!(page, "\n**Next**\n")?;
        for (index, step) in steps.iter().enumerate() {
            let why = if step.why.is_empty() {
                String::new()
            } else {
                format!(" {}", words::sentence_of(&step.why))
            };
            writeln!(
                page,
                "{}. {}{}",
                index + 1,
                escaped(&words::sentence_of(&step.look)),
                escaped(&why)
            )?;
            if let Some(command) = &step.command {
                writeln!(page, "   {}", code(command))?;
            }
        }
    }

    if let Some(survey) = &report.survey {
        writeln!(page, "\n**What the server takes**\n")?;
        writeln!(page, "| | |\n|---|---|")?;
        for line in &survey.lines {
            row(page, &line.about, &line.says)?;
        }
    }

    if !report.kerberos.is_empty() {
        writeln!(page, "\n**Kerberos, from here**\n")?;
        writeln!(page, "| | |\n|---|---|")?;
        for line in &report.kerberos {
            row(page, &line.about, &line.says)?;
        }
    }

    writeln!(page)?;
    for line in [
        words::shown_as(report),
        words::not_checked(report),
        words::traces(report),
    ]
    .into_iter()
    .flatten()
    {
        writeln!(page, "{}  ", escaped(&line))?;
    }
    for damage in &report.damage {
        writeln!(
            page,
            "Not readable: {}: {}.  ",
            escaped(&damage.place),
            escaped(&damage.says)
        )?;
    }
    let took = report
        .took_ms
        .map(|took| format!(", {}", words::duration(took)))
        .unwrap_or_default();
    let connections = usize::try_from(report.connections).unwrap_or(usize::MAX);
    writeln!(
        page,
        "<sub>{} {}, looked at {}{took}, {}</sub>",
        report.tool.name,
        report.tool.version,
        report.opened_at,
        words::count(connections, "connection"),
    )
}

fn reasons(page: &mut String, finding: &FindingReport) -> std::fmt::Result {
    for reason in &finding.because {
        writeln!(page, "- because {}", escaped(&reason.says))?;
    }
    for reason in &finding.despite {
        writeln!(page, "- despite: {}", escaped(&reason.says))?;
    }
    Ok(())
}

/// The words with nothing in them that Markdown or HTML would obey. Names in a report come from peers.
fn escaped(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    for c in harmless(words).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~') {
            plain.push('\\');
        }
        match c {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            c => plain.push(c),
        }
    }
    plain
}

/// The words as a span of code, fenced by more backticks than they hold in a row.
fn code(words: &str) -> String {
    let words = harmless(words);
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 {
        format!("{fence} {words} {fence}")
    } else {
        format!("{fence}{words}{fence}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_cannot_write_markup() {
        assert_eq!(
            escaped("<b>*x*</b> | y"),
            "&lt;b&gt;\\*x\\*&lt;/b&gt; \\| y"
        );
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
