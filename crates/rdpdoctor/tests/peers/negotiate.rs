//! Something answers on the port, and the two sides do not agree; or it is no Remote Desktop at all.

use super::certificates::Certificate;
use super::doctor::{check, check_with, degraded_by_one_of, fails};
use super::network::{Network, SERVER};
use super::servers::{Key, Xrdp, nginx, shadow, sshd, xrdp};

#[test]
fn an_ssh_server_on_the_port() {
    let mut network = Network::new();
    sshd(&mut network);
    check(
        &network,
        fails(
            "negotiate",
            &["wrong-service-on-port", "port-changed-or-conflict"],
        ),
    );
}

#[test]
fn a_web_server_on_the_port() {
    let mut network = Network::new();
    nginx(&mut network, false);
    check(
        &network,
        fails(
            "negotiate",
            &["wrong-service-on-port", "port-changed-or-conflict"],
        ),
    );
}

#[test]
fn a_web_server_with_tls_on_the_port() {
    let mut network = Network::new();
    nginx(&mut network, true);
    check(
        &network,
        fails(
            "negotiate",
            &["wrong-service-on-port", "port-changed-or-conflict"],
        ),
    );
}

#[test]
fn nla_only_asked_by_a_client_without_nla() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    check_with(
        &network,
        &["--offer", "tls", SERVER],
        fails("negotiate", &["nla-required-client-cannot"]),
    );
}

/// An xrdp that is set to RDP security and one that falls back to it, because it may not read its key, send the
/// same bytes.
const RDP_SECURITY_ONLY: &[&str] = &["security-layer-mismatch", "linux-tls-key-unreadable"];

#[test]
fn rdp_security_only_on_xrdp() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "rdp",
            ..Xrdp::default()
        },
    );
    check(&network, degraded_by_one_of(RDP_SECURITY_ONLY));
}

#[test]
fn rdp_security_only_on_shadow() {
    let mut network = Network::new();
    shadow(&mut network, "rdp", Certificate::HEALTHY);
    check(&network, fails("negotiate", &["security-layer-mismatch"]));
}

#[test]
fn key_unreadable_and_tls_demanded() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            key: Key::Unreadable,
            ..Xrdp::default()
        },
    );
    check(&network, fails("negotiate", &["linux-tls-key-unreadable"]));
}

#[test]
fn key_unreadable_and_tls_optional() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            key: Key::Unreadable,
            ..Xrdp::default()
        },
    );
    check(&network, degraded_by_one_of(RDP_SECURITY_ONLY));
}

#[test]
fn server_hangs() {
    let mut network = Network::new();
    let process = xrdp(&mut network, Xrdp::default());
    network.run(
        super::network::Side::Server,
        "kill",
        ["-STOP", &process.to_string()],
    );
    check(&network, fails("negotiate", &["termservice-down"]));
}

#[test]
fn reset_at_the_connection_request() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward("tcp dport 3389 @ih,0,16 0x0300 reject with tcp reset");
    check(
        &network,
        fails(
            "negotiate",
            &["middlebox-reset", "security-software", "listener-broken"],
        ),
    );
}
