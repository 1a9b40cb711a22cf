//! `rdpdoctor scan`: a glance at many hosts, and a second look where it leaves a doubt.

pub mod line;
mod output;
mod ranges;
mod second;
mod state;
mod tally;
mod targets;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};
use diagnose::diagnose;
use model::{Evidence, Fact, Micros};
use probe::sweep::{Asked, Desk, Go, Load, Pace, Supply, Sweep, Swept};

use crate::check::now;
use crate::cli::{Format, OutputArguments, time};
use crate::failure::{Failure, Status};
use crate::progress::Progress;
use crate::report::words::count;
use crate::report::{Outcome, Report};
use line::ScanLine;
use output::Sink;
use second::{Doubt, Second, Wanted};
use state::{State, Step};
use tally::{Tally, thousands};
use targets::{Item, Targets, is_public};

/// Connections to a host at most, and with `--deep`.
const BUDGET: usize = 4;
const DEEP_BUDGET: usize = 9;
/// The state is written this often.
const SAVE: Duration = Duration::from_secs(1);
/// Hosts that wait for a second look before the sweep waits for them.
const MOST_PENDING: usize = 512;
/// Lines that cannot be read and are told one by one.
const MOST_TOLD: u64 = 20;

/// The hosts, and how to treat them.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ScanArguments {
    /// The hosts.
    #[arg(help = "Hosts, networks (10.0.0.0/24), ranges (10.0.0.1-50), lists (@FILE), or - for standard input", value_name = "TARGET", num_args = 0.., value_hint = ValueHint::Hostname)]
    pub targets: Vec<String>,
    /// Read hosts from a list: one a line, or CSV with or without headings (host, port, name).
    #[arg(long = "targets", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub lists: Vec<PathBuf>,
    /// Leave out the hosts, networks and names in this list.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub exclude: Vec<PathBuf>,
    /// The port of hosts that are given without one [default: 3389].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// You may scan the public addresses among the hosts: their owners know and agree.
    #[arg(long)]
    pub with_permission: bool,
    /// Hosts begun in a second; 'max' for as fast as it goes.
    #[arg(long, value_name = "NUMBER", default_value = "500", value_parser = rate)]
    pub rate: Rate,
    /// Hosts of one /24 (IPv6: /64) looked at at the same time; 'max' for any number.
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = number)]
    pub per_subnet: Most,
    /// Let each host wait for a random time up to this: 200ms, 5s.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub jitter: Option<Duration>,
    /// Hosts looked at at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub at_once: u32,
    /// Connections to one host at most: one glance, the rest where it leaves a doubt [default: 4; with --deep 9].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=60))]
    pub budget: Option<u8>,
    /// Check every host in full that is not healthy.
    #[arg(long)]
    pub deep: bool,
    /// Note in this file what is done, and do not do it again.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub resume: Option<PathBuf>,
    /// Give up on a silent host after this time [default: 6s].
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
}

/// Hosts in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate(Option<f64>);

/// A number, or any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Most(Option<u32>);

fn rate(text: &str) -> Result<Rate, String> {
    if text == "max" {
        return Ok(Rate(None));
    }
    match text.parse::<f64>() {
        Ok(rate) if (0.01..=1_000_000.0).contains(&rate) => Ok(Rate(Some(rate))),
        _ => Err(format!(
            "{text:?} is no rate; write a number such as 50 or 0.5, or max"
        )),
    }
}

fn number(text: &str) -> Result<Most, String> {
    if text == "max" {
        return Ok(Most(None));
    }
    match text.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Most(Some(number))),
        _ => Err(format!(
            "{text:?} is no number of hosts; write 1 or more, or max"
        )),
    }
}

/// Looks at all hosts, and writes a line for each.
pub fn run(arguments: &ScanArguments, output: &OutputArguments) -> Result<Status, Failure> {
    let mut targets = open(arguments)?;
    let format = crate::answer::format(output);
    let sink = Sink::open(output, format, arguments.resume.is_some())?;
    let (state, tally) = State::open(arguments.resume.as_deref())?;
    let resumed = state.resumed;
    let pace = pace(arguments);
    let sweep = Sweep::new(pace.clone())
        .map_err(|error| Failure::could_not_look(format!("cannot wait for many hosts: {error}")))?;
    let stopped = Arc::new(AtomicBool::new(false));
    let (bell, flag) = (sweep.bell(), Arc::clone(&stopped));
    let second = Second::start(sweep.bell(), move || {
        flag.store(true, Ordering::Relaxed);
        bell.ring();
    })?;
    targets.left_out = 0;
    let progress = Progress::begin(output);
    let mut counter = Counter {
        arguments,
        pace,
        targets,
        sink,
        state,
        tally,
        second,
        stopped,
        progress,
        glances: BTreeMap::new(),
        known: BTreeMap::new(),
        begun: Instant::now(),
        saved: Instant::now(),
        shown: Instant::now(),
        outstanding: 0,
        done: 0,
        untold: 0,
        no_more: false,
        failure: None,
    };
    let swept = sweep.run(&mut counter);
    counter.finish(swept, resumed, output)
}

fn open(arguments: &ScanArguments) -> Result<Targets, Failure> {
    if arguments.targets.is_empty() && arguments.lists.is_empty() {
        return Err(Failure::usage(
            "no target was given; rdpdoctor scan 10.0.0.0/24, or rdpdoctor scan @hosts.csv",
        ));
    }
    let targets = Targets::open(
        &arguments.targets,
        &arguments.lists,
        &arguments.exclude,
        arguments.port,
    )?;
    if !arguments.with_permission
        && let Some(public) = targets.first_public()
    {
        return Err(Failure::usage(format!(
            "{public} is public: its owner may take a scan for an attack; with the owner's consent, add --with-permission"
        )));
    }
    Ok(targets)
}

fn pace(arguments: &ScanArguments) -> Pace {
    let micros = |time: Duration| Micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    let many = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Pace {
        rate: arguments.rate.0,
        per_subnet: arguments.per_subnet.0.map_or(usize::MAX, many),
        jitter: arguments.jitter.map(micros).unwrap_or_default(),
        at_once: many(arguments.at_once),
        timeout: arguments.timeout.map_or(Micros::from_secs(6), micros),
    }
}

/// Where hosts come from and lines go to.
struct Counter<'a> {
    arguments: &'a ScanArguments,
    pace: Pace,
    targets: Targets,
    sink: Sink,
    state: State,
    tally: Tally,
    second: Second,
    stopped: Arc<AtomicBool>,
    progress: Progress,
    /// Hosts that wait for a second look, and why.
    glances: BTreeMap<u64, (Evidence, Option<Doubt>)>,
    /// What is known of hosts that are being looked at beside their target.
    known: BTreeMap<u64, Known>,
    begun: Instant,
    saved: Instant,
    shown: Instant,
    /// Hosts that are being looked at, once or again.
    outstanding: u64,
    /// Hosts done in this run.
    done: u64,
    /// Unreadable lines that were not told.
    untold: u64,
    no_more: bool,
    failure: Option<Failure>,
}

/// What a list says of a host.
struct Known {
    name: Option<String>,
    origin: Option<targets::Origin>,
}

impl Desk for Counter<'_> {
    fn next(&mut self) -> Supply {
        if self.failure.is_some() {
            return Supply::Over;
        }
        if self.second.pending >= MOST_PENDING {
            return Supply::Later;
        }
        loop {
            if self.no_more {
                return if self.outstanding > 0 {
                    Supply::Later
                } else {
                    Supply::Over
                };
            }
            let item = match self.targets.next_item() {
                None => {
                    self.no_more = true;
                    if let Err(failure) = self.state.exhausted() {
                        self.failure = Some(failure);
                    }
                    continue;
                }
                Some(Err(unreadable)) => {
                    self.unreadable(&unreadable);
                    continue;
                }
                Some(Ok(item)) => item,
            };
            match self.state.step(&item.target) {
                Ok(Step::Done) => {}
                Ok(Step::Look(ticket)) => {
                    let Item {
                        target,
                        name,
                        origin,
                    } = item;
                    if let Some(address) = target.address
                        && let Err(why) = self.may(address)
                    {
                        // Lists may hold what nobody may look at.
                        let mut evidence = Evidence::of(target, now());
                        evidence.tried.push(forgone(why));
                        self.known.insert(ticket, Known { name, origin });
                        self.outstanding = self.outstanding.saturating_add(1);
                        self.conclude(ticket, evidence);
                        continue;
                    }
                    if name.is_some() || origin.is_some() {
                        self.known.insert(ticket, Known { name, origin });
                    }
                    self.outstanding = self.outstanding.saturating_add(1);
                    return Supply::Host(Box::new(Asked { ticket, target }));
                }
                Err(failure) => {
                    self.failure = Some(failure);
                    return Supply::Over;
                }
            }
        }
    }

    fn take(&mut self, swept: Swept) {
        let Swept { ticket, evidence } = swept;
        let budget = self.budget();
        let doubt = second::doubt(&evidence);
        let deep = self.arguments.deep && diagnose(&evidence).outcome != diagnose::Outcome::Healthy;
        let skipped = evidence.seen.is_empty();
        if budget > 1 && !skipped && (doubt.is_some() || deep) && self.may_again(&evidence) {
            let options = second::options(doubt, budget.saturating_sub(1), self.pace.timeout);
            let options = probe::Options {
                depth: if deep {
                    probe::Depth::Standard
                } else {
                    options.depth
                },
                ..options
            };
            self.second.ask(Wanted {
                ticket,
                target: evidence.target.clone(),
                options,
            });
            self.glances.insert(ticket, (evidence, doubt));
            return;
        }
        self.conclude(ticket, evidence);
    }

    fn may(&mut self, address: IpAddr) -> Result<(), &'static str> {
        if self.targets.leaves_out(address) {
            Err("its address is to be left out")
        } else if is_public(address) && !self.arguments.with_permission {
            Err("its address is public and --with-permission was not given")
        } else {
            Ok(())
        }
    }

    fn tick(&mut self, load: Load) -> Go {
        while let Some((ticket, evidence)) = self.second.told() {
            if let Some((first, doubt)) = self.glances.remove(&ticket) {
                self.conclude(ticket, second::joined(first, evidence, doubt));
            }
        }
        match self.sink.flush() {
            Ok(true) => {}
            // Whoever read has read enough.
            Ok(false) => return Go::Stop,
            Err(error) => self.failure = Some(error.into()),
        }
        if self.saved.elapsed() >= SAVE {
            self.saved = Instant::now();
            if let Err(error) = self.state.save(&self.tally) {
                self.failure = Some(error.into());
            }
        }
        if self.shown.elapsed() >= Duration::from_millis(100) {
            self.shown = Instant::now();
            self.progress.on(&self.how_it_goes(load));
        }
        if self.failure.is_some() || self.stopped.load(Ordering::Relaxed) {
            Go::Stop
        } else {
            Go::On
        }
    }
}

impl Counter<'_> {
    fn budget(&self) -> usize {
        let usual = if self.arguments.deep {
            DEEP_BUDGET
        } else {
            BUDGET
        };
        self.arguments.budget.map_or(usual, usize::from)
    }

    /// Every address of the name may be looked at.
    fn may_again(&mut self, evidence: &Evidence) -> bool {
        let addresses: Vec<IpAddr> = evidence
            .seen
            .iter()
            .filter_map(|seen| match &seen.fact {
                Fact::NameResolved { addresses, .. } => Some(addresses.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        addresses
            .into_iter()
            .all(|address| self.may(address).is_ok())
    }

    /// A host is done: its line is written.
    fn conclude(&mut self, ticket: u64, evidence: Evidence) {
        let diagnosis = diagnose(&evidence);
        let report = if diagnosis.findings.is_empty() {
            Report::outline(&evidence, &diagnosis)
        } else {
            Report::of(&evidence, &diagnosis)
        };
        let mut line = ScanLine::of(report, &evidence);
        if let Some(known) = self.known.remove(&ticket) {
            line.target.name = known.name;
            if let Some(origin) = known.origin {
                line.target.file = Some(origin.file.to_string());
                line.target.line = Some(origin.line);
            }
        }
        self.done = self.done.saturating_add(1);
        self.outstanding = self.outstanding.saturating_sub(1);
        self.tally.add(&line, evidence.opened_at.0);
        if let Err(error) = self.sink.put(&line) {
            self.failure = Some(error.into());
        }
        self.state.done(ticket);
    }

    fn unreadable(&mut self, unreadable: &targets::Unreadable) {
        self.tally.unreadable = self.tally.unreadable.saturating_add(1);
        if self.tally.unreadable > MOST_TOLD {
            self.untold = self.untold.saturating_add(1);
            return;
        }
        let place = unreadable
            .origin
            .as_ref()
            .map_or_else(String::new, |origin| {
                format!("{}, line {}: ", origin.file, origin.line)
            });
        self.progress
            .aside(&format!("rdpdoctor: {place}{}", unreadable.says));
    }

    fn how_it_goes(&self, load: Load) -> String {
        let rate = rate_of(self.done, self.begun.elapsed());
        let done = self.done.saturating_add(self.state.resumed);
        let mut says = match self.targets.expected() {
            Some(all) => format!("{} of {} hosts", thousands(done), thousands(all.max(done))),
            None => format!("{} hosts", thousands(done)),
        };
        says.push_str(&format!(", {rate:.0} a second"));
        if let Some(all) = self
            .targets
            .expected()
            .filter(|_| rate >= 0.1 && self.done >= 10)
        {
            says.push_str(&format!(", {} left", left(all.saturating_sub(done), rate)));
        }
        let failing = self.tally.of(Outcome::Failing);
        if failing > 0 {
            says.push_str(&format!("; {} failing", thousands(failing)));
        }
        if load.in_flight > 0 {
            says.push_str(&format!(
                "; {} at once",
                thousands(u64::try_from(load.in_flight).unwrap_or(0))
            ));
        }
        says
    }

    /// Writes what is left to write.
    fn finish(
        mut self,
        swept: std::io::Result<()>,
        resumed: u64,
        output: &OutputArguments,
    ) -> Result<Status, Failure> {
        self.progress.end();
        let interrupted = self.stopped.load(Ordering::Relaxed);
        let over = self.sink.end();
        let saved = self.state.save(&self.tally);
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        swept.map_err(|error| {
            Failure::could_not_look(format!("waiting for many hosts failed: {error}"))
        })?;
        over?;
        saved?;
        if !output.quiet {
            let took = self.begun.elapsed();
            let mut head = format!(
                "{} in {}, {:.0} a second, {}",
                many(self.tally.hosts, "host"),
                crate::report::words::duration(took.as_secs_f64() * 1000.0),
                rate_of(self.done, took),
                many(self.tally.connections, "connection")
            );
            if resumed > 0 {
                head.push_str(&format!("; {} done before", thousands(resumed)));
            }
            if interrupted {
                head.push_str("; interrupted");
            }
            let mut notes = Vec::new();
            if self.targets.repeated > 0 {
                notes.push(format!(
                    "{} named more than once",
                    thousands(self.targets.repeated)
                ));
            }
            if self.targets.left_out > 0 {
                notes.push(format!("{} left out", thousands(self.targets.left_out)));
            }
            if self.untold > 0 {
                notes.push(format!(
                    "{} unreadable lines not shown",
                    thousands(self.untold)
                ));
            }
            if !notes.is_empty() {
                head.push_str(&format!("\n{}", notes.join(", ")));
            }
            let table = format!("{head}\n{}", self.tally.table(now().0));
            self.sink.closing(&table)?;
            if interrupted && let Some(path) = &self.arguments.resume {
                self.sink.aside(&format!(
                    "The same command goes on where it was: {} says what is done.",
                    path.display()
                ));
            }
        }
        Ok(status(&self.tally, interrupted))
    }
}

fn many(number: u64, noun: &str) -> String {
    match number {
        1 => count(1, noun),
        number => format!("{} {noun}s", thousands(number)),
    }
}

fn status(tally: &Tally, interrupted: bool) -> Status {
    let bad = tally
        .of(Outcome::Failing)
        .saturating_add(tally.of(Outcome::Degraded));
    if interrupted {
        Status::Interrupted
    } else if bad > 0 {
        Status::Finding
    } else if tally.unreadable > 0 {
        Status::Usage
    } else if tally.of(Outcome::Unknown) > 0 || tally.hosts == 0 {
        Status::CouldNotLook
    } else {
        Status::Healthy
    }
}

fn forgone(why: &str) -> model::Attempt {
    model::Attempt {
        look: model::LookId(1),
        probe: probe::probes::GLANCE.name.to_owned(),
        intent: model::Intent::AsClient,
        says: String::new(),
        outcome: model::AttemptOutcome::Skipped(why.to_owned()),
        at: None,
        took: None,
        trace: model::Trace::Nothing,
    }
}

fn rate_of(done: u64, took: Duration) -> f64 {
    #[expect(
        clippy::as_conversions,
        reason = "a rate for people; exact far beyond any scan"
    )]
    let done = done as f64;
    done / took.as_secs_f64().max(0.001)
}

/// The time that is left, in the two largest units.
fn left(hosts: u64, rate: f64) -> String {
    #[expect(clippy::as_conversions, reason = "an estimate for people")]
    let seconds = (hosts as f64 / rate).round() as u64;
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// Formats that can be written line by line, and so gone on with.
pub(crate) const fn streams(format: Format) -> bool {
    matches!(format, Format::Jsonl | Format::Csv | Format::Text)
}
