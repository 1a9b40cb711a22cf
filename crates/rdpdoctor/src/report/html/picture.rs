//! The pictures of a report: the ladder with its times, and the conversation between client and server.

use std::fmt::Write as _;

use model::{Fact, Leg};

use super::escaped;
use crate::report::facts::{self, Way};
use crate::report::{self, PhaseOutcome, Report, words};

/// The ladder as a table, each rung with a bar where it lies in time.
pub fn ladder(report: &Report) -> String {
    let first = report
        .phases
        .iter()
        .filter_map(|rung| rung.started_ms)
        .fold(f64::INFINITY, f64::min);
    let whole = report
        .phases
        .iter()
        .filter_map(|rung| Some(rung.started_ms? + rung.took_ms? - first))
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
                let from = ((started - first) / whole * 100.0).min(99.0);
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
            // A narrow page breaks a long name where its parts meet.
            escaped(&words::rung(rung)).replace('/', "/<wbr>"),
            escaped(says)
        );
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">rung</th><th scope=\"col\" class=\"number\">took</th>\
         <th scope=\"col\">seen</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// Columns of the life lines, and the height of a step, in units of the picture.
const CLIENT: u32 = 70;
const GATEWAY: u32 = 400;
const SERVER: u32 = 570;
const STEP: u32 = 44;
/// What a letter takes on average.
const LETTER: u32 = 7;

/// A message or an end in a conversation.
struct Told {
    way: Way,
    leg: Option<Leg>,
    says: String,
    at: Option<f64>,
}

/// The conversation of one look, its times from when it began; empty when nothing went over the wire.
pub fn conversation(report: &Report, look: u32) -> String {
    let began = report
        .attempts
        .iter()
        .find(|attempt| attempt.look == look)
        .and_then(|attempt| attempt.at_ms)
        .unwrap_or_default();
    let steps: Vec<Told> = report
        .evidence
        .iter()
        .filter(|seen| seen.look == Some(look))
        .filter_map(|seen| {
            let fact = facts::fact(seen)?;
            let (way, says) = match &fact {
                // The ServerHello has named the suite.
                Fact::TlsEstablished { version, took, .. } => (
                    Way::Received,
                    format!(
                        "{version} stands {} after ClientHello",
                        words::duration(report::millis(*took))
                    ),
                ),
                fact => facts::told(fact),
            };
            Some(Told {
                way,
                leg: seen.place.map(|place| place.leg),
                says,
                at: seen.at_ms.map(|at| (at - began).max(0.0)),
            })
        })
        .filter(|step| step.way != Way::Beside)
        .collect();
    if steps.is_empty() {
        return String::new();
    }
    let height = STEP.saturating_mul(
        u32::try_from(steps.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1),
    );
    // Who answers: the gateway, the host, or through the one the other.
    let of_gateway = |step: &&Told| step.leg == Some(Leg::Gateway);
    let gateway = || {
        let name = report.target.gateway.as_deref().unwrap_or_default();
        short_name(&format!("gateway {name}"))
    };
    let lanes = match steps.iter().filter(of_gateway).count() {
        0 => vec![(SERVER, short_name(&report.target.host))],
        all if all == steps.len() => vec![(SERVER, gateway())],
        _ => vec![
            (GATEWAY, gateway()),
            (SERVER, short_name(&report.target.host)),
        ],
    };
    let mut drawn = String::new();
    let mut y = STEP;
    for step in &steps {
        let at = step.at.map(words::duration).unwrap_or_default();
        let far = match lanes.as_slice() {
            [(nearer, _), _] if of_gateway(&step) => *nearer,
            _ => SERVER,
        };
        let line = match step.way {
            Way::Sent => arrow(CLIENT, far, y, "flow"),
            Way::Received => arrow(far, CLIENT, y, "flow"),
            Way::End | Way::Beside => format!(
                "<path class=\"end\" stroke-width=\"2\" stroke-dasharray=\"5 4\" d=\"M{CLIENT} {y}H{far}\"/>\
                 <text class=\"bad\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">✖</text>",
                far + 14,
                y + 5
            ),
        };
        let class = if step.way == Way::End {
            " class=\"bad\""
        } else {
            ""
        };
        let says = short(&step.says);
        // Over its own arrow, or as far to the right of it as its length asks for.
        let half = u32::try_from(says.chars().count())
            .unwrap_or(u32::MAX)
            .saturating_mul(LETTER)
            / 2;
        let middle = CLIENT.midpoint(far).max(CLIENT.saturating_add(half));
        // Writing to a string does not fail.
        let _ = writeln!(
            drawn,
            "<text class=\"soft\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>{line}\
             <text{class} x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            CLIENT - 8,
            y + 5,
            escaped(&at),
            middle.min(CLIENT.midpoint(SERVER)),
            y - 6,
            escaped(&says)
        );
        y = y.saturating_add(STEP);
    }
    let told: Vec<&str> = steps.iter().map(|step| step.says.as_str()).collect();
    let mut heads = String::new();
    let mut lines = format!("M{CLIENT} 20V{height}");
    for (x, name) in &lanes {
        // Writing to a string does not fail.
        let _ = write!(lines, "M{x} 20V{height}");
        let _ = write!(
            heads,
            "<text class=\"soft\" x=\"{x}\" y=\"14\" text-anchor=\"middle\">{}</text>",
            escaped(name)
        );
    }
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"conversation\">\n<svg viewBox=\"0 0 640 {height}\" role=\"img\" aria-label=\"{}\">\n\
         <text class=\"soft\" x=\"{CLIENT}\" y=\"14\" text-anchor=\"middle\">client</text>{heads}\n\
         <path class=\"line\" d=\"{lines}\"/>\n{drawn}</svg></div>\n",
        escaped(&told.join("; "))
    )
}

/// What of one look is kept as it came, on demand: the first bytes of answers that are refusals or strange.
pub fn bytes(report: &Report, look: u32) -> String {
    let kept = report
        .evidence
        .iter()
        .filter(|seen| seen.look == Some(look))
        .filter_map(|seen| {
            let fact = facts::fact(seen)?;
            let (_, says) = facts::told(&fact);
            match fact {
                Fact::OtherServiceAnswered {
                    first_bytes: bytes, ..
                }
                | Fact::Unreadable {
                    first_bytes: bytes, ..
                }
                | Fact::NotTls { first_bytes: bytes }
                | Fact::CertificateUnreadable { first_bytes: bytes }
                | Fact::CredSspAnswered { token: bytes, .. }
                    if !bytes.0.is_empty() =>
                {
                    Some(format!(
                        "<details><summary>{}: {}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" \
                         aria-label=\"bytes\"><pre class=\"dump\">{}</pre></div></details>\n",
                        escaped(&says),
                        words::count(bytes.0.len(), "byte"),
                        dump(&bytes.0)
                    ))
                }
                _ => None,
            }
        });
    kept.collect()
}

/// Bytes in rows of sixteen, ready for a page: where they lie, as hexadecimal digits, and as the letters of ASCII that they are.
fn dump(bytes: &[u8]) -> String {
    let mut rows = String::new();
    for (row, bytes) in bytes.chunks(16).enumerate() {
        let mut digits = String::new();
        let mut letters = String::new();
        for &byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(digits, "{byte:02x} ");
            let is_shown = byte.is_ascii_graphic() || byte == b' ';
            letters.push(if is_shown { char::from(byte) } else { '.' });
        }
        // Writing to a string does not fail.
        let _ = writeln!(
            rows,
            "{:04x}  {digits:<48} {}",
            row.saturating_mul(16),
            escaped(&letters)
        );
    }
    rows
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
    cut(says, 64)
}

/// A name that fits above a life line.
fn short_name(name: &str) -> String {
    cut(name, 20)
}

fn cut(words: &str, letters: usize) -> String {
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    let mut cut: String = words.chars().take(letters.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::dump;

    #[test]
    fn bytes_are_shown_in_rows_as_digits_and_letters() {
        assert_eq!(
            dump(b"SSH-2.0-OpenSSH <\r\n"),
            "0000  53 53 48 2d 32 2e 30 2d 4f 70 65 6e 53 53 48 20  SSH-2.0-OpenSSH \n\
             0010  3c 0d 0a                                         &lt;..\n"
        );
        assert_eq!(dump(b""), "");
    }
}
