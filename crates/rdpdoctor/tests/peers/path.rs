//! What can be measured of the way to the host.

use super::doctor::{Expect, check, check_with, degraded, facts, fails};
use super::network::{Network, SERVER, Side};
use super::servers::{Xrdp, xrdp};

#[test]
fn the_kernel_tells_what_it_measured() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let report = check(&network, Expect::HEALTHY);
    let measured = facts(&report, "path-measured");
    assert!(!measured.is_empty());
    for one in measured {
        assert_eq!(one["to"], format!("{SERVER}:3389"));
        assert_eq!(one["mtu"], 1500, "{one}");
        assert!(one["segment"].as_u64().unwrap() > 1400, "{one}");
        assert!(one["round_trip"].as_u64().unwrap() > 0, "{one}");
        assert_eq!(one["after_a_gap"], 0, "{one}");
    }
    assert!(facts(&report, "retransmitted").is_empty());
}

#[test]
fn a_smaller_mtu_that_is_told_is_no_fault() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.run(Side::Router, "ip", ["link", "set", "r0", "mtu", "1300"]);
    network.run(Side::Client, "ip", ["link", "set", "c0", "mtu", "1300"]);
    let report = check(&network, Expect::HEALTHY);
    let measured = facts(&report, "path-measured");
    assert!(!measured.is_empty());
    assert!(
        measured.iter().all(|one| one["mtu"] == 1300),
        "{measured:?}"
    );
}

#[test]
fn a_request_that_never_arrives_was_sent_in_vain() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward("tcp dport 3389 @ih,0,16 0x0300 drop");
    let report = check(&network, fails("negotiate", &["middlebox-reset"]));
    let again = facts(&report, "retransmitted");
    assert!(
        again
            .iter()
            .any(|one| one["by_client"].as_u64() > Some(1) && one["by_server"].is_null()),
        "{again:?}"
    );
    assert_eq!(
        report["findings"][0]["cause"],
        "negotiate.request-swallowed"
    );
}

#[test]
fn tries_are_counted() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    // A balancer with a dead member: every third connection is refused.
    network.forward("tcp dport 3389 ct state new numgen inc mod 3 2 reject with tcp reset");
    let report = check_with(
        &network,
        &[SERVER, "--repeat", "6"],
        degraded(&["connection-limit"]),
    );
    assert_eq!(report["findings"][0]["cause"], "tcp.opens-now-and-then");
    let says = report["findings"][0]["because"][0]["says"]
        .as_str()
        .unwrap();
    assert!(says.contains("did not open on 2 of "), "{says}");
}
