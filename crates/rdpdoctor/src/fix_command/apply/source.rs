//! Where the plan comes from: a plan in a file, a report, a cause, or what is wrong with this machine.

use std::io::Read as _;
use std::path::Path;

use diagnose::{Diagnosis, diagnose};
use model::plan::{PLAN_SCHEMA, Plan};
use model::{Evidence, Fact, HostName, SettingValue, Target};

use super::super::{FixArguments, plan};
use super::{Occasion, look};
use crate::cli::OutputArguments;
use crate::failure::Failure;
use crate::target::endpoint::endpoint;

/// The largest plan that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The plan to carry out, and what it was drafted for.
pub(super) fn chosen(
    arguments: &FixArguments,
    output: &OutputArguments,
) -> Result<(Plan, Occasion), Failure> {
    // What comes on standard input is read more than once.
    let kept = match arguments.what.as_deref() {
        Some("-") => Some(from_standard_input()?),
        _ => None,
    };
    let mut arguments = arguments.clone();
    if let Some(kept) = &kept {
        arguments.what = Some(kept.path().to_string_lossy().into_owned());
    }
    if let Some(plan) = arguments.what.as_deref().map(read).transpose()?.flatten() {
        let mut target = plan::nothing_seen().target;
        target.host = HostName(plan.host.clone());
        let occasion = Occasion {
            target,
            reported: false,
            seen: None,
        };
        return Ok((plan, occasion));
    }
    let given = arguments.what.as_deref();
    let cause = given.and_then(diagnose::cause);
    let (named, reported) = match (given, cause) {
        (Some(given), None) => {
            let (causes, target) = plan::causes_of_report(given)?;
            (causes, Some(target))
        }
        _ => (Vec::new(), None),
    };
    let mut target = reported
        .clone()
        .unwrap_or_else(|| plan::nothing_seen().target);
    if let Some(host) = &arguments.host {
        let endpoint = endpoint(host)?;
        target.host = HostName(endpoint.host);
        target.port = endpoint.port.unwrap_or(target.port);
        target.address = endpoint.address;
    }
    if target.host.0.is_empty() {
        target.host = HostName("localhost".to_owned());
    }
    super::carry::say("Looking at this machine as it is.");
    let mut seen = look::here(&target, output)?;
    let port_was_said = reported.is_some()
        || arguments
            .host
            .as_deref()
            .is_some_and(|host| endpoint(host).is_ok_and(|endpoint| endpoint.port.is_some()));
    let wanted = cause.map(|cause| cause.id);
    // A server on another port is looked at there when nothing fits the usual one.
    if !port_was_said
        && let Some(port) = configured_port(&seen)
        && port != target.port
        && !fits(&diagnose(&seen), wanted)
    {
        let there = Target {
            port,
            ..target.clone()
        };
        let second = look::here(&there, output)?;
        if fits(&diagnose(&second), wanted) {
            (target, seen) = (there, second);
        }
    }
    if arguments.what.is_none() {
        let diagnosis = diagnose(&seen);
        let Some(first) = diagnosis.findings.first() else {
            return Err(Failure::usage(
                "a look at this machine shows nothing to mend; give a cause, or a report of a look from where it \
                 fails (rdpdoctor HOST -o report.json)",
            ));
        };
        arguments.what = Some(first.cause.id.to_owned());
    }
    // What a report cannot tell apart, a look at the machine itself often can.
    let cause = diagnose(&seen)
        .findings
        .iter()
        .map(|finding| finding.cause)
        .find(|found| named.iter().any(|cause| cause.id == found.id));
    let here = plan::Here { seen: &seen, cause };
    let mut planned = plan::planned(&arguments, Some(here))?;
    // The first remedy may be for another machine, or for a person; one that this machine can carry out is meant.
    if !super::carry::has_work_here(&arguments.apply, &planned.plan, &target)
        && arguments.remedy.is_none()
    {
        for (remedy, lacks) in planned.others.clone() {
            if lacks.is_some() || remedy.weakens.is_some() {
                continue;
            }
            arguments.remedy = Some(remedy.id.to_owned());
            let other = plan::planned(&arguments, Some(here))?;
            if super::carry::has_work_here(&arguments.apply, &other.plan, &target) {
                planned = other;
                break;
            }
        }
    }
    if planned.plan.host.is_empty() {
        planned.plan.host.clone_from(&target.host.0);
    }
    let occasion = Occasion {
        target,
        reported: reported.is_some(),
        seen: Some(seen),
    };
    Ok((planned.plan, occasion))
}

/// The cause that is wanted was found, or any when none is.
fn fits(diagnosis: &Diagnosis, wanted: Option<&str>) -> bool {
    diagnosis
        .findings
        .iter()
        .any(|finding| wanted.is_none_or(|wanted| finding.cause.id == wanted))
}

/// The port that the settings of the server name.
fn configured_port(evidence: &Evidence) -> Option<u16> {
    evidence.seen.iter().find_map(|seen| match &seen.fact {
        Fact::SettingFound {
            name,
            value: SettingValue::Text(port),
            ..
        } if name == "port" => port.rsplit(':').next()?.parse().ok(),
        _ => None,
    })
}

/// What stands on standard input, in a file of ours.
fn from_standard_input() -> Result<tempfile::NamedTempFile, Failure> {
    let broken =
        |error: std::io::Error| Failure::usage(format!("cannot read standard input: {error}"));
    let mut kept = tempfile::NamedTempFile::new().map_err(broken)?;
    let input = std::io::stdin().lock();
    std::io::copy(&mut input.take(LARGEST), &mut kept).map_err(broken)?;
    Ok(kept)
}

/// A plan in a file; nothing when it is something else.
fn read(what: &str) -> Result<Option<Plan>, Failure> {
    let mut text = String::new();
    let path = Path::new(what);
    if !path.is_file() {
        return Ok(None);
    }
    let read =
        std::fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
    if read.is_err() {
        return Ok(None);
    }
    let kind: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let schema = kind
        .as_ref()
        .and_then(|kind| kind.get("schema")?.as_str())
        .unwrap_or_default();
    if schema.starts_with("rdpdoctor/plan/") && schema != PLAN_SCHEMA {
        return Err(Failure::usage(format!(
            "{what} is written in {schema}, and this version reads {PLAN_SCHEMA}"
        )));
    }
    if schema != PLAN_SCHEMA {
        return Ok(None);
    }
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| Failure::usage(format!("{what} is no plan: {error}")))
}
