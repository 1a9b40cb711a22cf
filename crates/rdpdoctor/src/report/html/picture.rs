//! The pictures of a report: the ladder with its times, and the conversation between client and server.

use std::fmt::Write as _;

use super::escaped;
use crate::report::facts::{self, Way};
use crate::report::{PhaseOutcome, Report, words};

/// The ladder as a table, each rung with a bar where it lies in time.
pub fn ladder(report: &Report) -> String {
    let whole = report
        .phases
        .iter()
        .filter_map(|rung| Some(rung.started_ms? + rung.took_ms?))
        .fold(0.0, f64::max);
    let mut rows = String::new();
    for rung in &report.phases {
        let (class, mark) = match rung.outcome {
            PhaseOutcome::Passed if words::is_implied(report, rung) => continue,
            PhaseOutcome::Passed => ("good", "✔"),
            PhaseOutcome::Warned => ("warn", "▲"),
            PhaseOutcome::Failed => ("bad", "✖"),
            PhaseOutcome::Skipped => continue,
            PhaseOutcome::NotReached if rung.phase > model::Phase::Tunnel => continue,
            PhaseOutcome::NotReached => ("soft", "·"),
        };
        let says = if rung.outcome == PhaseOutcome::NotReached && rung.says.is_empty() {
            "not reached"
        } else {
            &rung.says
        };
        let bar = match (rung.started_ms, rung.took_ms) {
            (Some(started), Some(took)) if whole > 0.0 => {
                let from = (started / whole * 100.0).min(99.0);
                let wide = (took / whole * 100.0).clamp(1.0, 100.0 - from);
                format!(
                    "<svg class=\"time\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                     <rect class=\"{class}\" x=\"{from:.1}\" y=\"0\" width=\"{wide:.1}\" height=\"6\"/></svg>"
                )
            }
            _ => String::new(),
        };
        let took = rung.took_ms.map(words::duration).unwrap_or_default();
        let quiet = if class == "soft" {
            " class=\"soft\""
        } else {
            ""
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            rows,
            "<tr{quiet}><td class=\"rung\"><span class=\"{class}\" role=\"img\" aria-label=\"{}\">{mark}</span> {}</td>\
             <td class=\"number\">{took}</td><td>{}{bar}</td></tr>",
            rung.outcome.slug().replace('-', " "),
            escaped(&words::rung(rung)),
            escaped(says)
        );
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">rung</th><th scope=\"col\">took</th>\
         <th scope=\"col\">seen</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// Columns of the two life lines, and the height of a step, in units of the picture.
const CLIENT: u32 = 70;
const SERVER: u32 = 570;
const STEP: u32 = 44;

/// The conversation of one look; empty when nothing went over the wire.
pub fn conversation(report: &Report, look: u32) -> String {
    let steps: Vec<(Way, String, Option<f64>)> = report
        .evidence
        .iter()
        .filter(|seen| seen.look == Some(look))
        .filter_map(|seen| {
            let (way, says) = facts::told(&facts::fact(seen)?);
            Some((way, says, seen.at_ms))
        })
        .filter(|(way, ..)| *way != Way::Beside)
        .collect();
    if steps.is_empty() {
        return String::new();
    }
    let height = STEP.saturating_mul(
        u32::try_from(steps.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1),
    );
    let mut drawn = String::new();
    let mut y = STEP;
    for (way, says, at) in &steps {
        let at = at.map(words::duration).unwrap_or_default();
        let line = match way {
            Way::Sent => arrow(CLIENT, SERVER, y, "flow"),
            Way::Received => arrow(SERVER, CLIENT, y, "flow"),
            Way::End | Way::Beside => format!(
                "<path class=\"end\" stroke-width=\"2\" stroke-dasharray=\"5 4\" d=\"M{CLIENT} {y}H{SERVER}\"/>\
                 <text class=\"bad\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">✖</text>",
                SERVER + 14,
                y + 5
            ),
        };
        let class = if *way == Way::End {
            " class=\"bad\""
        } else {
            ""
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            drawn,
            "<text class=\"soft\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>{line}\
             <text{class} x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            CLIENT - 8,
            y + 5,
            escaped(&at),
            (CLIENT + SERVER) / 2,
            y - 6,
            escaped(&short(says))
        );
        y = y.saturating_add(STEP);
    }
    let told: Vec<&str> = steps.iter().map(|(_, says, _)| says.as_str()).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"conversation\">\n<svg viewBox=\"0 0 640 {height}\" role=\"img\" aria-label=\"{}\">\n\
         <text class=\"soft\" x=\"{CLIENT}\" y=\"14\" text-anchor=\"middle\">client</text>\
         <text class=\"soft\" x=\"{SERVER}\" y=\"14\" text-anchor=\"middle\">{}</text>\n\
         <path class=\"line\" d=\"M{CLIENT} 20V{height}M{SERVER} 20V{height}\"/>\n{drawn}</svg></div>\n",
        escaped(&told.join("; ")),
        escaped(&short_name(&report.target.host))
    )
}

fn arrow(from: u32, to: u32, y: u32, class: &str) -> String {
    let (tip, back) = if to > from {
        (to - 1, to - 9)
    } else {
        (to + 1, to + 9)
    };
    format!(
        "<path class=\"{class}\" d=\"M{from} {y}H{to}\"/><path class=\"head\" d=\"M{tip} {y}L{back} {} {back} {}Z\"/>",
        y - 4,
        y + 4
    )
}

/// Words that fit between the life lines.
fn short(says: &str) -> String {
    cut(says, 72)
}

/// A name that fits above a life line.
fn short_name(name: &str) -> String {
    cut(name, 18)
}

fn cut(words: &str, letters: usize) -> String {
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    let mut cut: String = words.chars().take(letters.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
