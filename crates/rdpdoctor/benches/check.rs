//! How long a check takes, in round trips and beside its limits: `cargo xtask bench check`. Real servers in network
//! namespaces, with a distance put between. It measures; it asserts no time.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on stops and says why"
)]

#[path = "../tests/peers/certificates.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod certificates;
#[path = "../tests/peers/distance.rs"]
mod distance;
#[path = "../tests/peers/network.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod network;
#[path = "../tests/peers/servers.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod servers;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use certificates::Certificate;
use network::{NOBODY, Network, SERVER, Side};
use serde_json::Value;
use servers::{Xrdp, shadow, xrdp};

/// Round-trip times, in milliseconds.
const ROUND_TRIPS: [u32; 3] = [1, 20, 100];
/// The round trips a check of a healthy host may take, and what it may take beside them, in milliseconds.
const LIMIT: (f64, f64) = (8.0, 150.0);
/// What a check of a silent host may take, in milliseconds.
const SILENT: f64 = 6000.0;

type Start = fn(&mut Network);

const SERVERS: [(&str, Start); 2] = [
    ("xrdp, TLS", |network| {
        xrdp(network, Xrdp::default());
    }),
    ("FreeRDP shadow, NLA", |network| {
        shadow(network, "nla", Certificate::HEALTHY);
    }),
];

fn main() {
    let runs = std::env::var("RDPDOCTOR_BENCH_RUNS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(5);
    println!(
        "\nA check of a healthy host, median of {runs}; limit {} r + {} ms. Trips: to the end of the ladder.",
        LIMIT.0, LIMIT.1
    );
    line([
        "server",
        "r ms",
        "total ms",
        "limit ms",
        "of limit",
        "trips",
        "connections",
    ]);
    for (name, start) in SERVERS {
        let mut network = Network::new();
        start(&mut network);
        let distance = distance::place(&network, Duration::ZERO);
        for round_trip in ROUND_TRIPS {
            distance.set(Duration::from_millis(round_trip.into()));
            let round_trip = f64::from(round_trip);
            let (total, report) = median(runs, &network, SERVER);
            let limit = LIMIT.0 * round_trip + LIMIT.1;
            line([
                name,
                &format!("{round_trip:.0}"),
                &format!("{total:.1}"),
                &format!("{limit:.0}"),
                &format!("{:.0} %", 100.0 * total / limit),
                &format!("{:.1}", ladder_end(&report) / round_trip),
                &report["attempts"]
                    .as_array()
                    .map_or(0, Vec::len)
                    .to_string(),
            ]);
            if report["outcome"] != "healthy" {
                println!("  not healthy: {}", report["findings"][0]["cause"]);
            }
        }
        distance.set(Duration::from_millis(20));
        others(&network);
    }
    println!("\nA check of a silent host; limit {SILENT} ms.");
    let network = Network::new();
    network.forward(&format!("ip daddr {NOBODY} drop"));
    let (total, report) = median(runs.min(3), &network, NOBODY);
    let of_limit = format!("{:.0} %", 100.0 * total / SILENT);
    line([
        "nobody",
        "",
        &format!("{total:.1}"),
        &format!("{SILENT}"),
        &of_limit,
        "",
        "",
    ]);
    println!("  {}", report["findings"][0]["cause"]);
}

fn line(words: [&str; 7]) {
    let [name, words @ ..] = words;
    println!(
        "{name:<22}{}",
        words.map(|word| format!("{word:>12}")).concat()
    );
}

/// Other programs that look at the same server, at 20 ms.
fn others(network: &Network) {
    let port = network::PORT.to_string();
    let target = format!("{SERVER}:{port}");
    let nmap = [
        "-Pn",
        "-n",
        "-p",
        &port,
        "--script",
        "rdp-enum-encryption,rdp-ntlm-info",
        SERVER,
    ];
    let all: [(&str, &[&str]); 2] = [("nmap, 2 scripts", &nmap), ("sslscan", &["--rdp", &target])];
    for (name, words) in all {
        let program = name.split(',').next().unwrap_or(name);
        if Command::new(program).arg("--version").output().is_err() {
            println!("  {name:<20}is not installed");
            continue;
        }
        let (took, status) = timed(&mut network.command(
            Side::Client,
            "timeout",
            ["120", program].iter().chain(words),
        ));
        line([
            &format!("  {name}"),
            "20",
            &format!("{took:.1}"),
            "",
            "",
            "",
            &status.status.to_string(),
        ]);
    }
}

/// The run of median length: its time in milliseconds, and its report.
fn median(runs: usize, network: &Network, target: &str) -> (f64, Value) {
    let mut all: Vec<(f64, Value)> = (0..runs.max(1))
        .map(|_| {
            let own = std::env::current_exe().unwrap();
            // The release lies beside the examples.
            let release = own.parent().and_then(Path::parent).unwrap();
            let program = &release.join("rdpdoctor");
            let arguments = ["--format", "json", "--no-progress", target];
            let (took, output) = timed(&mut network.command(Side::Client, program, arguments));
            let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
                panic!(
                    "no report: {error}: {}",
                    String::from_utf8_lossy(&output.stderr)
                )
            });
            (took, report)
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    all.swap_remove(all.len() / 2)
}

fn timed(command: &mut Command) -> (f64, std::process::Output) {
    let begun = Instant::now();
    let output = command.output().unwrap();
    (begun.elapsed().as_secs_f64() * 1000.0, output)
}

/// When the last rung was passed, in milliseconds since the case was opened.
fn ladder_end(report: &Value) -> f64 {
    let ends = report["phases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|phase| Some(phase["started_ms"].as_f64()? + phase["took_ms"].as_f64()?));
    ends.fold(0.0, f64::max)
}
