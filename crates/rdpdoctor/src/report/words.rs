//! The sentences of a report, shared by every format that people read.

use model::{Fact, Phase};

use super::logons;
use super::{
    AttemptReport, FindingReport, LeadReport, Outcome, PhaseOutcome, PhaseReport, Report, Severity,
    Side, Verdict,
};

/// What can be said about the case as a whole.
pub enum Standing<'r> {
    /// Nothing is wrong as far as was looked.
    Healthy,
    /// A connection opens; these should be mended. Findings that share one are rivals.
    Degraded(Vec<Vec<&'r FindingReport>>),
    /// One cause ends the connection.
    One(&'r FindingReport),
    /// Several causes may end the connection, and nothing seen so far tells them apart.
    Several(Vec<&'r FindingReport>),
    /// The connection fails and no known cause fits.
    Unexplained,
    /// Too little was seen.
    Unknown,
}

/// A share below which a rival is not worth a line.
const NAMED_SHARE: f64 = 0.03;

/// The most rivals that are named.
const NAMED_RIVALS: usize = 4;

/// Decides between one voice and several.
pub fn standing(report: &Report) -> Standing<'_> {
    let mut blocking = report.blocking();
    match report.outcome {
        Outcome::Healthy => Standing::Healthy,
        Outcome::Unknown => Standing::Unknown,
        Outcome::Degraded => Standing::Degraded(troubles(report)),
        Outcome::Failing => {
            let (Some(first), second) = (blocking.next(), blocking.next()) else {
                return Standing::Unexplained;
            };
            let rival = second.map_or(0.0, |second| second.probability);
            if first.verdict == Verdict::Proven
                || second.is_none()
                || first.probability >= 0.6 && rival <= first.probability / 2.0
            {
                Standing::One(first)
            } else {
                Standing::Several(
                    report
                        .blocking()
                        .filter(|finding| finding.probability >= NAMED_SHARE)
                        .take(NAMED_RIVALS)
                        .collect(),
                )
            }
        }
    }
}

/// What should be mended though a connection opens, each with the causes that explain the same observation.
pub fn troubles(report: &Report) -> Vec<Vec<&FindingReport>> {
    let cited = |finding: &FindingReport| finding.because.first().map(|reason| reason.evidence);
    let mut troubles: Vec<Vec<&FindingReport>> = Vec::new();
    for finding in &report.findings {
        if finding.severity != Severity::Degrading {
            continue;
        }
        let known = troubles.iter_mut().find(|trouble| {
            trouble
                .first()
                .is_some_and(|first| cited(first).is_some() && cited(first) == cited(finding))
                && finding.verdict != Verdict::Proven
        });
        match known {
            Some(trouble) => trouble.push(finding),
            None => troubles.push(vec![finding]),
        }
    }
    troubles
}

/// The other causes worth naming beside `top`.
pub fn rivals<'r>(report: &'r Report, top: &FindingReport) -> Vec<&'r FindingReport> {
    if top.verdict == Verdict::Proven {
        return Vec::new();
    }
    report
        .blocking()
        .filter(|finding| finding.cause != top.cause || finding.leg != top.leg)
        .filter(|finding| finding.probability >= NAMED_SHARE)
        .take(NAMED_RIVALS - 1)
        .collect()
}

/// The shares of rivals, which together are not more than the whole.
pub fn shares(rivals: &[&FindingReport]) -> Vec<f64> {
    let whole = rivals
        .iter()
        .map(|rival| rival.probability)
        .sum::<f64>()
        .max(1.0);
    rivals
        .iter()
        .map(|rival| rival.probability / whole)
        .collect()
}

/// The part of the probability that no named cause has.
pub fn others(report: &Report, named: &[&FindingReport]) -> Option<f64> {
    let rest = 1.0 - named.iter().map(|finding| finding.probability).sum::<f64>();
    let more = report.blocking().count() > named.len();
    (more && rest >= NAMED_SHARE).then_some(rest)
}

/// The verdict in a sentence or two.
pub fn summary(report: &Report) -> String {
    let host = &report.target.host;
    // Of a host behind a gateway that was not passed, nothing is known.
    let opens = if is_tls_alone(report) {
        format!("TLS to {host} comes up.")
    } else if through_gateway(report) {
        format!("The gateway to {host} answers; whether it lets through was not tried.")
    } else {
        format!("A connection to {host} opens.")
    };
    let sentence = match standing(report) {
        Standing::Healthy if report.phases.is_empty() && report.machine.is_some() => {
            "Nothing is wrong, as far as settings and files of this machine tell.".to_owned()
        }
        Standing::Healthy if is_tls_alone(report) => format!(
            "TLS to {host} came up, and nothing is wrong with it as far as it can be seen. Whether Remote Desktop \
             went on inside is not known."
        ),
        Standing::Healthy => {
            format!("Nothing is wrong with {host} {}.", as_far_as(report))
        }
        Standing::Degraded(troubles) => match troubles.as_slice() {
            [] => format!("A connection to {host} opens, but not every time."),
            [trouble] => match trouble.as_slice() {
                [one] => format!(
                    "{opens} One thing to mend before it hurts: {}",
                    stopped(&lower_first(&one.title))
                ),
                rivals => {
                    let seen = rivals.iter().find_map(|rival| rival.because.first());
                    format!(
                        "{opens} One thing to mend before it hurts: {} From here the causes \
                         that fit cannot be told apart.",
                        stopped(
                            seen.map_or("something is not as it should be", |reason| &reason.says)
                        )
                    )
                }
            },
            several => format!(
                "{opens} {} things to mend before they hurt.",
                several.len()
            ),
        },
        Standing::One(finding) => sentence_of(&finding.title),
        Standing::Several(_) => match failed(report) {
            Some(rung) => format!(
                "The connection to {host} ends at {}: {} From here the causes that fit cannot be told apart.",
                rung.phase,
                stopped(&rung.says)
            ),
            None => format!(
                "The connection to {host} fails, and the causes that fit cannot be told apart from here."
            ),
        },
        Standing::Unexplained => match failed(report) {
            Some(rung) => format!(
                "The connection to {host} ends at {}: {} No known cause fits what was seen.",
                rung.phase,
                stopped(&rung.says)
            ),
            None => {
                format!("The connection to {host} fails, and no known cause fits what was seen.")
            }
        },
        Standing::Unknown if through_gateway(report) => {
            "The gateway answers as one, as far as it can be asked without a user. Whether it leads to the host \
             shows only behind its logon."
                .to_owned()
        }
        Standing::Unknown => format!("Too little was seen to say what is wrong with {host}."),
    };
    if report.interrupted {
        format!("{sentence} The check was interrupted: this is what is known so far.")
    } else {
        sentence
    }
}

/// The gateway on the way was reached, and nobody went through it.
fn through_gateway(report: &Report) -> bool {
    let passed = |leg, phase| {
        report.phases.iter().any(|rung| {
            (rung.leg, rung.phase) == (leg, phase)
                && matches!(rung.outcome, PhaseOutcome::Passed | PhaseOutcome::Warned)
        })
    };
    passed(model::Leg::Gateway, Phase::Authenticate) && !passed(model::Leg::Host, Phase::Negotiate)
}

/// What was recorded is TLS alone, of which nobody knows what it was for.
pub fn is_tls_alone(report: &Report) -> bool {
    let mut judged = report.recorded.iter().filter(|one| one.judged).peekable();
    judged.peek().is_some() && judged.all(|one| one.protocol == "tls")
}

/// How far the looks got on the way to a desktop.
fn as_far_as(report: &Report) -> &'static str {
    let passed = |phase| {
        report.phases.iter().any(|rung| {
            rung.phase == phase
                && matches!(rung.outcome, PhaseOutcome::Passed | PhaseOutcome::Warned)
        })
    };
    let told = |fact: &str| report.evidence.iter().any(|seen| seen.fact == fact);
    // A picture that came by our own look without a logon is that of a logon screen, most often.
    let unknown = told("settings-answered") && !told("logon-accepted") && !told("logon-notified");
    if passed(Phase::Session) && told("server-redirected") {
        "up to where it sends its clients on"
    } else if passed(Phase::Session) && unknown {
        "up to its first picture, a logon screen most often"
    } else if passed(Phase::Session) {
        "up to the desktop"
    } else if passed(Phase::Authenticate) {
        "up to the logon"
    } else if passed(Phase::Secure) {
        "up to the point where the session is set up"
    } else {
        "as far as was looked"
    }
}

/// How sure we are of the cause named.
pub fn sure(finding: &FindingReport) -> String {
    match finding.verdict {
        Verdict::Proven => "Proven.".to_owned(),
        Verdict::Likely => format!("Likely ({}).", share(finding.probability)),
        Verdict::Possible => format!(
            "Possible ({} among the causes that fit).",
            share(finding.probability)
        ),
    }
}

/// A probability as people read it. Nothing that is not proven is called certain.
pub fn share(probability: f64) -> String {
    let percent = (probability * 100.0).round();
    if percent < 1.0 {
        "< 1 %".to_owned()
    } else if percent > 99.0 {
        "> 99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// The share of causes on another side up to which one side is named.
const ELSEWHERE: f64 = 0.1;

/// Who can mend it: one side, named with the host.
pub fn who(report: &Report) -> Option<String> {
    match standing(report) {
        Standing::One(finding) => Some(side(report, finding.side)),
        Standing::Several(findings) => {
            let first = findings.first()?.side;
            let all: f64 = findings.iter().map(|finding| finding.probability).sum();
            let elsewhere: f64 = findings
                .iter()
                .filter(|finding| finding.side != first)
                .map(|finding| finding.probability)
                .sum();
            (elsewhere <= ELSEWHERE * all)
                .then(|| side(report, first))
                .or_else(|| Some("depends on which of these it is.".to_owned()))
        }
        Standing::Degraded(troubles) => {
            let mut findings = troubles.into_iter().flatten();
            let first = findings.next()?.side;
            findings
                .all(|finding| finding.side == first)
                .then(|| side(report, first))
        }
        Standing::Healthy | Standing::Unexplained | Standing::Unknown => None,
    }
}

/// What mends the one cause that was found: the titles of its remedies, those that weaken nothing.
pub fn mends(report: &Report) -> Option<String> {
    let Standing::One(finding) = standing(report) else {
        return None;
    };
    let titles: Vec<String> = finding
        .remedies
        .iter()
        .filter_map(|id| diagnose::remedy(id))
        .filter(|remedy| remedy.weakens.is_none())
        .take(2)
        .map(|remedy| lower_first(remedy.title))
        .collect();
    (!titles.is_empty()).then(|| stopped(&titles.join("; or ")))
}

/// Who stands on a side.
pub fn side(report: &Report, side: Side) -> String {
    let host = &report.target.host;
    match side {
        Side::Client => {
            format!("you, on the machine that connects; nothing on {host} needs to change.")
        }
        Side::Network => format!(
            "whoever runs the network between here and {host} (firewall, VPN, router, provider)."
        ),
        Side::Server if report.machine.is_some() => {
            format!("the administrator of this machine, {host}.")
        }
        Side::Server => format!("the administrator of {host}; not you and not the network."),
        Side::Gateway => match &report.target.gateway {
            Some(gateway) => {
                format!("the administrator of the gateway {gateway}; not you and not {host}.")
            }
            None => format!("the administrator of the gateway; not you and not {host}."),
        },
        Side::NameService => {
            format!("whoever runs the name service (DNS) that answers for {host}.")
        }
        Side::Domain => format!("the administrator of the domain of {host}."),
    }
}

/// A side in a word or two, for a list.
pub const fn side_word(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Network => "network",
        Side::Server => "server",
        Side::Gateway => "gateway",
        Side::NameService => "name service",
        Side::Domain => "domain",
    }
}

/// The most steps that are printed.
const STEPS: usize = 3;

/// What to do next.
pub fn next(report: &Report) -> impl Iterator<Item = &LeadReport> {
    report.leads.iter().take(STEPS)
}

/// Where to go on from a report without a finding.
pub fn if_it_still_fails(report: &Report) -> Option<String> {
    let stated: Vec<String> = report
        .evidence
        .iter()
        .filter(|seen| seen.source == "stated")
        .filter_map(super::facts::fact)
        .filter_map(|fact| match fact {
            Fact::CodeStated { words, says, .. } => {
                Some(format!("{words} says: {}", stopped(&says)))
            }
            _ => None,
        })
        .collect();
    if let Some(machine) = &report.machine {
        return (matches!(standing(report), Standing::Healthy) && machine.serves).then(|| {
            "If others cannot connect all the same, look from where they are: the way to this machine is not seen \
             from here."
                .to_owned()
        });
    }
    if is_tls_alone(report) {
        return None;
    }
    matches!(standing(report), Standing::Healthy).then(|| {
        if !stated.is_empty() {
            return format!(
                "What the client showed was not seen from here. {} If it still fails, the cause is the account, the \
                 session or the client.",
                stated.join(" ")
            );
        }
        if is_from_files(report) {
            return "If it failed all the same, the cause is the account, the session or the client. What the codes \
                    of the client mean: rdpdoctor explain \"0x904 0x7\""
                .to_owned();
        }
        format!(
            "If it still fails, the cause is the account, the session or the client. Give the codes it shows: \
             rdpdoctor {} --saw \"0x904 0x7\"",
            command_target(report)
        )
    })
}

/// Nothing was looked at: others recorded what is told.
fn is_from_files(report: &Report) -> bool {
    !report.evidence.is_empty()
        && report
            .evidence
            .iter()
            .all(|seen| seen.source != "probe" && seen.source != "stated")
}

/// The host as it is typed again, with its port when that is not the usual one.
pub fn host_and_port(report: &Report) -> String {
    let host = &report.target.host;
    let typed = match (report.target.port, host.contains(':')) {
        (model::target::RDP_PORT, _) => host.clone(),
        (port, true) => format!("[{host}]:{port}"),
        (port, false) => format!("{host}:{port}"),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:%".contains(c);
    if !typed.is_empty() && typed.chars().all(plain) {
        typed
    } else {
        format!("'{}'", typed.replace('\'', "'\\''"))
    }
}

/// The target as it is typed again.
fn command_target(report: &Report) -> String {
    let input = &report.target.input;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]%/".contains(c);
    if !input.is_empty() && input.chars().all(plain) && !input.contains('[') {
        input.clone()
    } else {
        format!("'{}'", input.replace('\'', "'\\''"))
    }
}

/// What the dialog of the client shows.
pub fn shown_as(report: &Report) -> Option<String> {
    let shown = report.shown_as.as_ref()?;
    let client = match report.outcome {
        Outcome::Failing => format!("{} shows this as", shown.client),
        Outcome::Degraded => format!("When it fails, {} shows", shown.client),
        Outcome::Healthy | Outcome::Unknown => return None,
    };
    let Some(extended) = &shown.extended else {
        return Some(format!("{client} {}: {}.", shown.code, shown.says));
    };
    Some(format!(
        "{client} {} / {extended}. That pair says only that {}.",
        shown.code, shown.says
    ))
}

/// What was not looked at, on one line.
pub fn not_checked(report: &Report) -> Option<String> {
    let left: Vec<String> = report
        .not_checked
        .iter()
        .map(|left| {
            if left.why.is_empty() {
                left.what.clone()
            } else {
                format!("{} ({})", left.what, left.why)
            }
        })
        .collect();
    (!left.is_empty()).then(|| format!("Not checked: {}.", left.join(", ")))
}

/// What the looks may have left behind on the server.
pub fn traces(report: &Report) -> Option<String> {
    // Where no connection opened, there was nobody to write a line.
    let opened = |look: u32| {
        report
            .evidence
            .iter()
            .any(|seen| seen.look == Some(look) && seen.fact == "tcp-opened")
    };
    let left = |trace: &str| {
        let trace_of = |attempt: &AttemptReport| match attempt.trace.as_str() {
            "failed-logon" if !logons::was_tried(report, attempt) => "log-line".to_owned(),
            trace => trace.to_owned(),
        };
        report
            .attempts
            .iter()
            .filter(|attempt| {
                attempt.outcome == "ran" && trace_of(attempt) == trace && opened(attempt.look)
            })
            .count()
    };
    let logons = left("failed-logon");
    // A test of how much a host takes opens several in one look.
    let held: u64 = report
        .evidence
        .iter()
        .filter(|seen| seen.fact == "connections-held")
        .filter_map(|seen| seen.value.get("held")?.as_u64())
        .sum();
    let lines = left("log-line").saturating_add(usize::try_from(held).unwrap_or(usize::MAX));
    let told = |fact: &str| report.evidence.iter().any(|seen| seen.fact == fact);
    if logons > 0 {
        let logon = if told("logon-accepted") || told("logon-notified") {
            "one logon that was answered".to_owned()
        } else if let Some(at_gateway) = logons::at_gateway(report) {
            at_gateway
        } else if told("cred-ssp-refused") || !told("session-ran") {
            "one failed logon that may count towards a lock-out".to_owned()
        } else {
            "one logon inside a session, which may count towards a lock-out if it failed".to_owned()
        };
        let session = if told("session-ran") {
            ", and a session that may wait there, disconnected, as after a closed window"
        } else {
            ""
        };
        return Some(format!("Left on the server: {logon}{session}."));
    }
    if lines > 0 && told("settings-answered") {
        return Some(format!(
            "Left on the server: log lines of at most {}, and a session that nobody logged on to, which was left.",
            count(lines, "connection")
        ));
    }
    let refused = |seen: &super::EvidenceReport| {
        seen.fact == "proxy-refused" && seen.value.get("logon").is_some_and(|way| !way.is_null())
    };
    if report.evidence.iter().any(refused) {
        return Some(
            "Left at the proxy: one failed logon that may count towards a lock-out. The host was not asked."
                .to_owned(),
        );
    }
    (lines > 0).then(|| {
        format!(
            "Left on the server: log lines of at most {}; no logon was tried.",
            count(lines, "connection")
        )
    })
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// A duration: milliseconds below a second.
pub fn duration(millis: f64) -> String {
    if millis < 0.95 {
        format!("{millis:.1} ms")
    } else if millis < 999.5 {
        format!("{millis:.0} ms")
    } else if millis < 9_950.0 {
        format!("{:.1} s", millis / 1000.0)
    } else if millis < 119_500.0 {
        format!("{:.0} s", millis / 1000.0)
    } else {
        // Whole units of two kinds: nobody counts the seconds of an hour.
        let seconds = (millis / 1000.0).round();
        let (minutes, hours) = ((seconds / 60.0).floor(), (seconds / 3600.0).floor());
        if minutes < 60.0 {
            format!("{minutes:.0} min {:.0} s", seconds - minutes * 60.0)
        } else if hours < 48.0 {
            format!("{hours:.0} h {:.0} min", minutes - hours * 60.0)
        } else {
            format!("{:.0} days", (hours / 24.0).round())
        }
    }
}

/// The target as people write it.
pub fn target(report: &Report) -> String {
    let super::ReportTarget {
        host, port, input, ..
    } = &report.target;
    let client_alone = report
        .machine
        .as_ref()
        .is_some_and(|machine| !machine.serves);
    if *port == 0 && report.machine.is_none() && !input.is_empty() {
        // Files that name no host.
        input.clone()
    } else if *port == 0 || client_alone {
        // A machine that is no server.
        host.clone()
    } else if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// The rung on which the connection ended.
pub fn failed(report: &Report) -> Option<&PhaseReport> {
    report
        .phases
        .iter()
        .find(|rung| rung.outcome == PhaseOutcome::Failed)
}

/// The rung tells nothing that the line above or below does not: an address needs no look-up, an open
/// connection reached its host.
pub fn is_implied(report: &Report, rung: &PhaseReport) -> bool {
    let opened = || {
        report.phases.iter().any(|other| {
            other.leg == rung.leg
                && other.phase == Phase::Tcp
                && matches!(other.outcome, PhaseOutcome::Passed | PhaseOutcome::Warned)
        })
    };
    match rung.phase {
        Phase::Resolve => report.target.host.parse::<std::net::IpAddr>().is_ok(),
        Phase::Reach => opened(),
        _ => false,
    }
}

/// The rung's name, with its leg when that is not the host's.
pub fn rung(rung: &PhaseReport) -> String {
    if rung.leg == model::Leg::Side {
        return "udp".to_owned();
    }
    model::Place {
        leg: rung.leg,
        phase: rung.phase,
    }
    .to_string()
}

/// The words as a sentence: with a capital and a full stop.
pub fn sentence_of(words: &str) -> String {
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => stopped(&first.to_uppercase().chain(letters).collect::<String>()),
        None => String::new(),
    }
}

/// The words with a full stop.
fn stopped(words: &str) -> String {
    if words.ends_with(['.', '?', '!', ':']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

/// The words to go on after a colon: "The server …" becomes "the server …", "NLA …" stays.
fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_milliseconds_below_a_second() {
        let said: Vec<String> = [
            0.04,
            0.6,
            1.0,
            23.4,
            999.4,
            999.6,
            4_000.0,
            21_000.0,
            119_400.0,
            388_000.0,
            7_260_000.0,
            864_000_000.0,
        ]
        .map(duration)
        .into();
        assert_eq!(
            said,
            [
                "0.0 ms",
                "0.6 ms",
                "1 ms",
                "23 ms",
                "999 ms",
                "1.0 s",
                "4.0 s",
                "21 s",
                "119 s",
                "6 min 28 s",
                "2 h 1 min",
                "10 days"
            ]
        );
    }

    #[test]
    fn nothing_unproven_is_certain() {
        assert_eq!(share(0.9999), "> 99 %");
        assert_eq!(share(0.99), "99 %");
        assert_eq!(share(0.0001), "< 1 %");
    }

    #[test]
    fn sentences_begin_and_end() {
        assert_eq!(
            sentence_of("reset after our ClientHello"),
            "Reset after our ClientHello."
        );
        assert_eq!(sentence_of("Is it open?"), "Is it open?");
        assert_eq!(sentence_of(""), "");
    }
}
