//! Servers without a fault: exit status 0 and no finding.

use std::time::Duration;

use super::certificates::Certificate;
use super::distance;
use super::doctor::{Expect, check, check_with};
use super::network::{NAME, Network};
use super::servers::{Xrdp, shadow, xrdp};

#[test]
fn xrdp_negotiate() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    check(&network, Expect::HEALTHY);
    check_with(&network, &[NAME], Expect::HEALTHY);
}

#[test]
fn xrdp_tls() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    check(&network, Expect::HEALTHY);
}

#[test]
fn shadow_nla() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    check(&network, Expect::HEALTHY);
    check_with(&network, &[NAME], Expect::HEALTHY);
}

#[test]
fn shadow_tls() {
    let mut network = Network::new();
    shadow(&mut network, "tls", Certificate::HEALTHY);
    check(&network, Expect::HEALTHY);
}

#[test]
fn a_far_server() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    distance::place(&network, Duration::from_millis(120));
    check(&network, Expect::HEALTHY);
}
