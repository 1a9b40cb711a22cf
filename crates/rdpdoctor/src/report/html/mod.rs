//! The report as one HTML file that needs no network and no script to be read.

mod path;
mod picture;

use std::fmt::Write as _;

use model::Fact;

use super::survey::TlsVersionReport;
use super::words::{self, Standing};
use super::wrap::harmless;
use super::{FindingReport, Line, Outcome, Report, Severity, facts};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes the report.
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut page, report);
    page
}

fn write(page: &mut String, report: &Report) -> std::fmt::Result {
    let target = escaped(&words::target(report));
    let outcome = report.outcome.slug();
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{target}: {outcome}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )?;
    head(page, report)?;
    section(page, "The way to the host", &picture::ladder(report))?;
    section(page, "Why", &why(report)?)?;
    if let Some(who) = words::who(report) {
        section(
            page,
            "Who can mend it",
            &format!("<p>{}</p>\n", escaped(&words::sentence_of(&who))),
        )?;
    }
    section(page, "What mends it", &mends(report)?)?;
    section(page, "Beside it", &beside(report)?)?;
    section(page, "Next", &next(report)?)?;
    if let Some(survey) = &report.survey {
        let table = table(&survey.lines, &survey.tls)?;
        section(page, "What the server takes", &table)?;
    }
    section(page, "Kerberos, from here", &table(&report.kerberos, &[])?)?;
    section(page, "What was not looked at", &left(report)?)?;
    section(page, "The conversation", &conversation(report)?)?;
    section(page, "The path", &path::charts(report))?;
    section(page, "Recorded connections", &recorded(report)?)?;
    section(page, "On one clock", &timeline(report)?)?;
    section(page, "Certificate and TLS", &certificates(report)?)?;
    section(page, "Everything that was seen", &everything(report)?)?;
    write!(
        page,
        "</main>\n<footer class=\"soft small\"><p>{} {}, looked at {}.</p></footer>\n",
        escaped(&report.tool.name),
        escaped(&report.tool.version),
        escaped(&report.opened_at)
    )?;
    // A less-than sign is the only letter that could end the element; JSON may write it as its number.
    let data = serde_json::to_string(report)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    write!(
        page,
        "<script type=\"application/json\" id=\"report\">{data}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// A section, when it holds something.
fn section(page: &mut String, title: &str, body: &str) -> std::fmt::Result {
    if body.is_empty() {
        return Ok(());
    }
    writeln!(page, "<section>\n<h2>{title}</h2>\n{body}</section>")
}

fn head(page: &mut String, report: &Report) -> std::fmt::Result {
    let (class, word) = match report.outcome {
        Outcome::Healthy => ("good", "✔ Healthy"),
        Outcome::Degraded => ("warn", "▲ Degraded"),
        Outcome::Failing => ("bad", "✖ Failing"),
        Outcome::Unknown => ("soft", "? Unknown"),
    };
    writeln!(
        page,
        "<header>\n<p><span class=\"target\">{}</span> <span class=\"badge {class}\">{word}</span></p>\n<h1>{}</h1>",
        escaped(&words::target(report)),
        escaped(&report.summary)
    )?;
    if let Standing::One(finding) = words::standing(report) {
        writeln!(page, "<p>{}</p>", escaped(&words::sure(finding)))?;
    }
    let took = report
        .took_ms
        .map(|took| format!(", {}", words::duration(took)))
        .unwrap_or_default();
    let connections = usize::try_from(report.connections).unwrap_or(usize::MAX);
    writeln!(
        page,
        "<p class=\"soft small\"><time datetime=\"{0}\">{0}</time>{took}, {1}</p>",
        escaped(&report.opened_at),
        words::count(connections, "connection")
    )?;
    if let Some(further) = words::if_it_still_fails(report) {
        writeln!(page, "<p>{}</p>", escaped(&further))?;
    }
    for note in &report.notes {
        writeln!(page, "<p class=\"note\">{}</p>", escaped(note))?;
    }
    if let Some(machine) = &report.machine {
        writeln!(page, "<dl>")?;
        for line in &machine.lines {
            writeln!(
                page,
                "<dt>{}</dt><dd>{}</dd>",
                escaped(&line.about),
                escaped(&line.says)
            )?;
        }
        writeln!(page, "</dl>")?;
    }
    writeln!(page, "</header>")
}

/// A table of what was found: a row for each matter, and the suites of a version of TLS on demand.
fn table(lines: &[Line], versions: &[TlsVersionReport]) -> Result<String, std::fmt::Error> {
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some((_, says)) if line.about.is_empty() => says.push(&line.says),
            _ => rows.push((&line.about, vec![&line.says])),
        }
    }
    let mut body = String::new();
    for (about, says) in rows {
        write!(body, "<tr><th scope=\"row\">{}</th><td>", escaped(about))?;
        let spoken = |version: &&TlsVersionReport| version.version == about && version.spoken;
        match (versions.iter().find(spoken), says.as_slice()) {
            (Some(version), [summary, ..]) => {
                write!(
                    body,
                    "<details><summary>{}</summary>\n<ul>",
                    escaped(summary)
                )?;
                for suite in &version.suites {
                    let weak = if suite.weak {
                        " <span class=\"warn\">weak</span>"
                    } else {
                        ""
                    };
                    write!(body, "<li>{}{weak}</li>", escaped(&suite.name))?;
                }
                write!(body, "</ul></details>")?;
            }
            _ => {
                let says: Vec<String> = says.iter().map(|says| escaped(says)).collect();
                write!(body, "{}", says.join("<br>"))?;
            }
        }
        writeln!(body, "</td></tr>")?;
    }
    if !body.is_empty() {
        body = format!("<table class=\"survey\">\n{body}</table>\n");
    }
    Ok(body)
}

fn why(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    match words::standing(report) {
        Standing::One(finding) => {
            reasons(&mut body, finding)?;
            let rivals = words::rivals(report, finding);
            if !rivals.is_empty() {
                writeln!(body, "<h3>Rivals</h3>")?;
                for rival in rivals {
                    share(&mut body, rival, rival.probability)?;
                }
            }
        }
        Standing::Several(findings) => {
            for finding in findings {
                share(&mut body, finding, finding.probability)?;
            }
        }
        Standing::Degraded(troubles) => {
            for trouble in troubles {
                let [finding] = trouble.as_slice() else {
                    for (rival, part) in trouble.iter().zip(words::shares(&trouble)) {
                        share(&mut body, rival, part)?;
                    }
                    continue;
                };
                writeln!(
                    body,
                    "<div class=\"card\"><h3>{}</h3>\n<p>{}</p>",
                    escaped(&words::sentence_of(&finding.title)),
                    escaped(&words::sure(finding))
                )?;
                reasons(&mut body, finding)?;
                writeln!(body, "</div>")?;
            }
        }
        Standing::Healthy | Standing::Unexplained | Standing::Unknown => {}
    }
    if let Some(shown) = words::shown_as(report) {
        writeln!(body, "<p class=\"soft\">{}</p>", escaped(&shown))?;
    }
    Ok(body)
}

/// What speaks for and against a cause, each with a bar of its weight.
fn reasons(body: &mut String, finding: &FindingReport) -> std::fmt::Result {
    if finding.because.is_empty() && finding.despite.is_empty() {
        return Ok(());
    }
    writeln!(
        body,
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">for or against</th><th scope=\"col\">seen</th>\
         <th scope=\"col\">weight</th></tr></thead><tbody>"
    )?;
    for (word, class, reasons) in [
        ("because", "meter", &finding.because),
        ("despite", "meter against", &finding.despite),
    ] {
        for reason in reasons {
            let weight = reason.weight_db;
            let part = weight.unsigned_abs().min(FULL_BAR).saturating_mul(100) / FULL_BAR;
            writeln!(
                body,
                "<tr><td class=\"soft\">{word}</td><td>{}</td><td class=\"number\">{weight:+} dB\
                 <div class=\"{class}\"><span style=\"width:{part}%\"></span></div></td></tr>",
                escaped(&reason.says)
            )?;
        }
    }
    writeln!(body, "</tbody></table></div>")
}

/// The weight that fills a bar: a decisive clue, in decibans.
const FULL_BAR: u32 = 40;

fn share(body: &mut String, finding: &FindingReport, part: f64) -> std::fmt::Result {
    let share = words::share(part);
    let part = (part * 100.0).round();
    let because = finding
        .because
        .first()
        .map(|reason| {
            format!(
                "<br><span class=\"soft small\">because {}</span>",
                escaped(&reason.says)
            )
        })
        .unwrap_or_default();
    writeln!(
        body,
        "<div class=\"share\"><strong>{}</strong><div>{} <span class=\"soft\">({})</span>{because}\
         <div class=\"meter\"><span style=\"width:{part}%\"></span></div></div></div>",
        escaped(&share),
        escaped(&finding.title),
        words::side_word(finding.side)
    )
}

fn beside(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    for finding in &report.findings {
        let word = match finding.severity {
            Severity::Degrading if report.outcome == Outcome::Failing => words::sure(finding),
            Severity::Note => "Good to know.".to_owned(),
            _ => continue,
        };
        writeln!(
            body,
            "<p>{} <span class=\"soft\">{}</span></p>",
            escaped(&words::sentence_of(&finding.title)),
            escaped(&word)
        )?;
    }
    Ok(body)
}

fn next(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    for step in words::next(report) {
        write!(body, "<li>{}", escaped(&words::sentence_of(&step.look)))?;
        if !step.why.is_empty() {
            write!(
                body,
                " <span class=\"soft\">{}</span>",
                escaped(&words::sentence_of(&step.why))
            )?;
        }
        if let Some(command) = &step.command {
            copied(&mut body, command)?;
        }
        writeln!(body, "</li>")?;
    }
    Ok(if body.is_empty() {
        body
    } else {
        format!("<ol>\n{body}</ol>\n")
    })
}

/// What mends the cause that was found, each with the command that plans it; what weakens security comes last, if at all.
fn mends(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    let Standing::One(finding) = words::standing(report) else {
        return Ok(body);
    };
    let remedies = finding
        .remedies
        .iter()
        .filter_map(|id| diagnose::remedy(id));
    for (at, remedy) in remedies.enumerate() {
        write!(body, "<li>{}", escaped(&words::sentence_of(remedy.title)))?;
        if let Some(protection) = remedy.weakens {
            write!(
                body,
                " <span class=\"warn\">Weakens security: {}</span>",
                escaped(protection)
            )?;
        }
        let mut command = format!("rdpdoctor fix {}", finding.cause);
        let host = &report.target.host;
        if report.machine.is_none()
            && !host.is_empty()
            && harmless(host) == *host
            && !host.contains(char::is_whitespace)
        {
            command += &format!(" --for {}", words::host_and_port(report));
        }
        if at > 0 {
            command += &format!(" --remedy {}", remedy.id);
        }
        if remedy.weakens.is_some() {
            command += " --accept-risk";
        }
        copied(&mut body, &command)?;
        writeln!(body, "</li>")?;
    }
    Ok(if body.is_empty() {
        body
    } else {
        format!(
            "<ul>\n{body}</ul>\n<p class=\"soft\">Each of these prints a plan with its way back, and changes nothing.</p>\n"
        )
    })
}

/// A command with a button that copies it, where copying works.
fn copied(body: &mut String, command: &str) -> std::fmt::Result {
    write!(
        body,
        "<div class=\"command\"><code>{}</code><button type=\"button\" data-copy hidden>Copy</button></div>",
        escaped(command)
    )
}

/// Every connection of the captures that were read.
fn recorded(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    if report.recorded.is_empty() {
        return Ok(body);
    }
    let utc = jiff::tz::TimeZone::UTC;
    let open = if report.recorded.len() <= 12 {
        " open"
    } else {
        ""
    };
    writeln!(
        body,
        "<details{open}><summary>{}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"recorded connections\"><table><thead><tr><th scope=\"col\">#</th>\
         <th scope=\"col\">began (UTC)</th><th scope=\"col\">from</th><th scope=\"col\">to</th>\
         <th scope=\"col\">took</th><th scope=\"col\">course</th></tr></thead><tbody>",
        words::count(report.recorded.len(), "connection")
    )?;
    for one in report.recorded.iter().take(MOST_RECORDED) {
        let quiet = if one.judged { "" } else { " class=\"soft\"" };
        writeln!(
            body,
            "<tr{quiet}><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td><td>{}</td>\
             <td class=\"number\">{}</td><td class=\"course\">{}</td></tr>",
            one.number,
            escaped(&one.clock(&utc)),
            escaped(&one.client),
            escaped(&one.server),
            words::duration(one.took_ms),
            escaped(&one.course())
        )?;
    }
    writeln!(body, "</tbody></table></div>")?;
    let more = report.recorded.len().saturating_sub(MOST_RECORDED);
    if more > 0 {
        writeln!(
            body,
            "<p class=\"soft\">and {more} more; all are in the JSON at the end of this file.</p>"
        )?;
    }
    writeln!(body, "</details>")?;
    Ok(body)
}

/// Connections of a capture that a page shows.
const MOST_RECORDED: usize = 1_000;

/// What several files tell of the same attempts, on one clock.
fn timeline(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    if report.timeline.is_empty() {
        return Ok(body);
    }
    for clock in &report.clocks {
        writeln!(
            body,
            "<p class=\"soft\">{}</p>",
            escaped(&words::sentence_of(&clock.says))
        )?;
    }
    writeln!(
        body,
        "<details><summary>{}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"time line\"><table><thead><tr><th scope=\"col\">at</th>\
         <th scope=\"col\">attempt</th><th scope=\"col\">told by</th><th scope=\"col\">says</th></tr></thead><tbody>",
        words::count(report.timeline.len(), "step")
    )?;
    for line in report.timeline.iter().take(MOST_RECORDED) {
        writeln!(
            body,
            "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{} <span class=\"soft\">({})</span></td>\
             <td class=\"course\">{}</td></tr>",
            escaped(&line.at),
            line.attempt,
            escaped(&line.teller),
            escaped(&line.side),
            escaped(&line.says)
        )?;
    }
    writeln!(body, "</tbody></table></div></details>")?;
    Ok(body)
}

fn left(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    for left in &report.not_checked {
        let why = if left.why.is_empty() {
            String::new()
        } else {
            format!(": {}", left.why)
        };
        writeln!(body, "<li>{}{}</li>", escaped(&left.what), escaped(&why))?;
    }
    let mut body = if body.is_empty() {
        body
    } else {
        format!("<ul>\n{body}</ul>\n")
    };
    for damage in &report.damage {
        writeln!(
            body,
            "<p>Not readable: {}: {}.</p>",
            escaped(&damage.place),
            escaped(&damage.says)
        )?;
    }
    if let Some(traces) = words::traces(report) {
        writeln!(body, "<p class=\"soft\">{}</p>", escaped(&traces))?;
    }
    Ok(body)
}

/// The look that says most first, the others on demand.
fn conversation(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    let pictures: Vec<_> = report
        .attempts
        .iter()
        .map(|attempt| (attempt, picture::conversation(report, attempt.look)))
        .filter(|(_, picture)| !picture.is_empty())
        .collect();
    let more = pictures.len().saturating_sub(LOOKS);
    for (index, (attempt, picture)) in pictures.iter().enumerate() {
        if index == LOOKS {
            writeln!(
                body,
                "<details><summary>{}</summary>",
                words::count(more, "more look")
            )?;
        }
        let open = if index == 0 { " open" } else { "" };
        let took = attempt
            .took_ms
            .map(|took| format!(", {}", words::duration(took)))
            .unwrap_or_default();
        writeln!(
            body,
            "<details{open}><summary>Look {}: {}{took}</summary>\n{picture}{}</details>",
            attempt.look,
            escaped(&attempt.says),
            picture::bytes(report, attempt.look)
        )?;
    }
    if more > 0 {
        writeln!(body, "</details>")?;
    }
    Ok(body)
}

/// Looks that are listed at once; a survey has dozens.
const LOOKS: usize = 8;

fn certificates(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    let mut shown: Vec<String> = Vec::new();
    for seen in &report.evidence {
        match facts::fact(seen) {
            Some(Fact::CertificateSeen { certificate, .. })
                if !shown.contains(&certificate.sha256) =>
            {
                shown.push(certificate.sha256.clone());
                let names = certificate
                    .dns_names
                    .iter()
                    .cloned()
                    .chain(certificate.addresses.iter().map(ToString::to_string))
                    .collect::<Vec<_>>()
                    .join(", ");
                let usages = certificate.extended_key_usage.join(", ");
                let rows = [
                    ("Subject", certificate.subject.clone()),
                    ("Issuer", certificate.issuer.clone()),
                    ("Other names", names),
                    ("Valid from", super::utc(certificate.not_before)),
                    ("Valid until", super::utc(certificate.not_after)),
                    (
                        "Key",
                        format!(
                            "{}, {} bits",
                            super::slug(&certificate.key),
                            certificate.key_bits
                        ),
                    ),
                    ("Signature", certificate.signature.clone()),
                    ("Usages", usages),
                    (
                        "Revocation lists (not fetched)",
                        certificate.revocation_lists.join(", "),
                    ),
                    (
                        "Revocation answers, OCSP (not asked)",
                        certificate.revocation_answers.join(", "),
                    ),
                    (
                        "Certificate of the issuer (not fetched)",
                        certificate.issuer_certificates.join(", "),
                    ),
                    ("SHA-1 thumbprint", certificate.sha1.clone()),
                    ("SHA-256", certificate.sha256.clone()),
                ];
                card(&mut body, "Certificate", &rows)?;
            }
            Some(Fact::TlsEstablished {
                version,
                suite,
                took,
            }) => {
                let key = format!("{version} {suite}");
                if !shown.contains(&key) {
                    shown.push(key);
                    let rows = [
                        ("Version", version.to_string()),
                        ("Cipher suite", suite.to_string()),
                        ("Handshake", words::duration(super::millis(took))),
                    ];
                    card(&mut body, "TLS", &rows)?;
                }
            }
            _ => {}
        }
    }
    Ok(body)
}

fn card(body: &mut String, title: &str, rows: &[(&str, String)]) -> std::fmt::Result {
    writeln!(body, "<div class=\"card\"><h3>{title}</h3>\n<dl>")?;
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(body, "<dt>{name}</dt><dd>{}</dd>", escaped(value))?;
    }
    writeln!(body, "</dl></div>")
}

fn everything(report: &Report) -> Result<String, std::fmt::Error> {
    let mut body = String::new();
    if report.evidence.is_empty() {
        return Ok(body);
    }
    writeln!(
        body,
        "<details><summary>{}</summary>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">#</th>\
         <th scope=\"col\">after</th><th scope=\"col\">look</th><th scope=\"col\">seen</th></tr></thead><tbody>",
        words::count(report.evidence.len(), "fact")
    )?;
    for seen in &report.evidence {
        let at = seen.at_ms.map(words::duration).unwrap_or_default();
        let look = seen.look.map(|look| look.to_string()).unwrap_or_default();
        writeln!(
            body,
            "<tr><td class=\"number\">{}</td><td class=\"number\">{at}</td><td class=\"number\">{look}</td><td>{}</td></tr>",
            seen.id,
            escaped(&facts::words(seen))
        )?;
    }
    writeln!(body, "</tbody></table></div></details>")?;
    Ok(body)
}

/// The words with nothing in them that HTML would obey. Names in a report come from peers.
fn escaped(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    for c in harmless(words).chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_cannot_write_markup() {
        assert_eq!(
            escaped("<img src=x onerror='a(\"&\")'>"),
            "&lt;img src=x onerror=&#39;a(&quot;&amp;&quot;)&#39;&gt;"
        );
    }
}
