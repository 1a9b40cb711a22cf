//! The report for a terminal, or for a file that someone reads.

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;

use super::page::{Detail, Layout, PLAIN, Page, QUIET, STRONG};
use super::recorded::{self, RecordedReport};
use super::words::{self, Standing};
use super::wrap::{harmless, padded, width, wrap};
use super::{FindingReport, Outcome, PhaseOutcome, PhaseReport, Report, Severity, facts};

const PASSED: Style = AnsiColor::Green.on_default();
const WARNED: Style = AnsiColor::Yellow.on_default();
const FAILED: Style = AnsiColor::Red.on_default().bold();

/// The most connections of a capture, and other servers, that are told one by one.
const MOST_RECORDED: usize = 12;

/// The width of a label, and of the name of a rung.
const LABEL: usize = 10;
const RUNG: usize = 13;

/// Writes the report.
pub fn text(report: &Report, layout: &Layout) -> String {
    let mut page = Page::new(layout);
    if layout.detail == Detail::Verdict {
        page.verdict(report);
        return page.written();
    }
    page.header(report);
    page.machine(report);
    page.ladder(report);
    page.blank();
    for note in &report.notes {
        page.paragraph(WARNED, &format!("▲ {note}"));
        page.blank();
    }
    page.verdict(report);
    page.why(report);
    if let Some(who) = words::who(report) {
        page.blank();
        page.paragraph(PLAIN, &format!("Who can mend it: {who}"));
        if let Some(mends) = words::mends(report) {
            page.paragraph(PLAIN, &format!("What mends it: {mends}"));
        }
    }
    if let Some(further) = words::if_it_still_fails(report) {
        page.paragraph(PLAIN, &further);
    }
    page.also(report);
    page.next(report);
    page.survey(report);
    page.kerberos(report);
    page.recorded(report);
    page.footer(report);
    if layout.detail == Detail::Everything {
        page.everything(report);
    }
    page.written()
}

impl Page<'_> {
    /// Target on the left; when, how long and how many connections on the right.
    fn header(&mut self, report: &Report) {
        let target = words::target(report);
        let mut told = Vec::new();
        // Files that tell nothing tell no time either.
        let is_known = report.target.port != 0;
        if let Some(when) = local(&report.opened_at, &self.layout.zone).filter(|_| is_known) {
            told.push(when);
        }
        // Where nothing was looked at, nothing took any time.
        if let Some(took) = report.took_ms.filter(|took| *took > 0.0) {
            told.push(words::duration(took));
        }
        if let Ok(connections @ 1..) = usize::try_from(report.connections) {
            told.push(words::count(connections, "connection"));
        }
        if report.interrupted {
            told.push("interrupted".to_owned());
        }
        let told = told.join(", ");
        let gap = self
            .layout
            .width
            .saturating_sub(width(&harmless(&target)) + width(&told));
        if gap < 2 {
            self.line(&[(STRONG, &target)]);
            self.paragraph(QUIET, &told);
        } else {
            self.line(&[(STRONG, &target), (PLAIN, &padded("", gap)), (QUIET, &told)]);
        }
        self.blank();
    }

    /// What the machine is set up with.
    fn machine(&mut self, report: &Report) {
        let Some(machine) = &report.machine else {
            return;
        };
        for line in &machine.lines {
            let about = padded(&line.about, RUNG - 1);
            self.hanging((QUIET, &format!(" {about} ")), PLAIN, &line.says);
        }
        if !machine.lines.is_empty() {
            self.blank();
        }
    }

    fn ladder(&mut self, report: &Report) {
        let everything = self.layout.detail == Detail::Everything;
        let fold = !everything && matches!(report.outcome, Outcome::Healthy | Outcome::Degraded);
        if fold {
            let passed: Vec<&PhaseReport> = report
                .phases
                .iter()
                .filter(|rung| {
                    rung.outcome == PhaseOutcome::Passed && !words::is_implied(report, rung)
                })
                .collect();
            let names: Vec<String> = passed.iter().map(|rung| words::rung(rung)).collect();
            if !names.is_empty() {
                self.hanging((PASSED, " ✔ "), PLAIN, &names.join(" · "));
            }
            // What the rungs of the protocol told is what a reader of a good report looks for.
            for rung in passed
                .iter()
                .filter(|rung| rung.phase >= model::Phase::Negotiate && !rung.says.is_empty())
            {
                // Names with their leg before them are longer.
                let column = match rung.leg {
                    model::Leg::Host | model::Leg::Side => RUNG,
                    _ => RUNG + 8,
                };
                let name = padded(&words::rung(rung), column);
                self.hanging((QUIET, &format!("   {name}  ")), QUIET, &rung.says);
            }
        }
        let mut not_reached = Vec::new();
        for rung in &report.phases {
            match rung.outcome {
                PhaseOutcome::Passed if fold => {}
                PhaseOutcome::Passed if !everything && words::is_implied(report, rung) => {}
                PhaseOutcome::Skipped | PhaseOutcome::NotReached if everything => self.rung(rung),
                PhaseOutcome::Skipped => {}
                PhaseOutcome::NotReached => {
                    if rung.phase <= model::Phase::Tunnel {
                        not_reached.push(words::rung(rung));
                    }
                }
                PhaseOutcome::Passed | PhaseOutcome::Warned | PhaseOutcome::Failed => {
                    self.rung(rung)
                }
            }
        }
        if !not_reached.is_empty() {
            let names = padded(&not_reached.join(" · "), RUNG + 9);
            self.line(&[(QUIET, " · "), (QUIET, &names), (QUIET, "  not reached")]);
        }
    }

    fn rung(&mut self, rung: &PhaseReport) {
        let (mark, style) = match rung.outcome {
            PhaseOutcome::Passed => ("✔", PASSED),
            PhaseOutcome::Warned => ("▲", WARNED),
            PhaseOutcome::Failed => ("✖", FAILED),
            PhaseOutcome::Skipped | PhaseOutcome::NotReached => ("·", QUIET),
        };
        let name = padded(&words::rung(rung), RUNG);
        let took = rung.took_ms.map(words::duration).unwrap_or_default();
        let gap = 8_usize.saturating_sub(width(&took));
        let took = format!("{}{took}", padded("", gap));
        let says = match (rung.outcome, rung.says.as_str()) {
            (PhaseOutcome::NotReached, "") => "not reached",
            (PhaseOutcome::Skipped, "") => "not looked at",
            (_, says) => says,
        };
        let head = format!(" {mark} {name} {took}  ");
        let body = match rung.outcome {
            PhaseOutcome::Failed => FAILED,
            PhaseOutcome::Warned => WARNED,
            PhaseOutcome::Skipped | PhaseOutcome::NotReached => QUIET,
            PhaseOutcome::Passed => PLAIN,
        };
        // The mark carries the colour; the rest of a passed rung stays calm.
        let columns = self.layout.width.saturating_sub(width(&head));
        for (index, line) in wrap(&harmless(says), columns).iter().enumerate() {
            if index == 0 {
                self.line(&[
                    (style, &format!(" {mark} ")),
                    (body, &format!("{name} ")),
                    (
                        if rung.outcome == PhaseOutcome::Failed {
                            FAILED
                        } else {
                            QUIET
                        },
                        &format!("{took}  "),
                    ),
                    (body, line),
                ]);
            } else {
                self.line(&[(PLAIN, &padded("", width(&head))), (body, line)]);
            }
        }
    }

    fn verdict(&mut self, report: &Report) {
        self.paragraph(STRONG, &report.summary);
        if let Standing::One(finding) = words::standing(report) {
            self.paragraph(PLAIN, &words::sure(finding));
        }
    }

    fn why(&mut self, report: &Report) {
        match words::standing(report) {
            Standing::One(finding) => {
                self.blank();
                self.reasons(finding);
                let rivals = words::rivals(report, finding);
                for (index, rival) in rivals.iter().enumerate() {
                    let label = if index == 0 { "rivals" } else { "" };
                    self.shared(label, rival);
                }
            }
            Standing::Several(findings) => {
                self.blank();
                self.shares(&findings, None);
                if let Some(rest) = words::others(report, &findings) {
                    self.share(
                        rest,
                        "another cause (rdpdoctor -v names those that were weighed)",
                    );
                }
            }
            Standing::Degraded(troubles) => {
                let alone = troubles.len() == 1;
                for trouble in &troubles {
                    match trouble.as_slice() {
                        [finding] if alone => {
                            self.paragraph(PLAIN, &words::sure(finding));
                            self.blank();
                            self.reasons(finding);
                        }
                        [finding] => {
                            self.blank();
                            self.hanging((WARNED, "  ▲ "), PLAIN, &with_sure(finding));
                            if let Some(reason) = finding.because.first() {
                                self.hanging(
                                    (QUIET, "    "),
                                    QUIET,
                                    &format!("because {}", reason.says),
                                );
                            }
                        }
                        several => {
                            self.blank();
                            let reason = several.iter().find_map(|one| one.because.first());
                            let said = reason.filter(|_| alone).map(|reason| reason.says.as_str());
                            self.shares(several, said);
                        }
                    }
                }
            }
            Standing::Healthy | Standing::Unexplained | Standing::Unknown => {}
        }
    }

    /// Rivals that nothing tells apart, each with its share.
    fn shares<'r>(&mut self, findings: &[&'r FindingReport], mut said: Option<&'r str>) {
        for (finding, share) in findings.iter().zip(words::shares(findings)) {
            let title = format!("{} ({})", finding.title, words::side_word(finding.side));
            self.share(share, &title);
            // What speaks for all of them alike is said once.
            let reason = finding.because.first().map(|reason| reason.says.as_str());
            if let Some(reason) = reason.filter(|_| reason != said) {
                self.hanging((QUIET, SHARE), QUIET, &format!("because {reason}"));
            }
            said = reason;
        }
    }

    fn share(&mut self, probability: f64, words: &str) {
        let share = words::share(probability);
        let gap = padded("", width(SHARE).saturating_sub(width(&share) + 2));
        self.hanging((STRONG, &format!("{gap}{share}  ")), PLAIN, words);
    }

    fn reasons(&mut self, finding: &FindingReport) {
        let label = |index: usize, label: &'static str| {
            let label = if index == 0 { label } else { "" };
            format!("  {}", padded(label, LABEL))
        };
        for (index, reason) in finding.because.iter().take(REASONS).enumerate() {
            self.hanging((QUIET, &label(index, "because")), PLAIN, &reason.says);
        }
        for (index, reason) in finding.despite.iter().take(REASONS).enumerate() {
            self.hanging((QUIET, &label(index, "despite")), PLAIN, &reason.says);
        }
    }

    /// A rival with its share at the right edge.
    fn shared(&mut self, label: &str, finding: &FindingReport) {
        let head = format!("  {}", padded(label, LABEL));
        let share = words::share(finding.probability);
        let columns = self.layout.width.saturating_sub(width(&head) + 8);
        let lines = wrap(&harmless(&finding.title), columns);
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.iter().enumerate() {
            let head = if index == 0 {
                head.clone()
            } else {
                padded("", width(&head))
            };
            let share = if index == last {
                let room = self
                    .layout
                    .width
                    .saturating_sub(width(&head) + width(line) + width(&share));
                format!("{}{share}", padded("", room))
            } else {
                String::new()
            };
            self.line(&[(QUIET, &head), (PLAIN, line), (PLAIN, &share)]);
        }
    }

    /// Findings beside the one that ends the connection.
    fn also(&mut self, report: &Report) {
        let also = |severity| move |finding: &&FindingReport| finding.severity == severity;
        if report.outcome == Outcome::Failing {
            let degrading: Vec<_> = report
                .findings
                .iter()
                .filter(also(Severity::Degrading))
                .collect();
            if !degrading.is_empty() {
                self.blank();
                for finding in degrading {
                    self.hanging((WARNED, "Also: "), PLAIN, &with_sure(finding));
                }
            }
        }
        let notes: Vec<_> = report
            .findings
            .iter()
            .filter(also(Severity::Note))
            .collect();
        if !notes.is_empty() {
            self.blank();
            for finding in notes {
                self.hanging(
                    (QUIET, "Good to know: "),
                    PLAIN,
                    &words::sentence_of(&finding.title),
                );
            }
        }
    }

    fn next(&mut self, report: &Report) {
        let mut steps = words::next(report).enumerate().peekable();
        if steps.peek().is_none() {
            return;
        }
        self.blank();
        self.line(&[(STRONG, "Next")]);
        for (index, step) in steps {
            let number = format!("  {}. ", index + 1);
            self.hanging((PLAIN, &number), PLAIN, &words::sentence_of(&step.look));
            if !step.why.is_empty() {
                self.hanging((PLAIN, "     "), QUIET, &words::sentence_of(&step.why));
            }
            if let Some(command) = &step.command {
                // A command that wraps cannot be pasted: it stays on one line, however long.
                self.line(&[(PLAIN, "       "), (STRONG, command)]);
            }
        }
    }

    /// What a survey found.
    fn survey(&mut self, report: &Report) {
        let Some(survey) = &report.survey else {
            return;
        };
        self.blank();
        self.line(&[(STRONG, "What the server takes")]);
        for line in &survey.lines {
            let about = padded(&line.about, RUNG);
            self.hanging((QUIET, &format!("  {about} ")), PLAIN, &line.says);
        }
        if self.layout.detail == Detail::Everything {
            for version in survey.tls.iter().filter(|version| version.spoken) {
                self.line(&[(QUIET, &format!("  Suites of {}", version.version))]);
                for suite in &version.suites {
                    let number = format!("    0x{:04X}  ", suite.number);
                    self.line(&[(QUIET, &number), (PLAIN, &suite.name)]);
                }
            }
        }
    }

    /// What is known of Kerberos.
    fn kerberos(&mut self, report: &Report) {
        if report.kerberos.is_empty() {
            return;
        }
        self.blank();
        self.line(&[(STRONG, "Kerberos, from here")]);
        for line in &report.kerberos {
            let about = padded(&line.about, RUNG);
            self.hanging((QUIET, &format!("  {about} ")), PLAIN, &line.says);
        }
    }

    /// The connections of a capture: those that are judged one by one, the other servers in a line each.
    fn recorded(&mut self, report: &Report) {
        let everything = self.layout.detail == Detail::Everything;
        let most = if everything {
            usize::MAX
        } else {
            MOST_RECORDED
        };
        let judged: Vec<&RecordedReport> =
            report.recorded.iter().filter(|one| one.judged).collect();
        let others = recorded::others(report);
        if judged.len() > 1 || (everything && !judged.is_empty()) {
            self.blank();
            let tally = recorded::tally(report).unwrap_or_default();
            self.line(&[(STRONG, "Recorded"), (PLAIN, "  "), (PLAIN, &tally)]);
            // Those that failed come first when not all can be told; all are in the order of time.
            let mut told = judged.clone();
            if told.len() > most {
                told.sort_by_key(|one| !one.troubled);
                told.truncate(most);
                told.sort_by_key(|one| one.number);
            }
            let client = told.iter().map(|one| width(&one.client)).max();
            let client = client.unwrap_or_default().min(24);
            for one in &told {
                let head = format!(
                    "{:>6}  {}  {}  ",
                    one.number,
                    one.clock(&self.layout.zone),
                    padded(&one.client, client),
                );
                let style = if one.troubled { WARNED } else { PLAIN };
                self.hanging((PLAIN, &head), style, &one.course());
            }
            if let Some(left @ 1..) = judged.len().checked_sub(told.len()) {
                self.paragraph(
                    QUIET,
                    &format!("        and {left} more (-v or --format json lists all)"),
                );
            }
            if judged.len() > 1 {
                self.paragraph(QUIET, "  One of them alone: --connection NUMBER");
            }
        }
        if !others.is_empty() {
            self.blank();
            self.line(&[(STRONG, "Also recorded")]);
            for other in others.iter().take(most) {
                self.hanging((PLAIN, "  "), PLAIN, other);
            }
            if let Some(left @ 1..) = others.len().checked_sub(most) {
                self.paragraph(QUIET, &format!("  and {left} more servers: rdpdoctor -v"));
            }
            self.paragraph(QUIET, "  One of these instead: --host ADDRESS");
        }
    }

    fn footer(&mut self, report: &Report) {
        let lines: Vec<String> = [
            words::shown_as(report),
            words::not_checked(report),
            words::traces(report),
        ]
        .into_iter()
        .flatten()
        .chain(
            report
                .damage
                .iter()
                .map(|damage| format!("Not readable: {}: {}.", damage.place, damage.says)),
        )
        .collect();
        if !lines.is_empty() {
            self.blank();
        }
        for line in lines {
            self.paragraph(QUIET, &line);
        }
    }

    /// What files tell of attempts, on one clock.
    fn timeline(&mut self, report: &Report) {
        if report.timeline.is_empty() {
            return;
        }
        self.blank();
        self.line(&[(STRONG, "Time line")]);
        for clock in &report.clocks {
            self.hanging((QUIET, "  "), QUIET, &words::sentence_of(&clock.says));
        }
        let earlier = report.timeline.len().saturating_sub(LINES);
        if earlier > 0 {
            let says = format!(
                "{} before these; JSON has all",
                words::count(earlier, "step")
            );
            self.hanging((QUIET, "  "), QUIET, &says);
        }
        let mut last = String::new();
        for line in report.timeline.iter().skip(earlier) {
            // Times of logs without a day stand in the first year there is, those without a year in the first
            // leap year, and neither has a zone.
            let (day, time) = if line.at.starts_with("1970-01-01") {
                let (_, time) = moment(&line.at, &TimeZone::UTC);
                ("the log tells no day".to_owned(), time)
            } else if let Some(rest) = line.at.strip_prefix("1972-") {
                let (_, time) = moment(&line.at, &TimeZone::UTC);
                let day = rest.get(..5).unwrap_or(rest);
                (format!("{day}, the log tells no year"), time)
            } else {
                moment(&line.at, &self.layout.zone)
            };
            if day != last {
                self.line(&[(QUIET, &format!("  {day}"))]);
                last = day;
            }
            let head = format!("  {time} #{:<3} ", line.attempt);
            let words = format!(
                "{} ({}) {}: {}",
                line.teller, line.side, line.label, line.says
            );
            self.hanging((PLAIN, &head), QUIET, &words);
        }
    }

    fn everything(&mut self, report: &Report) {
        if !report.findings.is_empty() {
            self.blank();
            self.line(&[(STRONG, "Causes weighed")]);
            for finding in &report.findings {
                let share = words::share(finding.probability);
                let head = format!("  {} {share}  ", padded(finding.verdict.slug(), 8));
                self.hanging(
                    (PLAIN, &head),
                    PLAIN,
                    &format!("{} ({:+} dB)", finding.cause, finding.weight_db),
                );
                for (word, reasons) in
                    [("because", &finding.because), ("despite", &finding.despite)]
                {
                    for reason in reasons {
                        let words = format!(
                            "{word} {} ({:+} dB, #{})",
                            reason.says, reason.weight_db, reason.evidence
                        );
                        self.hanging((QUIET, "      "), QUIET, &words);
                    }
                }
                for unknown in &finding.unknown {
                    self.hanging((QUIET, "      "), QUIET, &format!("unknown: {unknown}"));
                }
            }
        }
        self.timeline(report);
        if !report.attempts.is_empty() {
            self.blank();
            self.line(&[(STRONG, "Looks")]);
            for attempt in &report.attempts {
                let took = attempt.took_ms.map(words::duration).unwrap_or_default();
                let why = attempt
                    .why
                    .as_ref()
                    .map(|why| format!(": {why}"))
                    .unwrap_or_default();
                let head = format!("  {:>3}  {}", attempt.look, padded(&took, 8));
                let words = format!(
                    "{} ({}), {}{why}",
                    attempt.says, attempt.probe, attempt.outcome
                );
                self.hanging((PLAIN, &head), PLAIN, &words);
            }
        }
        if !report.evidence.is_empty() {
            self.blank();
            self.line(&[(STRONG, "Seen")]);
            for seen in &report.evidence {
                let at = seen.at_ms.map(words::duration).unwrap_or_default();
                let look = seen
                    .look
                    .map(|look| format!(" (look {look})"))
                    .unwrap_or_default();
                let head = format!("  #{:<3} {}", seen.id, padded(&at, 8));
                self.hanging(
                    (PLAIN, &head),
                    QUIET,
                    &format!("{}{look}", facts::words(seen)),
                );
            }
        }
    }
}

/// The column in which shares stand.
const SHARE: &str = "          ";

/// The most reasons that are printed for or against a cause.
const REASONS: usize = 5;

fn with_sure(finding: &FindingReport) -> String {
    format!(
        "{} {}",
        words::sentence_of(&finding.title),
        words::sure(finding)
    )
}

/// The most steps of the time line that are printed: the last ones.
const LINES: usize = 200;

/// The day with its zone, and the time with milliseconds, in the reader's zone.
fn moment(moment: &str, zone: &TimeZone) -> (String, String) {
    let Ok(at) = moment.parse::<jiff::Timestamp>() else {
        return (String::new(), moment.to_owned());
    };
    let at = at.to_zoned(zone.clone());
    (
        at.strftime("%Y-%m-%d %Z").to_string(),
        at.strftime("%H:%M:%S%.3f").to_string(),
    )
}

/// The moment in the reader's zone, with its name.
pub fn local(moment: &str, zone: &TimeZone) -> Option<String> {
    let moment: jiff::Timestamp = moment.parse().ok()?;
    Some(
        moment
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S %Z")
            .to_string(),
    )
}
