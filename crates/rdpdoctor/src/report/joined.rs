//! The time line of a report: what several files tell of the same attempts, on one clock.

use intake::story::{Clock, Dated, Joined, Matched, within_a_day};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{count, duration};
use super::{Outcome, Report, schema, slug};

/// A step of an attempt.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TimelineReport {
    /// When, on the clock that the time line is written in; UTC, RFC 3339.
    pub at: String,
    /// The number of the attempt; what several tell of one attempt has one number.
    pub attempt: u32,
    /// Who tells it: a machine, or a file.
    pub teller: String,
    /// At which end of the connection it was noted.
    #[schemars(extend("enum" = ["client", "path", "server"]))]
    pub side: String,
    /// What kind of source told it.
    #[schemars(schema_with = "schema::sources")]
    pub source: String,
    /// The file it stands in.
    pub file: String,
    /// Its short name there.
    pub label: String,
    /// What it says.
    pub says: String,
    /// The connection of a capture that it was seen on.
    pub look: Option<u32>,
}

/// The clock of somebody who tells steps.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClockReport {
    /// Whose clock.
    pub teller: String,
    /// The one whose clock the time line is written in.
    pub reference: String,
    /// How far it is ahead of that, in milliseconds; `null` when nothing ties them.
    pub ahead_ms: Option<f64>,
    /// Attempts that both tell.
    pub matched: u64,
    /// What ties them.
    #[schemars(extend("enum" = ["port", "order", "assumed", "nothing", "reference"]))]
    pub how: String,
    /// The same in words.
    pub says: String,
}

/// What several say differently about one attempt.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ContradictionReport {
    /// In words.
    pub says: String,
    /// The number of the attempt.
    pub attempt: u32,
    /// Who says it.
    pub tellers: Vec<String>,
}

/// Puts what was joined into a report; what a reader should know of it before the verdict goes into the notes.
pub fn add(report: &mut Report, joined: &Joined) {
    report.timeline = joined
        .lines
        .iter()
        .map(|line| TimelineReport {
            at: Timestamp::from_microsecond(line.at.0)
                .map_or_else(|_| String::new(), |at| at.to_string()),
            attempt: line.attempt,
            teller: line.step.teller.clone(),
            side: slug(&line.step.side),
            source: slug(&line.step.source),
            file: line.step.file.clone(),
            label: line.step.label.clone(),
            says: line.step.says.clone(),
            look: line.look.map(|look| look.0),
        })
        .collect();
    report.clocks = joined.clocks.iter().map(clock).collect();
    report.contradictions = joined
        .contradictions
        .iter()
        .map(|one| ContradictionReport {
            says: one.says.clone(),
            attempt: one.attempt,
            tellers: one.tellers.clone(),
        })
        .collect();
    let mut said = Vec::new();
    for one in &joined.contradictions {
        let note = format!("Contradiction: {}", one.says);
        if !said.contains(&note) {
            said.push(note);
        }
    }
    report.notes.extend(said);
    // A connection of which one side says that it was cut off is not healthy, whatever the other side saw of it.
    if report.outcome == Outcome::Healthy
        && let Some(first) = joined.contradictions.first()
    {
        report.outcome = Outcome::Unknown;
        report.summary = format!(
            "Nothing here shows why {} fails, and those who tell of it disagree about how it ended: {}.",
            report.target.host, first.says
        );
    }
    // One teller alone has nothing to be compared with.
    if joined.common() > 0 {
        report.notes.push(format!(
            "{} told by more than one file; rdpdoctor -v shows the time line",
            match joined.common() {
                1 => "1 attempt is".to_owned(),
                many => format!("{many} attempts are"),
            }
        ));
        let apart = joined.clocks.iter().filter(|clock| {
            clock.how != Matched::Reference
                && ahead(clock).is_some_and(|ahead| ahead.abs() >= 1_000_000)
        });
        report.notes.extend(apart.map(says));
    }
}

/// How far a clock is ahead, without the days that it does not tell.
fn ahead(clock: &Clock) -> Option<i64> {
    clock.ahead.map(|ahead| match clock.dated {
        Dated::WithoutDay => within_a_day(ahead),
        _ => ahead,
    })
}

fn clock(clock: &Clock) -> ClockReport {
    let how = match clock.how {
        Matched::ByPort => "port",
        Matched::ByOrder => "order",
        Matched::Assumed => "assumed",
        Matched::Unmatched => "nothing",
        Matched::Reference => "reference",
    };
    ClockReport {
        teller: clock.teller.clone(),
        reference: clock.reference.clone(),
        ahead_ms: ahead(clock).map(millis),
        matched: u64::try_from(clock.matched).unwrap_or(u64::MAX),
        how: how.to_owned(),
        says: says(clock),
    }
}

fn says(clock: &Clock) -> String {
    let (teller, reference) = (&clock.teller, &clock.reference);
    let Some(ahead) = ahead(clock) else {
        return format!("nothing ties the clock of {teller} to that of {reference}");
    };
    if clock.how == Matched::Reference {
        return format!("the time line is written in the clock of {teller}");
    }
    let far = duration(millis(ahead.abs()));
    let way = if ahead < 0 { "behind" } else { "ahead of" };
    let stand = if ahead.abs() < 1_000_000 {
        format!("the clocks of {teller} and {reference} agree within a second")
    } else {
        format!("the clock of {teller} is {far} {way} that of {reference}")
    };
    let tied = match clock.how {
        Matched::ByPort => format!(
            "{} with the same address and port",
            count(clock.matched, "connection")
        ),
        Matched::ByOrder => format!("{} in the same distances", count(clock.matched, "attempt")),
        _ => "one attempt each, taken to be the same".to_owned(),
    };
    let zone = match clock.dated {
        Dated::Wholly => "",
        Dated::WithoutZone => "; it does not tell its time zone",
        Dated::WithoutDay => "; it tells neither day nor time zone",
    };
    format!("{stand} ({tied}{zone})")
}

fn millis(micros: i64) -> f64 {
    #[expect(
        clippy::as_conversions,
        reason = "exact below 2^53 microseconds, which is 285 years"
    )]
    let micros = micros as f64;
    micros / 1000.0
}
