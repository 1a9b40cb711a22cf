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
fn what_is_sent_back_on_an_open_connection_is_told() {
    for (rule, why, stage, cause) in [
        (
            "@ih,0,16 0x1603 reject with icmpx admin-prohibited",
            "host",
            "secure",
            "secure.swallowed-on-the-way",
        ),
        (
            "@ih,0,16 0x0300 reject with icmpx port-unreachable",
            "port",
            "negotiate",
            "negotiate.request-swallowed",
        ),
    ] {
        let mut network = Network::new();
        xrdp(&mut network, Xrdp::default());
        network.forward(&format!("tcp dport 3389 {rule}"));
        let report = check(&network, fails(stage, &["middlebox-reset"]));
        let back = facts(&report, "sent-back");
        assert!(back.iter().any(|fact| fact["why"] == why), "{back:?}");
        let finding = &report["findings"][0];
        assert_eq!(finding["cause"], cause);
        let because = finding["because"].to_string();
        assert!(
            because.contains("came back with an ICMP error"),
            "{because}"
        );
    }
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

#[test]
fn packets_that_get_lost_by_chance_are_told_as_that() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    // One of four either way, whatever it carries.
    network.forward("tcp dport 3389 numgen inc mod 4 3 drop");
    network.forward("tcp sport 3389 numgen inc mod 4 3 drop");
    let report = check_with(
        &network,
        &[SERVER, "--repeat", "5"],
        degraded(&["route-or-vpn-down"]),
    );
    assert_eq!(report["findings"][0]["cause"], "session.lossy-path");
}

#[test]
fn a_filter_that_forbids_some_connections_is_not_the_host() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward(
        "tcp dport 3389 ct state new limit rate over 6/minute burst 1 packets reject with icmp type admin-prohibited",
    );
    let report = check(&network, degraded(&["perimeter-firewall"]));
    assert_eq!(
        report["findings"][0]["cause"],
        "tcp.filter-lets-some-through"
    );
}

#[test]
fn a_route_that_comes_and_goes_is_not_the_host() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward(
        "tcp dport 3389 ct state new numgen inc mod 2 1 reject with icmp type net-unreachable",
    );
    let report = check(&network, degraded(&["route-or-vpn-down"]));
    assert_eq!(report["findings"][0]["cause"], "reach.way-comes-and-goes");
}

#[test]
fn a_line_that_is_slow_is_no_fault_of_the_server() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    // As a modem of 1995: a certificate takes half a second.
    let slow = "tbf rate 28kbit burst 1600 latency 20s";
    let words = "qdisc add dev r0 root".split(' ').chain(slow.split(' '));
    network.run(Side::Router, "tc", words);
    let report = check(&network, Expect::HEALTHY);
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["side"], "network", "{finding}");
    }
}

/// The test of --load, against a filter that counts.
fn loaded(rule: &str, expect: Expect) -> serde_json::Value {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward(rule);
    check_with(
        &network,
        &[SERVER, "--load=12", "--yes", "--timeout", "2s"],
        expect,
    )
}

#[test]
fn a_limit_for_each_source_is_found() {
    // A note, and no trouble: the status is that of a healthy host.
    let report = loaded(
        "tcp dport 3389 ct state new add @seen { ip saddr ct count over 5 } reject with tcp reset",
        Expect {
            families: &["connection-limit"],
            ..Expect::HEALTHY
        },
    );
    let causes: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["cause"].as_str().unwrap())
        .collect();
    assert!(causes.contains(&"tcp.few-at-once"), "{causes:?}");
    let held = facts(&report, "connections-held");
    assert_eq!(held[0]["limit"], "refused");
    let number = held[0]["held"].as_u64().unwrap();
    assert!((1..=5).contains(&number), "{held:?}");
    assert_eq!(facts(&report, "answered-after-load")[0]["again"], true);
}

#[test]
fn a_ban_is_found() {
    let report = loaded(
        "ip saddr @seen drop\ntcp dport 3389 ct state new limit rate over 1/hour burst 9 packets add @seen { ip saddr } drop",
        degraded(&["ip-banned"]),
    );
    assert_eq!(report["findings"][0]["cause"], "tcp.banned-after-many");
    assert_eq!(facts(&report, "answered-after-load")[0]["again"], false);
}

#[test]
fn a_host_without_a_limit_bears_the_test() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let report = check_with(&network, &[SERVER, "--load=12", "--yes"], Expect::HEALTHY);
    let held = facts(&report, "connections-held");
    assert_eq!(held.len(), 2);
    assert!(
        held.iter()
            .all(|one| one["held"] == 12 && one["limit"].is_null()),
        "{held:?}"
    );
}

#[test]
fn where_packets_stop_is_told() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward("tcp dport 3389 drop");
    let report = check_with(
        &network,
        &[SERVER, "--full"],
        fails("tcp", &["perimeter-firewall", "host-firewall"]),
    );
    let traced = facts(&report, "path-traced");
    // The router decrements the time to live before its filter, and so answers for the first hop alone.
    assert_eq!(traced[0]["hops"], serde_json::json!(["10.99.1.1"]));
    assert!(traced[0]["answered_at"].is_null());
}

#[test]
fn large_packets_lost_on_the_way_there() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    network.run(Side::Router, "ip", ["link", "set", "r1", "mtu", "400"]);
    network.output(
        Side::Router,
        "icmp type destination-unreachable icmp code frag-needed drop; icmpv6 type packet-too-big drop",
    );
    let report = check(&network, fails("secure", &["mtu-blackhole"]));
    let again = facts(&report, "retransmitted");
    assert!(
        again.iter().any(|one| one["by_client"].as_u64() > Some(1)),
        "{again:?}"
    );
}

#[test]
fn the_largest_packet_is_found() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    // The server's side of the handshake is lost, and so are packets to it from 1300 bytes on.
    network
        .forward("tcp sport 3389 @ih,0,8 0x16 drop\nudp dport 33434-33450 meta length > 1300 drop");
    let report = check(
        &network,
        Expect {
            exit: 1,
            outcome: "failing",
            stopped_at: Some("secure"),
            families: &["mtu-blackhole", "middlebox-reset", "host-unhealthy"],
            rivals: false,
        },
    );
    let tried = facts(&report, "packet-sizes-tried");
    assert_eq!(tried[0]["passed"], 1280);
    assert_eq!(tried[0]["lost"], 1400);
}
