//! A fresh look at this machine: its settings, and a handshake with oneself.

use std::net::{IpAddr, ToSocketAddrs as _, UdpSocket};

use model::{Evidence, FactKind, Observation, Phase, Target};
use probe::local::Scope;
use probe::{Case, Depth, Options};

use crate::check;
use crate::cli::OutputArguments;
use crate::failure::Failure;
use crate::inspect;

/// Everything that is seen here: how a connection from here ends, and on the server itself what its programs are
/// set to.
pub(super) fn here(target: &Target, output: &OutputArguments) -> Result<Evidence, Failure> {
    let runtime = check::runtime()?;
    let opened_at = check::now();
    let mine = is_this_machine(target);
    let mut own = target.clone();
    if mine {
        // The name is what certificates are held against; the connection stays on this machine.
        let loopback = IpAddr::from([127, 0, 0, 1]);
        own.address = Some(target.address.unwrap_or(loopback));
        own.zone = None;
        own.gateway = None;
    }
    let case = Case::open(own, Options::of(Depth::Standard), opened_at);
    let mut evidence = runtime.block_on(check::watch(case, output));
    runtime.shutdown_background();
    evidence.target = target.clone();
    if mine {
        evidence.seen.extend(settings(opened_at));
    }
    Ok(evidence)
}

/// The target is this machine: it has no name, or an address that is ours.
pub(super) fn is_this_machine(target: &Target) -> bool {
    let host = target.host.0.as_str();
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    // Only an address of this machine can be bound.
    let ours = |address: IpAddr| UdpSocket::bind((address, 0)).is_ok();
    match target.address {
        Some(address) => ours(address),
        None => (host, 0)
            .to_socket_addrs()
            .is_ok_and(|mut addresses| addresses.any(|address| ours(address.ip()))),
    }
}

/// What this machine is set up with as a server: settings, files and listeners. Its logs tell of what was before,
/// and what else there is to know of it is the matter of an inspection.
fn settings(now: model::UnixSeconds) -> Vec<Observation> {
    let usual = std::path::PathBuf::from("/etc/xrdp/xrdp.ini");
    let scope = Scope {
        client: false,
        settings: usual.is_file().then_some(usual),
        ..inspect::live(now)
    };
    let found = probe::local::inspect(&scope);
    let seen = found.seen.into_iter().filter(|told| {
        matches!(
            told.fact.kind(),
            FactKind::SettingFound
                | FactKind::FileFound
                | FactKind::KeyCompared
                | FactKind::CertificateSeen
                | FactKind::CertificateUnreadable
                | FactKind::ListenerFound
                | FactKind::ListenerMissing
        ) && told.place.is_some_and(|place| place.phase < Phase::Session)
    });
    seen.map(inspect::observed).collect()
}
