//! The connection does not open: nothing listens, or a filter stands in between.

use super::doctor::{Expect, check, check_with, degraded, fails};
use super::network::{NAME, NOBODY, Network, SERVER, Side};
use super::servers::{Xrdp, xrdp};

/// A rule in the router, and what it must be called. The host itself is up and serves.
fn filtered(rule: &str, expect: Expect) {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward(rule);
    check(&network, expect);
}

#[test]
fn server_stopped() {
    check(&Network::new(), fails("tcp", &["termservice-down"]));
}

#[test]
fn dropped_in_between() {
    filtered(
        "tcp dport 3389 drop",
        fails("tcp", &["perimeter-firewall", "host-firewall"]),
    );
}

#[test]
fn prohibited_by_the_router() {
    filtered(
        "tcp dport 3389 reject with icmpx type admin-prohibited",
        fails("tcp", &["perimeter-firewall"]),
    );
}

#[test]
fn prohibited_by_the_host() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.input("tcp dport 3389 reject with icmpx type admin-prohibited");
    check(&network, fails("tcp", &["host-firewall"]));
}

#[test]
fn port_unreachable_says_the_router() {
    filtered(
        "tcp dport 3389 reject with icmpx type port-unreachable",
        fails("tcp", &["perimeter-firewall"]),
    );
}

#[test]
fn no_route_beyond_the_router() {
    filtered(
        &format!("ip daddr {SERVER} reject with icmp type net-unreachable"),
        fails("reach", &["route-or-vpn-down"]),
    );
}

#[test]
fn host_down() {
    let network = Network::new();
    network.run(Side::Server, "ip", ["link", "set", "s0", "down"]);
    check(&network, fails("reach", &["host-unhealthy"]));
}

#[test]
fn one_dead_address_of_two() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.hosts(&[(NOBODY, NAME), (SERVER, NAME)]);
    network.forward(&format!("ip daddr {NOBODY} drop"));
    check_with(&network, &[NAME], degraded(&["dns-failure"]));
}

#[test]
fn a_limit_of_one_connection_is_not_tripped() {
    filtered(
        "tcp dport 3389 ct state new add @seen { ip saddr ct count over 1 } reject with tcp reset",
        Expect::HEALTHY,
    );
}
