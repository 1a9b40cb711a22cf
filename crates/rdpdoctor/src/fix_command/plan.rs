//! From a cause or a report to a plan, and the other ways there are.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser as _;
use diagnose::{Case, Cause, Draft, Remedy};
use jiff::Timestamp;
use model::plan::{Action, Plan, Step, System};
use model::{ClientProfile, Evidence, Fact, HostName, Observation, Source, Target, UnixSeconds};

use super::{FixArguments, scripts, text};
use crate::check::now;
use crate::cli::{Arguments, Command, Format, OutputArguments};
use crate::failure::{Failure, Status};
use crate::report::{REPORT_SCHEMA, Report};
use crate::target::endpoint::{endpoint, quoted};
use crate::{analyze, answer};

/// Families of causes that servers other than Windows' own have.
const ELSEWHERE: &[&str] = &["linux-tls-key-unreadable", "server-app-misconfig"];

/// The largest report that is read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A plan, and what else could be done.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The cause it mends.
    pub cause: &'static Cause,
    /// The remedy it carries out.
    pub remedy: &'static Remedy,
    /// The system of the server, and whether something told it.
    pub system: (System, bool),
    /// Other remedies of the cause, with what they lack.
    pub others: Vec<(&'static Remedy, Option<&'static str>)>,
    /// What the plan was drafted from.
    pub evidence: Evidence,
    /// What was given: the cause, or the name of the report.
    pub given: String,
}

/// What was just seen on this machine.
#[derive(Clone, Copy, Debug)]
pub struct Here<'e> {
    /// Everything.
    pub seen: &'e Evidence,
    /// The cause to mend, of those that a report names.
    pub cause: Option<&'static Cause>,
}

/// Drafts the plan that was asked for, also from what was just seen on this machine.
pub fn planned(arguments: &FixArguments, here: Option<Here<'_>>) -> Result<Planned, Failure> {
    let Some(given) = &arguments.what else {
        return Err(Failure::usage(
            "nothing to mend was given; give a cause, such as rdpdoctor fix secure.key-unusable, or a report that was \
             saved with rdpdoctor HOST -o report.json",
        ));
    };
    let (cause, mut evidence) = match diagnose::cause(given) {
        Some(cause) if arguments.with.is_empty() => (cause, nothing_seen()),
        Some(cause) => {
            let mut evidence = evidence(&joined(None, &arguments.with)?);
            // Files that tell of no host.
            if evidence.target.port == 0 {
                evidence.target = nothing_seen().target;
            }
            (cause, evidence)
        }
        None => of_report(given, &arguments.with)?,
    };
    if let Some(host) = &arguments.host {
        let endpoint = endpoint(host)?;
        evidence.target.host = HostName(endpoint.host);
        evidence.target.port = endpoint.port.unwrap_or(evidence.target.port);
        evidence.target.address = endpoint.address;
    }
    drafted(arguments, given, cause, evidence, here)
}

/// Drafts the plan for what a report tells: for the cause that was named, or its most probable one.
pub fn of_seen(arguments: &FixArguments, report: &Report) -> Result<Planned, Failure> {
    let cause = match &arguments.what {
        Some(named) => diagnose::cause(named),
        None => first_cause(report),
    };
    let Some(cause) = cause else {
        return Err(Failure::usage(match &arguments.what {
            Some(named) => format!("there is no cause {}", quoted(named)),
            None => "what was seen names no cause, so there is nothing to mend".to_owned(),
        }));
    };
    drafted(arguments, cause.id, cause, evidence(report), None)
}

fn drafted(
    arguments: &FixArguments,
    given: &str,
    cause: &'static Cause,
    mut evidence: Evidence,
    here: Option<Here<'_>>,
) -> Result<Planned, Failure> {
    let cause = here.and_then(|here| here.cause).unwrap_or(cause);
    if let Some(here) = here {
        evidence.seen.extend(here.seen.seen.iter().cloned());
    }
    let mut case = Case::of(&evidence);
    if here.is_some() && cfg!(target_os = "linux") {
        case.server = System::Linux;
    }
    if evidence.seen.is_empty() && ELSEWHERE.contains(&cause.family) {
        case.server = System::Linux;
    }
    let said = arguments.system.map(System::from).or_else(|| {
        // A script for one system says which is meant, where nothing was seen.
        let unseen = evidence.seen.is_empty();
        arguments.script.filter(|_| unseen)?.system()
    });
    if let Some(system) = said {
        case.server = system;
        case.client = system;
    }
    let told = said.is_some() || !evidence.seen.is_empty();
    let (remedy, plan, others) = choose(&case, cause, arguments)?;
    let system = (case.server, told);
    Ok(Planned {
        plan,
        cause,
        remedy,
        system,
        others,
        evidence,
        given: given.to_owned(),
    })
}

type Other = (&'static Remedy, Option<&'static str>);

/// The remedy that was asked for, or the first of the cause that can be drafted.
fn choose(
    case: &Case<'_>,
    cause: &'static Cause,
    arguments: &FixArguments,
) -> Result<(&'static Remedy, Plan, Vec<Other>), Failure> {
    let at = now();
    let id = name(cause, at);
    let mut chosen = None;
    let mut others = Vec::new();
    let remedies: Vec<&'static Remedy> = match &arguments.remedy {
        Some(wanted) => vec![diagnose::remedy(wanted).ok_or_else(|| {
            Failure::usage(format!(
                "there is no remedy {}; those of {} are {}",
                quoted(wanted),
                cause.id,
                cause.remedies.join(", ")
            ))
        })?],
        None => cause
            .remedies
            .iter()
            .filter_map(|id| diagnose::remedy(id))
            .collect(),
    };
    for remedy in remedies {
        match diagnose::draft::plan(case, cause, remedy, &id, at) {
            // A script is for what a program can do.
            Ok(plan)
                if chosen.is_none()
                    && (arguments.script.is_none() || scripts::fits(&plan, case.server)) =>
            {
                chosen = Some((remedy, plan));
            }
            Ok(_) => others.push((remedy, None)),
            Err(Draft::Lacks { says, .. }) => others.push((remedy, Some(says))),
            Err(Draft::Steps(_)) => {}
        }
    }
    if arguments.remedy.is_some() {
        others.extend(
            cause
                .remedies
                .iter()
                .filter_map(|id| diagnose::remedy(id))
                .filter(|other| {
                    chosen
                        .as_ref()
                        .is_none_or(|(remedy, _)| remedy.id != other.id)
                        && others.iter().all(|(known, _)| known.id != other.id)
                })
                .map(|other| (other, None))
                .collect::<Vec<_>>(),
        );
    }
    let Some((remedy, plan)) = chosen else {
        if arguments.script.is_some() && others.iter().any(|(_, lacks)| lacks.is_none()) {
            return Err(Failure::usage(format!(
                "what mends {} is done by a person: rdpdoctor fix {} says how",
                cause.id, cause.id
            )));
        }
        let lacks: Vec<String> = others
            .iter()
            .filter_map(|(remedy, lacks)| Some(format!("{}: {}", remedy.title, (*lacks)?)))
            .collect();
        return Err(Failure::usage(format!(
            "too little is known to plan: {}",
            lacks.join(" ")
        )));
    };
    if let Some(protection) = remedy.weakens
        && !arguments.accept_risk
    {
        return Err(Failure::usage(format!(
            "{} weakens security: {} Try the other remedies of {} first; --accept-risk plans it all the same",
            remedy.id, protection, cause.id
        )));
    }
    Ok((remedy, plan, others))
}

/// A name that no other plan on the machine has.
fn name(cause: &Cause, at: UnixSeconds) -> String {
    let slug = cause.id.rsplit('.').next().unwrap_or_default();
    let at = Timestamp::from_second(at.0).unwrap_or_default();
    format!("{slug}-{}", at.strftime("%Y%m%d-%H%M%S"))
}

/// A case about any host.
pub(super) fn nothing_seen() -> Evidence {
    Evidence::of(
        Target {
            input: String::new(),
            host: HostName(String::new()),
            port: model::target::RDP_PORT,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        },
        now(),
    )
}

/// Every cause that a report names, most probable first, and what was seen.
pub(super) fn causes_of_report(given: &str) -> Result<(Vec<&'static Cause>, Target), Failure> {
    let report = read(given)?;
    let causes = report
        .findings
        .iter()
        .filter_map(|finding| diagnose::cause(&finding.cause))
        .collect();
    Ok((causes, evidence(&report).target))
}

/// The most probable cause of a report, and what was seen.
fn of_report(given: &str, with: &[PathBuf]) -> Result<(&'static Cause, Evidence), Failure> {
    if given == "-" && !with.is_empty() {
        return Err(Failure::usage(
            "a report from standard input cannot be joined with others; save it to a file",
        ));
    }
    let mut report = read(given)?;
    if !with.is_empty() {
        report = joined(Some(given), with)?;
    }
    let Some(cause) = first_cause(&report) else {
        return Err(Failure::usage(format!(
            "the report {} names no cause, so there is nothing to mend",
            quoted(given)
        )));
    };
    Ok((cause, evidence(&report)))
}

fn first_cause(report: &Report) -> Option<&'static Cause> {
    report
        .findings
        .iter()
        .find_map(|finding| diagnose::cause(&finding.cause))
}

/// One report of what several machines and files tell, weighed together.
fn joined(given: Option<&str>, with: &[PathBuf]) -> Result<Report, Failure> {
    let mut words = vec![OsString::from("rdpdoctor"), "analyze".into(), "--".into()];
    words.extend(given.map(OsString::from));
    words.extend(with.iter().map(OsString::from));
    let parsed =
        Arguments::try_parse_from(words).map_err(|error| Failure::usage(error.to_string()))?;
    let Some(Command::Analyze(arguments)) = parsed.command else {
        return Err(Failure::usage("these files cannot be joined"));
    };
    let output = OutputArguments {
        no_progress: true,
        ..OutputArguments::default()
    };
    analyze::examine(&arguments, &output)
}

fn read(given: &str) -> Result<Report, Failure> {
    let path = std::path::Path::new(given);
    let mut bytes = Vec::new();
    if given == "-" {
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut bytes)
            .context("cannot read stdin")?;
    } else if path.is_file() {
        let file = std::fs::File::open(path).with_context(|| format!("cannot read {given}"))?;
        file.take(LARGEST)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {given}"))?;
    } else {
        let words = given.to_lowercase();
        let near: Vec<&str> = diagnose::CAUSES
            .iter()
            .map(|cause| cause.id)
            .filter(|id| {
                let slug = id.rsplit('.').next().unwrap_or_default();
                words.contains(slug) || slug.contains(words.as_str())
            })
            .take(5)
            .collect();
        let help = if near.is_empty() {
            "rdpdoctor HOST names the cause; docs/causes lists all".to_owned()
        } else {
            format!("did you mean {}?", near.join(", or "))
        };
        return Err(Failure::usage(format!(
            "{} is neither a cause nor a file; {help}",
            quoted(given)
        )));
    }
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage(format!(
            "{} is not a report in JSON ({error}); save one with rdpdoctor HOST -o report.json",
            quoted(given)
        ))
    })?;
    if report.schema != REPORT_SCHEMA {
        return Err(Failure::usage(format!(
            "{} is written in {}, and this version reads {REPORT_SCHEMA}",
            quoted(given),
            quoted(&report.schema)
        )));
    }
    Ok(report)
}

/// What a report says was seen. Facts of a newer version are passed over.
fn evidence(report: &Report) -> Evidence {
    let mut evidence = nothing_seen();
    evidence.target.input.clone_from(&report.target.input);
    // Files that name no host leave the plan without one.
    if report.target.port != 0 {
        evidence.target.host = HostName(report.target.host.clone());
        evidence.target.port = report.target.port;
        evidence.target.address = report.target.host.parse().ok();
    }
    evidence.target.gateway = report.target.gateway.clone().map(HostName);
    evidence
        .target
        .client
        .program
        .clone_from(&report.target.client.program);
    evidence.seen = report
        .evidence
        .iter()
        .filter_map(|seen| {
            let tagged = serde_json::json!({ "fact": seen.fact, "value": seen.value });
            let fact: Fact = serde_json::from_value(tagged).ok()?;
            let source: Source =
                serde_json::from_value(serde_json::Value::String(seen.source.clone())).ok()?;
            Some(Observation {
                at: None,
                place: None,
                source,
                vantage: seen.vantage.clone(),
                look: None,
                fact,
            })
        })
        .collect();
    evidence
}

/// Something in the plan is done by a program, not by a person.
pub fn has_work(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| {
        !matches!(
            step.step,
            Step::Act(Action::AskPerson { .. } | Action::LookAgain { .. })
        )
    })
}

/// The plan in the form that was asked for.
pub fn written(planned: &Planned, output: &OutputArguments) -> Result<String, Failure> {
    match answer::format(output) {
        Format::Text => Ok(text::text(planned, &answer::layout(output))),
        Format::Json => Ok(format!(
            "{}\n",
            serde_json::to_string_pretty(&planned.plan).context("cannot write the plan as JSON")?
        )),
        Format::Jsonl => Ok(format!(
            "{}\n",
            serde_json::to_string(&planned.plan).context("cannot write the plan as JSON")?
        )),
        Format::Markdown | Format::Html | Format::Csv | Format::Sarif | Format::Junit => {
            Err(Failure {
                status: Status::Usage,
                says: "a plan is written as text or json; --script writes it as a script"
                    .to_owned(),
            })
        }
    }
}
