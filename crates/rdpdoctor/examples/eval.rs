//! The measure of the verdict: how often it is right, how often it is wrong and sure of it, and whether
//! its probabilities mean what they say. Run by `cargo xtask eval`.
//!
//! Cases are generated: every scenario of the lab is played on links and servers it was not written for,
//! with other names, clocks and seeds. What must come out is known from the scenario.
//!
//! Some causes look the same from outside, and a scenario names them all. The first finding is right when it
//! is one of them, and the probability held against the truth is what the verdict gives to all of them
//! together: how it is shared between causes that nobody could tell apart here cannot be measured here.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement is for whoever reads its table"
)]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use diagnose::{Finding, Severity};
use lab::answers::Security;
use lab::chance::Chance;
use lab::scenario::{self, Expect, Outcome, Scenario, Script, Stage};
use model::UnixSeconds;
use rdpdoctor::rehearse::{self, Settings};
use serde::Serialize;

/// Probability from which a wrong verdict counts as confident.
const CONFIDENT: f64 = 0.9;
/// Bins of the reliability table.
const BINS: usize = 10;

/// The outcome of one case.
struct Scored {
    name: String,
    expect: Expect,
    outcome: diagnose::Outcome,
    /// Causes with their families and probabilities, first to last.
    findings: Vec<(&'static str, &'static str, f64)>,
    took: Duration,
}

impl Scored {
    fn is_healthy(&self) -> bool {
        self.expect.outcome == Outcome::Healthy
    }

    fn fits(&self, cause: &str, family: &str) -> bool {
        self.expect.top.as_deref() == Some(cause)
            || self.expect.or.iter().any(|other| other == cause)
            || self.expect.family.as_deref() == Some(family)
    }

    /// The first finding fits, or none is there where none belongs.
    fn right_among(&self, first: usize) -> bool {
        if self.is_healthy() {
            return self.outcome == diagnose::Outcome::Healthy;
        }
        self.findings
            .iter()
            .take(first)
            .any(|(cause, family, _)| self.fits(cause, family))
    }

    fn confident_and_wrong(&self) -> bool {
        if self.is_healthy() {
            return self.outcome != diagnose::Outcome::Healthy
                && self
                    .findings
                    .first()
                    .is_some_and(|(_, _, sure)| *sure >= CONFIDENT);
        }
        self.findings
            .first()
            .is_some_and(|(cause, family, sure)| *sure >= CONFIDENT && !self.fits(cause, family))
    }
}

#[derive(Serialize)]
struct Measure {
    cases: usize,
    top_1: f64,
    top_3: f64,
    wrong_but_confident: f64,
    outcome: f64,
    calibration_error: f64,
    brier: f64,
    slowest_diagnosis_ms: f64,
    mean_diagnosis_ms: f64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds: u64 = match arguments.next() {
        Some(rounds) => rounds
            .parse()
            .context("the first argument is the number of rounds")?,
        None => 10,
    };
    let first_seed: u64 = match arguments.next() {
        Some(seed) => seed
            .parse()
            .context("the second argument is the first seed")?,
        None => 1000,
    };
    let begun = Instant::now();
    let scenarios = scenario::all()?;
    let mut scored = Vec::new();
    let mut endless = Vec::new();
    for round in 0..rounds {
        let mut chance = Chance::of(first_seed.wrapping_add(round));
        for written in &scenarios {
            let scenario = elsewhere(written, &scenarios, &mut chance);
            let settings = Settings {
                seed: chance.below(u64::MAX),
                // Some moment of the next ten years.
                opened_at: UnixSeconds(1_780_272_000 + i64::try_from(chance.below(315_000_000))?),
                ..Settings::default()
            };
            match score(&scenario, &settings) {
                Ok(one) => scored.push(one),
                Err(error) => endless.push(format!("{}: {error:#}", scenario.id)),
            }
        }
    }
    let measure = measure(&scored);
    println!(
        "generated cases: {} in {:.1} s",
        measure.cases,
        begun.elapsed().as_secs_f64()
    );
    println!(
        "  the right cause first             {:>6.2} %   (target 97)",
        100.0 * measure.top_1
    );
    println!(
        "  the right cause among three       {:>6.2} %",
        100.0 * measure.top_3
    );
    println!(
        "  wrong and at least 90 % sure      {:>6.2} %   (target 0.5 at most)",
        100.0 * measure.wrong_but_confident
    );
    println!(
        "  healthy, degraded or failing      {:>6.2} %",
        100.0 * measure.outcome
    );
    println!(
        "  calibration error                 {:>6.3}     (target 0.05 at most)",
        measure.calibration_error
    );
    println!("  Brier score                       {:>6.3}", measure.brier);
    println!(
        "  a diagnosis takes                 {:>6.2} ms  (slowest {:.2}; target 2 at most)",
        measure.mean_diagnosis_ms, measure.slowest_diagnosis_ms
    );
    reliability(&scored);
    misses(&scored);
    for one in &endless {
        println!("could not be played: {one}");
    }
    println!("\n{}", serde_json::to_string(&measure)?);
    Ok(())
}

/// The same fault somewhere else: another link, and where the fault leaves room for it, another server.
fn elsewhere(written: &Scenario, all: &[Scenario], chance: &mut Chance) -> Scenario {
    let mut scenario = written.clone();
    if scenario.link.round_trip_ms == 0 {
        let round_trips = [0, 1, 5, 20, 60, 120, 250];
        scenario.link.round_trip_ms = pick(&round_trips, chance).copied().unwrap_or_default();
        scenario.link.jitter_ms = chance.below(1 + scenario.link.round_trip_ms / 4);
    }
    let hosts: Vec<&Scenario> = all.iter().filter(|host| can_host(written, host)).collect();
    if let Some(host) = pick(&hosts, chance) {
        let own = std::mem::take(&mut scenario.server);
        let default = Script::default();
        scenario.id = format!("{} on {}", written.id, host.id);
        scenario.server = Script {
            fault: own.fault,
            certificate: if own.certificate == default.certificate {
                host.server.certificate.clone()
            } else {
                own.certificate
            },
            tls: if own.tls == default.tls {
                host.server.tls.clone()
            } else {
                own.tls
            },
            credssp: if own.credssp == default.credssp {
                host.server.credssp.clone()
            } else {
                own.credssp
            },
            ntlm: if own.ntlm == default.ntlm {
                host.server.ntlm.clone()
            } else {
                own.ntlm
            },
            think_ms: own.think_ms.max(host.server.think_ms),
            ..host.server.clone()
        };
    }
    scenario
}

fn pick<'a, T>(from: &'a [T], chance: &mut Chance) -> Option<&'a T> {
    let count = u64::try_from(from.len()).ok().filter(|count| *count > 0)?;
    from.get(usize::try_from(chance.below(count)).ok()?)
}

/// A healthy server on which the fault would be the same fault: it comes as far as the fault needs, and the
/// fault says nothing about what this server answers.
fn can_host(fault: &Scenario, host: &Scenario) -> bool {
    let (server, default) = (&fault.server, Script::default());
    let plain_client = fault.client.offers == model::ClientProfile::default().offers;
    let own_answers =
        !server.answers.is_empty() || server.flags.is_some() || server.service.is_some();
    let healthy = host.expect.outcome == Outcome::Healthy && host.expect.top.is_none();
    let same_client = host.client.offers == fault.client.offers
        && host.network == scenario::Network::default()
        && host.client.name == scenario::Client::default().name
        && host.link.toxic.is_empty();
    let does_tls = !matches!(
        host.server.security,
        Security::XrdpRdp | Security::ShadowRdp | Security::WindowsRdp | Security::WindowsXp
    );
    let does_nla = matches!(
        host.server.security,
        Security::WindowsNla
            | Security::WindowsNegotiate
            | Security::WindowsOldNla
            | Security::ShadowNla
            | Security::IronrdpHybrid
    );
    let last = server.fault.iter().map(|fault| fault.at).max();
    let needs_nla = server.credssp != default.credssp
        || server.ntlm != default.ntlm
        || last >= Some(Stage::Tls)
        || fault.id.starts_with("authenticate/");
    let needs_tls = needs_nla
        || server.certificate != default.certificate
        || server.tls != default.tls
        || last >= Some(Stage::Confirm)
        || !fault.link.toxic.is_empty()
        || fault.id.starts_with("secure/");
    // The kind of server is part of these faults.
    let own_kind = !matches!(
        server.security,
        Security::WindowsNla | Security::WindowsNegotiate | Security::ShadowNla
    ) && fault.expect.outcome != Outcome::Healthy;
    let own_tls = server.tls != default.tls && host.server.tls != default.tls;
    let own_certificate =
        server.certificate != default.certificate && host.server.certificate != default.certificate;
    healthy
        && same_client
        && plain_client
        && !own_answers
        && !own_kind
        && !own_tls
        && !own_certificate
        && fault.expect.outcome != Outcome::Healthy
        && (!needs_tls || does_tls)
        && (!needs_nla || does_nla)
        && host.server.fault.is_empty()
}

fn score(scenario: &Scenario, settings: &Settings) -> Result<Scored> {
    let evidence = rehearse::play(scenario, settings)?;
    let begun = Instant::now();
    let diagnosis = diagnose::diagnose(&evidence);
    let took = begun.elapsed();
    let counts = |finding: &&Finding| {
        finding.severity != Severity::Note || scenario.expect.outcome == Outcome::Healthy
    };
    Ok(Scored {
        name: scenario.id.clone(),
        expect: scenario.expect.clone(),
        outcome: diagnosis.outcome,
        findings: diagnosis
            .findings
            .iter()
            .filter(counts)
            .map(|finding| (finding.cause.id, finding.cause.family, finding.probability))
            .collect(),
        took,
    })
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of cases are small"
)]
fn share(count: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}

fn measure(scored: &[Scored]) -> Measure {
    let cases = scored.len();
    let of = |right: &dyn Fn(&Scored) -> bool| {
        share(scored.iter().filter(|one| right(one)).count(), cases)
    };
    let times: Vec<f64> = scored
        .iter()
        .map(|one| one.took.as_secs_f64() * 1000.0)
        .collect();
    let stated = stated(scored);
    let (mut error, mut brier) = (0.0, 0.0);
    for bin in bins(&stated) {
        let sure = bin.iter().map(|(sure, _)| sure).sum::<f64>();
        let right = bin.iter().filter(|(_, right)| *right).count();
        error += (sure - share(right, 1)).abs();
    }
    for (sure, right) in &stated {
        brier += (sure - f64::from(u8::from(*right))).powi(2);
    }
    let told = share(stated.len().max(1), 1);
    Measure {
        cases,
        top_1: of(&|one| one.right_among(1)),
        top_3: of(&|one| one.right_among(3)),
        wrong_but_confident: of(&Scored::confident_and_wrong),
        outcome: of(&|one| {
            matches!(
                (one.expect.outcome, one.outcome),
                (Outcome::Healthy, diagnose::Outcome::Healthy)
                    | (Outcome::Degraded, diagnose::Outcome::Degraded)
                    | (Outcome::Failing, diagnose::Outcome::Failing)
            )
        }),
        calibration_error: error / told,
        brier: brier / told,
        slowest_diagnosis_ms: times.iter().copied().fold(0.0, f64::max),
        mean_diagnosis_ms: times.iter().sum::<f64>() / share(cases.max(1), 1),
    }
}

/// What each verdict was sure of, and whether it was right: of the causes that fit when the first one does,
/// else of the first one.
fn stated(scored: &[Scored]) -> Vec<(f64, bool)> {
    scored
        .iter()
        .filter(|one| !one.is_healthy())
        .filter_map(|one| {
            let (cause, family, sure) = one.findings.first()?;
            if !one.fits(cause, family) {
                return Some((*sure, false));
            }
            let fitting = one
                .findings
                .iter()
                .filter(|(cause, family, _)| one.fits(cause, family));
            Some((fitting.map(|(_, _, sure)| sure).sum::<f64>().min(1.0), true))
        })
        .collect()
}

fn bins(stated: &[(f64, bool)]) -> Vec<Vec<(f64, bool)>> {
    let mut bins = vec![Vec::new(); BINS];
    for &(sure, right) in stated {
        let bin = (1..BINS).filter(|edge| sure >= share(*edge, BINS)).count();
        if let Some(bin) = bins.get_mut(bin) {
            bin.push((sure, right));
        }
    }
    bins
}

fn reliability(scored: &[Scored]) {
    println!("\n  said       cases    said on average    right");
    for (index, bin) in bins(&stated(scored))
        .iter()
        .enumerate()
        .filter(|(_, bin)| !bin.is_empty())
    {
        let said = bin.iter().map(|(sure, _)| sure).sum::<f64>() / share(bin.len(), 1);
        let right = share(bin.iter().filter(|(_, right)| *right).count(), bin.len());
        println!(
            "  {:>3}-{:<3} % {:>6} {:>14.1} % {:>8.1} %",
            index * 10,
            index * 10 + 10,
            bin.len(),
            100.0 * said,
            100.0 * right
        );
    }
}

fn misses(scored: &[Scored]) {
    let mut missed: BTreeMap<&str, Vec<&Scored>> = BTreeMap::new();
    for one in scored.iter().filter(|one| !one.right_among(1)) {
        missed.entry(one.name.as_str()).or_default().push(one);
    }
    println!("\nmissed:");
    for (name, cases) in missed {
        let Some(one) = cases.first() else { continue };
        let found: Vec<String> = one
            .findings
            .iter()
            .take(3)
            .map(|(cause, _, sure)| format!("{cause} {:.0} %", 100.0 * sure))
            .collect();
        println!(
            "  {name} ×{}: expected {}, found {}",
            cases.len(),
            one.expect.top.as_deref().unwrap_or("nothing"),
            if found.is_empty() {
                "nothing".to_owned()
            } else {
                found.join(", ")
            },
        );
    }
}
