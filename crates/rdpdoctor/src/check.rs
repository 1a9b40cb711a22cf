//! `rdpdoctor check`: looks at one target and says what is wrong.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use diagnose::diagnose;
use model::{Evidence, Micros, UnixSeconds};
use probe::{Case, Depth, Options};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use crate::answer;
use crate::cli::{CheckArguments, OutputArguments};
use crate::consent;
use crate::failure::{Failure, Status};
use crate::guided;
use crate::history;
use crate::looks;
use crate::progress::{PATIENCE, Progress};
use crate::report::{Outcome, Report};
use crate::symptoms;
use crate::target::endpoint::{looks_like_a_code, quoted};
use crate::target::{Asked, Wanted, wanted};

/// Looks, and writes the report.
pub fn run(arguments: &CheckArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if arguments.stated.wants_the_list() {
        return symptoms::list(output);
    }
    if arguments.list_looks {
        return looks::list(output);
    }
    repeats_fit(arguments)?;
    one(arguments)?;
    consent::to_load(arguments)?;
    guided::can_ask(&arguments.stated)?;
    answer::prepare(output)?;
    let report = report(arguments, output)?;
    answer::report(output, &report)?;
    Ok(status(&report))
}

/// Looks, and reports. What the user says is weighed with what is seen.
pub fn report(arguments: &CheckArguments, output: &OutputArguments) -> Result<Report, Failure> {
    let mut wanted = one(arguments)?;
    let mut options = options(arguments);
    options.trust = authorities(arguments)?;
    // The lines of standard input come in this order.
    let stdin = arguments.logon.password_stdin;
    arguments.logon.fill(&mut options, &wanted.target.host.0)?;
    options.gateway = arguments.hops.gateway(wanted.gateway.take(), stdin)?;
    options.proxy = arguments.hops.proxy(&wanted.target.host.0, stdin)?;
    wanted.target.gateway = options.gateway.as_ref().map(|hop| hop.host.clone());
    wanted.target.proxy = options.proxy.as_ref().map(|hop| hop.host.clone());
    let heard = arguments
        .stated
        .heard(wanted.target.client.program.as_deref());
    arguments
        .kerberos
        .fill(&mut options, wanted.kdc_proxy.take())?;
    let runtime = runtime()?;
    let case = Case::open(wanted.target, options, now());
    let mut evidence = runtime.block_on(watch(case, output));
    // The resolver of the system cannot be called back; nobody waits for it.
    runtime.shutdown_background();
    if !arguments.no_history {
        history::recall(&mut evidence);
    }
    evidence.damage.extend(wanted.damage);
    evidence.seen.extend(heard.seen);
    evidence.damage.extend(heard.damage);
    guided::ask(&arguments.stated, &mut evidence)?;
    Ok(conclude(&evidence, wanted.notes))
}

/// What waits for the network.
pub fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot prepare to wait for the network")?)
}

/// Weighs the evidence and puts it into a report.
pub fn conclude(evidence: &Evidence, notes: Vec<String>) -> Report {
    let mut report = Report::of(evidence, &diagnose(evidence));
    report.notes = notes;
    report
}

/// Runs a case to its end, or until the user interrupts, and shows what it is about.
pub async fn watch(mut case: Case, output: &OutputArguments) -> Evidence {
    let host = case.evidence.target.host.0.clone();
    let progress = Progress::begin(output);
    progress.on(&host);
    let over = {
        let run = case.run(|news| {
            if let Some(rung) = rung(&news) {
                progress.on(&format!("{host}: {rung}"));
            }
        });
        tokio::pin!(run);
        let interrupted = interrupted();
        tokio::pin!(interrupted);
        tokio::select! {
            () = &mut run => true,
            () = &mut interrupted => false,
            () = sleep(PATIENCE) => {
                progress.show();
                tokio::select! {
                    () = &mut run => true,
                    () = &mut interrupted => false,
                }
            }
        }
    };
    progress.end();
    case.evidence.interrupted |= !over;
    case.evidence
}

/// The rung that the work is on, when the news tells.
fn rung(news: &probe::Progress<'_>) -> Option<String> {
    match news {
        probe::Progress::Seen(seen) => Some(seen.place?.to_string()),
        probe::Progress::Began(attempt) => Some(attempt.says.clone()),
        probe::Progress::Ended(_) => None,
    }
}

/// Comes back when the user, or the system, wants the work to end.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                Ok(()) = tokio::signal::ctrl_c() => return,
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler the system ends the process by itself.
        std::future::pending::<()>().await;
    }
}

/// The tries that are asked for do not go beyond what a check may open.
fn repeats_fit(arguments: &CheckArguments) -> Result<(), Failure> {
    let most = options(arguments).connections;
    match arguments.repeat {
        Some(repeat) if usize::from(repeat) > most => Err(Failure::usage(format!(
            "{repeat} tries are more than the {most} connections that this check may open; --budget {repeat} allows them"
        ))),
        _ => Ok(()),
    }
}

/// What was said about how much to look at.
fn options(arguments: &CheckArguments) -> Options {
    let depth = if arguments.quick {
        Depth::Quick
    } else if arguments.full {
        Depth::Full
    } else {
        Depth::Standard
    };
    let mut options = Options::of(depth);
    if let Some(timeout) = arguments.timeout {
        options.timeout = Micros(u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX));
    }
    if let Some(budget) = arguments.budget {
        options.connections = budget.into();
    }
    options.load = arguments.load;
    options.repeat = arguments.repeat.unwrap_or(1);
    options.resolvers.clone_from(&arguments.resolver);
    options
}

/// The authorities that were named.
fn authorities(arguments: &CheckArguments) -> Result<Option<Arc<[u8]>>, Failure> {
    let Some(file) = &arguments.trust else {
        return Ok(None);
    };
    let pem = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("cannot read {}: {error}", file.display())))?;
    probe::check_authorities(&pem)
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    Ok(Some(pem.into()))
}

/// The wall clock.
pub fn now() -> UnixSeconds {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    UnixSeconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The one target that was given.
fn one(arguments: &CheckArguments) -> Result<Wanted, Failure> {
    let asked = Asked {
        client: arguments.client,
        offer: arguments.offer,
    };
    match arguments.targets.as_slice() {
        [word, ..] if cfg!(not(feature = "lab")) && ["demo", "lab"].contains(&word.as_str()) => {
            Err(Failure::usage(format!(
                "{word} needs the built-in lab, which this build leaves out; build with the default features"
            )))
        }
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
