//! The report: what was concluded and why, as plain data. Every format is written from it and says the
//! same things in the same order.

mod dialog;
mod facts;
pub mod handshakes;
pub mod html;
pub mod joined;
pub mod json;
pub mod junit;
pub mod kerberos;
mod logons;
pub mod machine;
pub mod markdown;
pub mod page;
mod path_words;
pub mod recorded;
pub mod sarif;
pub mod schema;
pub mod survey;
pub mod text;
pub mod words;
pub mod wrap;

use std::collections::BTreeSet;

use diagnose::Diagnosis;
use jiff::Timestamp;
pub use joined::{ClockReport, ContradictionReport, TimelineReport};
use model::{AttemptOutcome, Evidence, Fact, FactKind, Leg, Micros, Phase, Place, UnixSeconds};
pub use recorded::RecordedReport;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use survey::SurveyReport;

/// The version of the format in which reports are written.
pub const REPORT_SCHEMA: &str = "rdpdoctor/report/1";

/// What was concluded about a target, and why.
///
/// Fields are only ever added within a schema version; readers accept what they do not know.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "rdpdoctor report")]
pub struct Report {
    /// The version of this format: `rdpdoctor/report/1`.
    #[schemars(extend("const" = "rdpdoctor/report/1"))]
    pub schema: String,
    /// What made the report.
    pub tool: Tool,
    /// What someone tries to reach.
    pub target: ReportTarget,
    /// The state of the connection in one word.
    pub outcome: Outcome,
    /// The verdict in a sentence or two.
    pub summary: String,
    /// The last rung that was passed: `tcp`, or with another leg than the host's `gateway/tcp`.
    pub reached: Option<String>,
    /// The rung on which the connection fails.
    pub stopped_at: Option<String>,
    /// When the first look began, UTC, RFC 3339.
    pub opened_at: String,
    /// How long all looks together took, in milliseconds.
    pub took_ms: Option<f64>,
    /// The number of TCP connections that opened.
    pub connections: u64,
    /// The looks were interrupted before all had ended.
    pub interrupted: bool,
    /// The machine that was looked at from inside, when one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<machine::MachineReport>,
    /// The ladder, rung by rung.
    pub phases: Vec<PhaseReport>,
    /// What a survey (`--full`) found that the server takes and refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<SurveyReport>,
    /// What is known of Kerberos from here (`--realm`, or a user such as NAME@REALM), as a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kerberos: Vec<Line>,
    /// Causes that are supported, most probable blocking cause first; empty when healthy.
    pub findings: Vec<FindingReport>,
    /// What the Windows client shows for a connection that ends like this, when that is certain.
    pub shown_as: Option<ShownAs>,
    /// What to look at next, best first.
    pub leads: Vec<LeadReport>,
    /// What was not looked at.
    pub not_checked: Vec<NotCheckedReport>,
    /// What a reader should know before the verdict, such as settings that this version does not follow.
    pub notes: Vec<String>,
    /// Everything that was seen, in the order in which it came.
    pub evidence: Vec<EvidenceReport>,
    /// Everything that was tried.
    pub attempts: Vec<AttemptReport>,
    /// What an input did not let us read.
    pub damage: Vec<DamageReport>,
    /// Every connection of the captures that were read, whether it is judged or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recorded: Vec<RecordedReport>,
    /// What files tell of attempts, in order, on one clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<TimelineReport>,
    /// The clocks of those who tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockReport>,
    /// What they say differently about the same attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<ContradictionReport>,
}

/// What made a report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What someone tries to reach.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReportTarget {
    /// The words as they were typed.
    pub input: String,
    /// The name or address of the host.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The RD Gateway on the way, when there is one.
    pub gateway: Option<String>,
    /// The client whose connection fails.
    pub client: ReportClient,
}

/// The client whose connection fails.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReportClient {
    /// The program, when it is known.
    pub program: Option<String>,
    /// The security protocols it offers (`requestedProtocols` of \[MS-RDPBCGR\] 2.2.1.1.1).
    pub offers: u32,
}

/// How one rung went.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PhaseReport {
    /// The rung.
    #[schemars(schema_with = "schema::phases")]
    pub phase: Phase,
    /// The stretch of road.
    #[schemars(schema_with = "schema::legs")]
    pub leg: Leg,
    /// How it went.
    pub outcome: PhaseOutcome,
    /// When it was begun, in milliseconds since the first look began.
    pub started_ms: Option<f64>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<f64>,
    /// What was seen there, in a few words.
    pub says: String,
}

/// A cause, weighed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FindingReport {
    /// The cause; `rdpdoctor explain` prints its page.
    pub cause: String,
    /// The family of root causes it belongs to.
    pub family: String,
    /// A sentence that is true when the cause is.
    pub title: String,
    /// The stretch of road on which it was found.
    #[schemars(schema_with = "schema::legs")]
    pub leg: Leg,
    /// Where it has to be mended.
    pub side: Side,
    /// What it does to the connection.
    pub severity: Severity,
    /// How sure we are, in a word.
    pub verdict: Verdict,
    /// The sum of the evidence, in decibans.
    pub weight_db: i32,
    /// The probability among its rivals.
    pub probability: f64,
    /// What speaks for it.
    pub because: Vec<ReasonReport>,
    /// What speaks against it.
    pub despite: Vec<ReasonReport>,
    /// What is not known and would tell.
    pub unknown: Vec<String>,
    /// What mends it, best first.
    pub remedies: Vec<String>,
}

/// A piece of evidence for or against a cause.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReasonReport {
    /// In plain words, with the numbers seen.
    pub says: String,
    /// The `id` of the evidence it rests on.
    pub evidence: usize,
    /// What it weighs, in decibans; negative when it speaks against.
    pub weight_db: i32,
}

/// A next look.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LeadReport {
    /// What to do or look at.
    pub look: String,
    /// What it would tell.
    pub why: String,
    /// A command that does it, ready to run.
    pub command: Option<String>,
}

/// Something that was not looked at.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NotCheckedReport {
    /// What.
    pub what: String,
    /// Why not, or what it takes.
    pub why: String,
}

/// Something that was seen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceReport {
    /// Its number in this report.
    pub id: usize,
    /// The kind of fact.
    pub fact: String,
    /// The values of the fact.
    pub value: serde_json::Value,
    /// When it was seen, in milliseconds since the first look began.
    pub at_ms: Option<f64>,
    /// The rung it tells about; `null` for facts that belong to no leg.
    pub place: Option<PlaceReport>,
    /// What kind of source told it.
    #[schemars(schema_with = "schema::sources")]
    pub source: String,
    /// From where it was seen; empty for this machine.
    pub vantage: String,
    /// The attempt during which it was seen.
    pub look: Option<u32>,
}

/// A rung on a stretch of road.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlaceReport {
    /// The stretch of road.
    #[schemars(schema_with = "schema::legs")]
    pub leg: Leg,
    /// The rung.
    #[schemars(schema_with = "schema::phases")]
    pub phase: Phase,
}

/// A look that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AttemptReport {
    /// Its number.
    pub look: u32,
    /// The name of the probe, file reader or question.
    pub probe: String,
    /// `as-client`: it does what the client of the case does; `contrast`: it varies one thing; `survey`: it asks
    /// what no client asks.
    #[schemars(extend("enum" = ["as-client", "contrast", "survey"]))]
    pub intent: String,
    /// What it varied or looked at.
    pub says: String,
    /// How it went: a failing connection is `ran`, a fault of ours is `broke`.
    #[schemars(extend("enum" = ["ran", "skipped", "broke"]))]
    pub outcome: String,
    /// Why it was skipped or broke.
    pub why: Option<String>,
    /// When it began, in milliseconds since the first look began.
    pub at_ms: Option<f64>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<f64>,
    /// What it leaves behind on the server.
    #[schemars(extend("enum" = ["nothing", "log-line", "failed-logon"]))]
    pub trace: String,
}

/// A line of a short table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// What it is about.
    pub about: String,
    /// What was found.
    pub says: String,
}

/// What an input did not let us read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DamageReport {
    /// The file, and the place in it.
    pub place: String,
    /// What is wrong there.
    pub says: String,
}

/// What the Windows client shows for a connection that ends like this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownAs {
    /// The client.
    pub client: String,
    /// The first number of its dialog.
    pub code: String,
    /// The second number of its dialog, when it is known.
    pub extended: Option<String>,
    /// What that says, and what it does not say.
    pub says: String,
}

/// Declares an enum of the report that mirrors one of the diagnosis, name by name.
macro_rules! mirror {
    ($(#[doc = $doc:literal])+ $name:ident from $path:path { $($(#[doc = $says:literal])+ $variant:ident = $slug:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[doc = $says])+ $variant,)+
        }

        impl $name {
            /// The name used in reports.
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$variant => $slug,)+
                }
            }
        }

        impl From<$path> for $name {
            fn from(other: $path) -> Self {
                use $path as Other;
                match other {
                    $(Other::$variant => Self::$variant,)+
                }
            }
        }
    };
}

mirror! {
    /// The state of a connection in one word.
    Outcome from diagnose::Outcome {
        /// Nothing is wrong as far as was looked.
        Healthy = "healthy",
        /// It works, for some or for now, or worse than it should.
        Degraded = "degraded",
        /// The connection fails.
        Failing = "failing",
        /// Too little was seen to say.
        Unknown = "unknown",
    }
}

mirror! {
    /// How a rung went.
    PhaseOutcome from diagnose::RungOutcome {
        /// It was passed.
        Passed = "passed",
        /// It was passed, and something there should be mended.
        Warned = "warned",
        /// The connection ended here.
        Failed = "failed",
        /// It does not apply, or nobody asked for it.
        Skipped = "skipped",
        /// The connection ended before it.
        NotReached = "not-reached",
    }
}

mirror! {
    /// Where a cause has to be mended.
    Side from diagnose::Side {
        /// On the machine that connects.
        Client = "client",
        /// On the way between them.
        Network = "network",
        /// On the machine connected to.
        Server = "server",
        /// On the RD Gateway.
        Gateway = "gateway",
        /// In the name service.
        NameService = "name-service",
        /// In the domain: controllers, accounts, policies.
        Domain = "domain",
    }
}

mirror! {
    /// What a cause does to a connection.
    Severity from diagnose::Severity {
        /// The connection fails.
        Blocking = "blocking",
        /// It works, for some or for now, or worse than it should.
        Degrading = "degrading",
        /// Good to know.
        Note = "note",
    }
}

mirror! {
    /// How sure we are of a cause.
    Verdict from diagnose::Verdict {
        /// The evidence admits no other reading.
        Proven = "proven",
        /// Much speaks for it and little against.
        Likely = "likely",
        /// It cannot be ruled out.
        Possible = "possible",
    }
}

impl Report {
    /// Puts evidence and diagnosis into the words and order of a report.
    pub fn of(evidence: &Evidence, diagnosis: &Diagnosis) -> Self {
        let mut report = Self {
            evidence: evidence.seen.iter().enumerate().map(observed).collect(),
            attempts: evidence.tried.iter().map(attempt).collect(),
            ..Self::outline(evidence, diagnosis)
        };
        report.summary = words::summary(&report);
        if let Some(lead) = plan_lead(&report) {
            // Proof before mend: the best look comes first.
            let place = report.leads.len().min(1);
            report.leads.insert(place, lead);
        }
        report
    }

    /// The same without what was seen and tried, and without the summary.
    pub fn outline(evidence: &Evidence, diagnosis: &Diagnosis) -> Self {
        Self {
            schema: REPORT_SCHEMA.to_owned(),
            tool: Tool {
                name: "rdpdoctor".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            target: ReportTarget {
                input: evidence.target.input.clone(),
                host: evidence.target.host.0.clone(),
                port: evidence.target.port,
                gateway: evidence.target.gateway.as_ref().map(|name| name.0.clone()),
                client: ReportClient {
                    program: evidence.target.client.program.clone(),
                    offers: evidence.target.client.offers.0,
                },
            },
            outcome: diagnosis.outcome.into(),
            summary: String::new(),
            reached: diagnosis.reached.map(|place| place.to_string()),
            stopped_at: diagnosis.stopped_at.map(|place| place.to_string()),
            opened_at: utc(evidence.opened_at),
            took_ms: took(evidence).map(millis),
            connections: connections(evidence),
            interrupted: evidence.interrupted,
            machine: None,
            phases: diagnosis.rungs.iter().map(phase).collect(),
            survey: survey::survey(evidence),
            kerberos: kerberos::table(evidence),
            findings: diagnosis
                .findings
                .iter()
                .map(|found| finding(found, evidence))
                .collect(),
            shown_as: dialog::shown_as(evidence),
            leads: diagnosis.leads.iter().map(lead).collect(),
            not_checked: diagnosis
                .not_checked
                .iter()
                .map(|left| NotCheckedReport {
                    what: left.what.clone(),
                    why: left.why.clone(),
                })
                .collect(),
            notes: Vec::new(),
            evidence: Vec::new(),
            attempts: Vec::new(),
            timeline: Vec::new(),
            clocks: Vec::new(),
            contradictions: Vec::new(),
            damage: evidence
                .damage
                .iter()
                .map(|damage| DamageReport {
                    place: damage.place.clone(),
                    says: damage.says.clone(),
                })
                .collect(),
            recorded: Vec::new(),
        }
    }

    /// The causes that end the connection.
    pub fn blocking(&self) -> impl Iterator<Item = &FindingReport> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Blocking)
    }
}

/// The plan of the mend, when there is one cause to mend and it is more than possible.
fn plan_lead(report: &Report) -> Option<LeadReport> {
    let words::Standing::One(finding) = words::standing(report) else {
        return None;
    };
    if finding.verdict == Verdict::Possible {
        return None;
    }
    let remedy = finding
        .remedies
        .first()
        .and_then(|id| diagnose::remedy(id))?;
    // Files that name no host are about one that has to be named later.
    let on = if report.target.port == 0 {
        String::new()
    } else {
        format!(" --for {}", words::host_and_port(report))
    };
    Some(LeadReport {
        look: "plan the mend".to_owned(),
        why: remedy.title.to_owned(),
        command: Some(format!("rdpdoctor fix {}{on}", finding.cause)),
    })
}

fn phase(rung: &diagnose::Rung) -> PhaseReport {
    PhaseReport {
        phase: rung.place.phase,
        leg: rung.place.leg,
        outcome: rung.outcome.into(),
        started_ms: rung.started.map(millis),
        took_ms: rung.took.map(millis),
        says: rung.says.clone(),
    }
}

fn finding(finding: &diagnose::Finding, evidence: &Evidence) -> FindingReport {
    let reasons = |reasons: &[diagnose::Reason]| {
        reasons
            .iter()
            .map(|reason| ReasonReport {
                says: reason.says.clone(),
                evidence: reason.evidence,
                weight_db: reason.weight_db,
            })
            .collect()
    };
    FindingReport {
        cause: finding.cause.id.to_owned(),
        family: finding.cause.family.to_owned(),
        title: finding.cause.title.to_owned(),
        leg: finding.leg,
        side: finding.cause.side.into(),
        severity: finding.severity.into(),
        verdict: finding.verdict.into(),
        weight_db: finding.weight_db,
        // Four digits: more would claim a precision that nobody has.
        probability: (finding.probability * 10_000.0).round() / 10_000.0,
        because: reasons(&finding.because),
        despite: reasons(&finding.despite),
        unknown: finding
            .unknown
            .iter()
            .map(|&what| what.to_owned())
            .collect(),
        remedies: finding
            .cause
            .remedies
            .iter()
            .filter(|id| {
                let remedy = diagnose::remedy(id);
                !remedy.is_some_and(|remedy| (remedy.moot)(&diagnose::draft::Case::of(evidence)))
            })
            .map(|&remedy| remedy.to_owned())
            .collect(),
    }
}

fn lead(lead: &diagnose::Lead) -> LeadReport {
    LeadReport {
        look: lead.look.clone(),
        why: lead.why.clone(),
        command: lead.command.clone(),
    }
}

fn observed((id, observation): (usize, &model::Observation)) -> EvidenceReport {
    let (fact, value) = match serde_json::to_value(&observation.fact) {
        Ok(serde_json::Value::Object(mut tagged)) => (
            tagged
                .remove("fact")
                .and_then(|name| name.as_str().map(str::to_owned))
                .unwrap_or_default(),
            tagged.remove("value").unwrap_or_default(),
        ),
        _ => (String::new(), serde_json::Value::Null),
    };
    EvidenceReport {
        id,
        fact,
        value,
        at_ms: observation.at.map(millis),
        place: observation
            .place
            .map(|Place { leg, phase }| PlaceReport { leg, phase }),
        source: slug(&observation.source),
        vantage: observation.vantage.clone(),
        look: observation.look.map(|look| look.0),
    }
}

fn attempt(attempt: &model::Attempt) -> AttemptReport {
    let (outcome, why) = match &attempt.outcome {
        AttemptOutcome::Ran => ("ran", None),
        AttemptOutcome::Skipped(why) => ("skipped", Some(why.clone())),
        AttemptOutcome::Broke(why) => ("broke", Some(why.clone())),
    };
    AttemptReport {
        look: attempt.look.0,
        probe: attempt.probe.clone(),
        intent: slug(&attempt.intent),
        says: attempt.says.clone(),
        outcome: outcome.to_owned(),
        why,
        at_ms: attempt.at.map(millis),
        took_ms: attempt.took.map(millis),
        trace: slug(&attempt.trace),
    }
}

/// The name serde writes for a value without fields.
fn slug(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// From the first look to the last thing known. A recorded case was opened in the second before its first look.
fn took(evidence: &Evidence) -> Option<Micros> {
    let attempts = || {
        evidence
            .tried
            .iter()
            .filter_map(|attempt| Some((attempt.at?, attempt.at?.plus(attempt.took?))))
    };
    let seen = || {
        evidence
            .seen
            .iter()
            .filter_map(|observation| observation.at)
    };
    let last = attempts().map(|(_, end)| end).chain(seen()).max()?;
    let first = attempts()
        .map(|(start, _)| start)
        .min()
        .filter(|start| seen().all(|at| at >= *start));
    Some(last.since(first.unwrap_or_default()))
}

/// The number of TCP connections that opened: the attempts that saw one open.
fn connections(evidence: &Evidence) -> u64 {
    let opened = evidence
        .seen
        .iter()
        .filter(|observation| observation.fact.kind() == FactKind::TcpOpened);
    let looks: BTreeSet<_> = opened
        .clone()
        .filter_map(|observation| observation.look)
        .collect();
    let without = opened
        .filter(|observation| observation.look.is_none())
        .count();
    // A test of how much a host takes opens several in one look.
    let held: u64 = evidence
        .seen
        .iter()
        .map(|observation| match observation.fact {
            Fact::ConnectionsHeld { held, .. } => u64::from(held),
            _ => 0,
        })
        .sum();
    u64::try_from(looks.len() + without)
        .unwrap_or(u64::MAX)
        .saturating_add(held)
}

/// Milliseconds with three digits: what a clock of microseconds can tell.
fn millis(time: Micros) -> f64 {
    #[expect(
        clippy::as_conversions,
        reason = "exact below 2^53 microseconds, which is 285 years"
    )]
    let micros = time.0 as f64;
    micros / 1000.0
}

/// The moment in RFC 3339, UTC.
fn utc(moment: UnixSeconds) -> String {
    Timestamp::from_second(moment.0).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// All facts of attempts that do what the client of the case does, with the attempt's facts in order.
fn as_client(evidence: &Evidence) -> impl Iterator<Item = &Fact> {
    evidence
        .seen
        .iter()
        .filter(|observation| {
            observation
                .look
                .and_then(|look| evidence.attempt(look))
                .is_none_or(|attempt| attempt.intent == model::Intent::AsClient)
        })
        .map(|observation| &observation.fact)
}
