//! A fresh look at this machine: its settings, and a handshake with oneself.

use model::{Evidence, Observation, Source, Target};
use probe::{Case, Depth, Options};

use crate::check;
use crate::cli::OutputArguments;
use crate::failure::Failure;

/// Everything that is seen here: what the server programs are set to, and how a connection from here ends.
pub(super) fn here(target: &Target, output: &OutputArguments) -> Result<Evidence, Failure> {
    let runtime = check::runtime()?;
    let opened_at = check::now();
    let mut own = target.clone();
    // The name is what certificates are held against; the connection stays on this machine.
    own.address = Some(own_address(target));
    own.zone = None;
    own.gateway = None;
    let case = Case::open(own, Options::of(Depth::Standard), opened_at);
    let mut evidence = runtime.block_on(check::watch(case, output));
    runtime.shutdown_background();
    evidence.target = target.clone();
    evidence.seen.extend(settings(opened_at));
    Ok(evidence)
}

/// An address of this machine on which its servers answer: the one that was asked for when it is ours, else
/// that of loopback.
fn own_address(target: &Target) -> std::net::IpAddr {
    let loopback = std::net::IpAddr::from([127, 0, 0, 1]);
    let Some(asked) = target.address else {
        return loopback;
    };
    // Only an address of this machine can be bound.
    match std::net::UdpSocket::bind((asked, 0)) {
        Ok(_) => asked,
        Err(_) => loopback,
    }
}

#[cfg(target_os = "linux")]
fn settings(now: model::UnixSeconds) -> Vec<Observation> {
    let look = probe::local::linux::Look {
        root: "/".into(),
        settings: None,
        user: None,
        now,
    };
    probe::local::linux::xrdp(&look)
        .into_iter()
        .map(|(place, fact)| Observation {
            at: None,
            place: Some(place),
            source: Source::Registry,
            vantage: String::new(),
            look: None,
            fact,
        })
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn settings(_now: model::UnixSeconds) -> Vec<Observation> {
    Vec::new()
}
