//! How long a diagnosis takes, from evidence that is there: `cargo xtask bench diagnose`. One of each sort, the one that
//! takes longest, and the whole matrix of scenarios and causes. It measures; it asserts no time.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on stops and says why"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use lab::scenario;
use model::Evidence;
use rdpdoctor::rehearse::{self, Settings};

/// One of each sort: nothing is wrong, it just ends, the server says why, nothing comes, a log tells.
const SORTS: [&str; 5] = [
    "healthy/windows-nla",
    "secure/reset-at-hello",
    "negotiate/nla-required",
    "tcp/silent",
    "authenticate/wrong-credentials-logged",
];

fn played() -> Vec<(String, Evidence)> {
    scenario::every()
        .unwrap()
        .iter()
        .map(|scenario| {
            let evidence = rehearse::play(scenario, &Settings::default()).unwrap();
            (scenario.id.clone(), evidence)
        })
        .collect()
}

fn diagnoses(criterion: &mut Criterion) {
    let played = played();
    let slowest = played.iter().max_by_key(|(_, evidence)| {
        let begun = Instant::now();
        for _ in 0..5 {
            black_box(diagnose::diagnose(evidence));
        }
        begun.elapsed()
    });
    let mut group = criterion.benchmark_group("one diagnosis");
    for (name, evidence) in &played {
        let name = match slowest {
            Some((slowest, _)) if slowest == name => format!("{name}, the slowest"),
            _ if SORTS.contains(&name.as_str()) => name.clone(),
            _ => continue,
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| diagnose::diagnose(black_box(evidence)));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("the matrix");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(20));
    group.bench_function(
        format!("{} scenarios, every cause", played.len()),
        |bencher| {
            bencher.iter(|| {
                for (_, evidence) in &played {
                    black_box(diagnose::diagnose(evidence));
                    black_box(diagnose::weighings(evidence));
                }
            });
        },
    );
    group.finish();
}

criterion_group!(benches, diagnoses);
criterion_main!(benches);
