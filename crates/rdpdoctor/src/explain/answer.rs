//! What is answered: everything that a code can mean, ordered, with what follows from it.

use model::codes::{self, CLAIMS, Claim, Code, Confidence, Topic, space};
use serde::Serialize;

use super::catalogue;
use super::context::{Called, Context};
use super::lookup::{self, Reading};
use super::number::Number;
use super::scan::{Find, What};
use super::together::Together;

/// The version of the form in which answers are written as JSON.
pub const SCHEMA: &str = "rdpdoctor/explain/1";

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The version of this form.
    pub schema: &'static str,
    /// Who answers.
    pub tool: Tool,
    /// What was asked; the beginning of it, when it is long.
    pub input: String,
    /// The answers, most telling first.
    pub answers: Vec<Answer>,
    /// What has to be said about the whole.
    pub notes: Vec<String>,
    /// What all of it taken together speaks for.
    #[serde(skip_serializing_if = "Together::is_empty")]
    pub together: Together,
    /// Different things that were found and are not shown.
    pub left_out: u64,
}

/// The program and its version.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self {
        name: "rdpdoctor",
        version: env!("CARGO_PKG_VERSION"),
    };
}

/// The answer about one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What was given, as it was written.
    pub given: String,
    /// What it is.
    pub kind: Kind,
    /// What it says, in a sentence; when it can say several things, that.
    pub says: String,
    /// Everything it can mean, most plausible first.
    pub readings: Vec<ReadingReport>,
    /// What is claimed about it, and how the claims fare.
    pub claims: Vec<ClaimReport>,
    /// The line of the text on which it was found first, from 1; `None` when it was given by itself.
    pub line: Option<u64>,
    /// How often it was found in the text.
    pub times: u64,
    /// The reading on which one can go on; `None` when what was given has no single meaning.
    #[serde(skip)]
    pub leader: Option<&'static Code>,
    /// What it is about, when it is no code.
    #[serde(skip)]
    pub topic: Option<Topic>,
}

/// Kinds of things given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Both numbers of a dialog.
    Pair,
    /// A number.
    Number,
    /// A name.
    Name,
    /// An event.
    Event,
    /// A line of a log.
    LogLine,
    /// Words of a dialog or of a person.
    Words,
}

/// One thing that was given can mean.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingReport {
    /// The namespace.
    pub namespace: &'static str,
    /// What the numbers of the namespace are.
    pub namespace_says: &'static str,
    /// The number as its namespace writes it; empty for lines of logs.
    pub number: String,
    /// The number in decimal.
    pub decimal: Option<i64>,
    /// The number in hexadecimal.
    pub hex: Option<String>,
    /// The name in the specification; empty when it has none.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// What has to be known to read it rightly; empty when nothing.
    pub note: String,
    /// The rung it tells about; `None` when it can come on any.
    pub place: Option<String>,
    /// What it is about.
    pub topic: &'static str,
    /// What it rules in.
    pub rules_in: &'static str,
    /// What it rules out.
    pub rules_out: &'static str,
    /// Causes of the catalogue that it speaks for, most probable first.
    pub causes: Vec<CauseReport>,
    /// Where to look next.
    pub next: Vec<LookReport>,
    /// Where it is written.
    pub source: SourceReport,
    /// How sure it is that the code says this.
    pub confidence: Confidence,
    /// How plausible it is that this code is meant.
    pub plausibility: Plausibility,
}

/// How plausible a reading is beside the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plausibility {
    /// Clearly more than every other.
    Most,
    /// As plausible as any other.
    Likely,
    /// Less than others.
    Possible,
    /// It fits, and hardly anything speaks for it.
    Unlikely,
}

impl Plausibility {
    /// The word for it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Most => "most plausible",
            Self::Likely => "plausible",
            Self::Possible => "possible",
            Self::Unlikely => "unlikely",
        }
    }
}

/// A cause of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CauseReport {
    /// Its id.
    pub id: &'static str,
    /// The sentence that is true when the cause is.
    pub title: &'static str,
}

/// A next look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookReport {
    /// What to look at.
    pub look: &'static str,
    /// A command that does it.
    pub command: Option<&'static str>,
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// The document.
    pub document: &'static str,
    /// The place in it.
    pub section: &'static str,
}

/// A claim and how it fares.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimReport {
    /// What it is about.
    pub about: &'static str,
    /// What is claimed.
    pub claim: &'static str,
    /// How it fares.
    pub verdict: codes::Verdict,
    /// Why.
    pub why: &'static str,
    /// Where that is written.
    pub source: SourceReport,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How many decibans a reading must lead by to be the one to go on with.
const LEAD: i32 = 6;

/// The largest number that alone never has one meaning.
const SMALL: i64 = 0xFF;

/// Answers about a number, with what is known about where it stands.
pub fn number(number: &Number, context: &Context) -> Option<Answer> {
    let readings = lookup::number(number, context);
    let top = readings.first()?;
    let rival = readings.iter().find(|other| !same_meaning(top, other));
    let leads = rival.is_none_or(|rival| top.score.saturating_sub(rival.score) >= LEAD);
    let told = context.called != Called::Nothing
        || context.client.is_some()
        || context.provider.is_some()
        || context.second;
    let leader = (leads && (number.bits() > SMALL || told || rival.is_none())).then_some(top.code);
    let given = match context.called {
        Called::Event => format!("event {}", number.text),
        Called::Exit => format!("exit status {}", number.text),
        Called::Alert => format!("alert {}", number.text),
        _ => number.text.clone(),
    };
    let says = match leader {
        Some(code) => code.says.to_owned(),
        None => format!("alone it has no single meaning: {} fit", readings.len()),
    };
    let kind = if context.called == Called::Event {
        Kind::Event
    } else {
        Kind::Number
    };
    let is_closed =
        leader.is_some_and(|code| code.topic == Topic::SocketClosed && code.number == Some(0x904));
    Some(Answer {
        given,
        kind,
        says,
        readings: reports(&readings, leader.is_some()),
        claims: if is_closed { claims() } else { Vec::new() },
        line: None,
        times: 1,
        leader,
        topic: None,
    })
}

/// The same name, or the same topic, under two namespaces is one meaning to go on with.
fn same_meaning(one: &Reading, other: &Reading) -> bool {
    let (one, other) = (one.code, other.code);
    one.topic == other.topic || (!one.name.is_empty() && one.name == other.name)
}

/// Answers about both numbers of a dialog.
pub fn pair(first: &Number, second: &Number, context: &Context) -> Answer {
    let first_context = Context {
        called: Called::Disconnect,
        second: false,
        ..*context
    };
    let second_context = Context {
        called: Called::Nothing,
        second: true,
        ..*context
    };
    let listed = lookup::pair(first.bits(), second.bits());
    let firsts = lookup::number(first, &first_context);
    let seconds: Vec<Reading> = lookup::number(second, &second_context)
        .into_iter()
        .filter(|reading| matches!(reading.code.space.slug, "ext-disc-reason" | "errorinfo"))
        .collect();
    let mut readings = Vec::new();
    if let Some(code) = listed {
        readings.push(Reading {
            code,
            via: None,
            score: 200,
        });
    }
    // The first number is read as a client's; other readings belong to it alone.
    let is_dialog = |reading: &&Reading| {
        matches!(
            reading.code.space.slug,
            "mstsc-disc-reason"
                | "mstsc-described"
                | "mstsc-primary-undocumented"
                | "macos-client"
                | "avd-client"
                | "mstsc-disc-reason-class"
        )
    };
    readings.extend(firsts.iter().filter(is_dialog).cloned());
    readings.extend(seconds.iter().take(2).cloned());
    let first_says = firsts.iter().find(is_dialog).map(|reading| reading.code);
    let second_says = seconds.first().map(|reading| reading.code);
    // A server's own reason outweighs the client's "by server".
    let leader = listed.or(match (first_says, second_says) {
        (Some(first), Some(second))
            if first.topic == Topic::ServerEnded && second.topic != Topic::NoInfo =>
        {
            Some(second)
        }
        (Some(first), _) => Some(first),
        (None, second) => second,
    });
    let says = match (listed, first_says, second_says) {
        (Some(code), _, _) => code.says.to_owned(),
        (None, Some(first), Some(second)) if second.topic == Topic::NoInfo => {
            format!("{}; {}", first.says, second.says)
        }
        (None, Some(first), Some(second)) => {
            format!("{}; the second number says: {}", first.says, second.says)
        }
        (None, Some(first), None) => {
            format!("{}; the second number is not a published one", first.says)
        }
        (None, None, Some(second)) => format!(
            "the first number is not a published one; the second says: {}",
            second.says
        ),
        (None, None, None) => "neither number is a published one".to_owned(),
    };
    let is_closed = first.bits() == 0x904;
    Answer {
        given: format!("{} / {}", first.text, second.text),
        kind: Kind::Pair,
        says,
        readings: reports(&readings, leader.is_some()),
        claims: if is_closed { claims() } else { Vec::new() },
        line: None,
        times: 1,
        leader,
        topic: None,
    }
}

/// Answers about a name.
pub fn name(word: &str) -> Option<Answer> {
    let readings = lookup::name(word);
    let top = readings.first()?;
    Some(Answer {
        given: word.to_owned(),
        kind: Kind::Name,
        says: top.code.says.to_owned(),
        readings: reports(&readings, true),
        claims: Vec::new(),
        line: None,
        times: 1,
        leader: Some(top.code),
        topic: None,
    })
}

/// Answers about something found in a text.
pub fn of(find: &Find) -> Option<Answer> {
    let mut answer = match &find.what {
        What::Pair(first, second) => pair(first, second, &find.context),
        What::Number(given) => number(given, &find.context)?,
        What::Name(word) => name(word)?,
        What::Line(code) => {
            let reading = Reading {
                code,
                via: None,
                score: 0,
            };
            Answer {
                given: code
                    .lines
                    .first()
                    .map(|line| shown(line))
                    .unwrap_or_default(),
                kind: Kind::LogLine,
                says: code.says.to_owned(),
                readings: reports(&[reading], true),
                claims: Vec::new(),
                line: None,
                times: 1,
                leader: Some(code),
                topic: None,
            }
        }
        What::Phrase(phrase) => Answer {
            given: format!("“{}”", phrase.words),
            kind: Kind::Words,
            says: phrase.topic.lore().says.to_owned(),
            readings: vec![of_words(phrase.topic)],
            claims: Vec::new(),
            line: None,
            times: 1,
            leader: None,
            topic: Some(phrase.topic),
        },
    };
    answer.line = Some(find.line);
    answer.times = find.times;
    Some(answer)
}

/// The words of a log line, with an ellipsis where anything can stand.
fn shown(line: &str) -> String {
    line.trim_end_matches('$')
        .replace('*', "…")
        .trim()
        .to_owned()
}

fn claims() -> Vec<ClaimReport> {
    CLAIMS.iter().map(claim).collect()
}

fn claim(claim: &Claim) -> ClaimReport {
    ClaimReport {
        about: claim.about,
        claim: claim.claim,
        verdict: claim.verdict,
        why: claim.why,
        source: SourceReport {
            document: claim.document,
            section: claim.section,
        },
        confidence: claim.confidence,
    }
}

fn reports(readings: &[Reading], has_leader: bool) -> Vec<ReadingReport> {
    let top = readings.first().map_or(0, |reading| reading.score);
    readings
        .iter()
        .enumerate()
        .map(|(index, reading)| {
            let plausibility = match top - reading.score {
                _ if index == 0 && has_leader => Plausibility::Most,
                0..=LEAD => Plausibility::Likely,
                behind if behind <= 25 => Plausibility::Possible,
                _ => Plausibility::Unlikely,
            };
            report(reading.code, reading.via.as_deref(), plausibility)
        })
        .collect()
}

/// All that is known about a code.
pub fn report(code: &'static Code, via: Option<&str>, plausibility: Plausibility) -> ReadingReport {
    let lore = code.topic.lore();
    let decimal_form = codes::dialog::DECIMAL_FORM
        .iter()
        .find(|form| {
            [&space::MSTSC_DISC_REASON, &space::MSTSC_DIALOG_PAIR].contains(&code.space)
                && form.number == code.number
        })
        .map(|form| form.says);
    let notes = [via, Some(code.note), decimal_form];
    let note = notes
        .into_iter()
        .flatten()
        .filter(|note| !note.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    ReadingReport {
        namespace: code.space.slug,
        namespace_says: code.space.says,
        number: code.written(),
        decimal: code.number,
        hex: code
            .number
            .map(|number| format!("0x{:X}", number & 0xFFFF_FFFF)),
        name: code.name,
        says: code.says,
        note,
        place: code.place.map(|place| place.to_string()),
        topic: code.topic.slug(),
        rules_in: lore.rules_in,
        rules_out: lore.rules_out,
        causes: catalogue::causes(code.topic),
        next: lore
            .next
            .iter()
            .map(|look| LookReport {
                look: look.what,
                command: look.command,
            })
            .collect(),
        source: SourceReport {
            document: code.document,
            section: code.section,
        },
        confidence: code.confidence,
        plausibility,
    }
}

/// What is known about words that say something.
fn of_words(topic: Topic) -> ReadingReport {
    let lore = topic.lore();
    ReadingReport {
        namespace: "words",
        namespace_says: "sentences of dialogs and words of people",
        number: String::new(),
        decimal: None,
        hex: None,
        name: "",
        says: lore.says,
        note: String::new(),
        place: None,
        topic: topic.slug(),
        rules_in: lore.rules_in,
        rules_out: lore.rules_out,
        causes: catalogue::causes(topic),
        next: lore
            .next
            .iter()
            .map(|look| LookReport {
                look: look.what,
                command: look.command,
            })
            .collect(),
        source: SourceReport {
            document: "words of dialogs and reports",
            section: "",
        },
        confidence: Confidence::Medium,
        plausibility: Plausibility::Likely,
    }
}
