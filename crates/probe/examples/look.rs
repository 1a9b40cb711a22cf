//! Looks at a host and prints the evidence: `cargo run -p probe --example look -- HOST[:PORT]`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks to its user"
)]

use std::net::IpAddr;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use model::codes::Protocols;
use model::{ClientProfile, HostName, Target, UnixSeconds};
use probe::{Case, Depth, Options};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut options = Options::default();
    let mut client = ClientProfile::default();
    let mut input = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => options = Options::of(Depth::Quick),
            "--full" => options = Options::of(Depth::Full),
            "--tls" => client.offers = Protocols::TLS,
            "--rdp" => client.offers = Protocols::RDP,
            _ => input = Some(argument),
        }
    }
    let Some(input) = input else {
        eprintln!("usage: look [--quick|--full] [--tls|--rdp] HOST[:PORT]");
        return ExitCode::from(2);
    };
    let (host, port) = match input.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().unwrap_or(3389)),
        _ => (input.as_str(), 3389),
    };
    let (host, zone) = match host.split_once('%') {
        Some((host, zone)) => (host, Some(zone.to_owned())),
        None => (host, None),
    };
    let target = Target {
        input: input.clone(),
        host: HostName::from(host),
        port,
        address: host.parse::<IpAddr>().ok(),
        zone,
        gateway: None,
        proxy: None,
        client,
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let now = UnixSeconds(i64::try_from(now).unwrap_or_default());
    let options_depth = options.depth;
    let mut case = Case::open(target, options, now);
    case.run(|_| ()).await;
    for attempt in &case.evidence.tried {
        eprintln!("{attempt:?}");
    }
    if options_depth == Depth::Full {
        eprintln!("{:?}", probe::survey::negotiation(&case.evidence));
    }
    for seen in &case.evidence.seen {
        let line = serde_json::to_string(seen).unwrap_or_else(|error| error.to_string());
        println!("{line}");
    }
    ExitCode::SUCCESS
}
