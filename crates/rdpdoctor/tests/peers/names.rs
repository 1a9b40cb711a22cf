//! The name leads nowhere, or to the wrong place.

use super::certificates::Certificate;
use super::doctor::{check_with, degraded, facts, fails, look};
use super::network::{NOBODY, Network, SERVER};
use super::servers::{Xrdp, dnsmasq, dnsmasq_with, xrdp};

/// A server whose certificate is for this name.
fn desk(network: &mut Network, name: &'static str) {
    let certificate = Certificate {
        name,
        ..Certificate::HEALTHY
    };
    xrdp(
        network,
        Xrdp {
            certificate,
            ..Xrdp::default()
        },
    );
}

#[test]
fn no_such_name() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    check_with(
        &network,
        &["desk3.lab.test"],
        fails("resolve", &["dns-failure"]),
    );
}

#[test]
fn no_name_server() {
    let network = Network::new();
    let report = check_with(
        &network,
        &["desk3.lab.test"],
        fails("resolve", &["dns-failure"]),
    );
    // The system's resolver calls silence a failure; asked directly, nobody is there.
    assert_eq!(report["findings"][0]["cause"], "resolve.server-silent");
}

#[test]
fn a_name_by_dns_is_as_good_as_an_address() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    desk(&mut network, "desk2.lab.test");
    check_with(
        &network,
        &["desk2.lab.test"],
        super::doctor::Expect::HEALTHY,
    );
}

#[test]
fn a_name_server_that_refuses() {
    let mut network = Network::new();
    // It has nobody to ask, and so refuses what lies outside its own domain.
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    let report = check_with(
        &network,
        &["desk2.other.test"],
        fails("resolve", &["dns-failure"]),
    );
    assert_eq!(report["findings"][0]["cause"], "resolve.server-refuses");
    let answered = facts(&report, "name-server-answered");
    assert!(
        answered.iter().all(|answer| answer["code"] == 5),
        "{answered:?}"
    );
    assert_eq!(answered.len(), 2);
}

#[test]
fn two_name_servers_that_disagree() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", SERVER)]);
    dnsmasq_with(
        &mut network,
        5353,
        &[format!("--host-record=desk2.lab.test,{NOBODY}")],
    );
    desk(&mut network, "desk2.lab.test");
    let other = format!("{SERVER}:5353");
    let report = check_with(
        &network,
        &["desk2.lab.test", "--resolver", SERVER, "--resolver", &other],
        degraded(&["dns-failure"]),
    );
    assert_eq!(report["findings"][0]["cause"], "resolve.split-horizon");
    let resolve = &report["phases"][0];
    assert_eq!(
        resolve["says"],
        format!(
            "{SERVER}; the name server {SERVER} says the same; the name server {other} says {NOBODY}"
        )
    );
}

#[test]
fn a_forgotten_line_in_the_hosts_file() {
    let mut network = Network::new();
    dnsmasq(&mut network, &[("desk2.lab.test", NOBODY)]);
    network.hosts(&[(SERVER, "desk2.lab.test")]);
    desk(&mut network, "desk2.lab.test");
    let report = check_with(
        &network,
        &["desk2.lab.test", "--resolver", SERVER],
        degraded(&["dns-failure"]),
    );
    assert_eq!(report["findings"][0]["cause"], "resolve.hosts-file");
}

#[test]
fn aliases_times_and_the_name_of_the_address_are_told() {
    let mut network = Network::new();
    dnsmasq_with(
        &mut network,
        53,
        &[
            format!("--host-record=desk2.lab.test,{SERVER},300"),
            "--cname=rds.lab.test,desk2.lab.test,60".to_owned(),
        ],
    );
    desk(&mut network, "rds.lab.test");
    let report = check_with(
        &network,
        &["rds.lab.test", "--resolver", SERVER],
        super::doctor::Expect::HEALTHY,
    );
    let answers = facts(&report, "name-server-answered");
    let of = |question: u16| {
        *answers
            .iter()
            .find(|answer| answer["question"] == question)
            .unwrap_or_else(|| panic!("{answers:?}"))
    };
    let (a, aaaa, ptr) = (of(1), of(28), of(12));
    assert_eq!(a["aliases"], serde_json::json!(["desk2.lab.test"]));
    assert_eq!(a["addresses"], serde_json::json!([SERVER]));
    assert_eq!(a["ttl"], 60);
    assert_eq!(a["edns"], true);
    assert_eq!(aaaa["addresses"], serde_json::json!([]));
    assert_eq!(ptr["names"], serde_json::json!(["desk2.lab.test"]));
}

#[test]
fn a_large_answer_comes_over_tcp() {
    let mut network = Network::new();
    let records: Vec<String> = (1..=120)
        .map(|last| format!("--host-record=many.lab.test,10.98.0.{last}"))
        .collect();
    dnsmasq_with(&mut network, 53, &records);
    let report = look(
        &network,
        &[
            "many.lab.test",
            "--quick",
            "--timeout",
            "1s",
            "--resolver",
            SERVER,
        ],
    );
    let answers = facts(&report, "name-server-answered");
    let a = answers
        .iter()
        .find(|answer| answer["question"] == 1)
        .unwrap();
    assert_eq!(a["over_tcp"], true);
    assert_eq!(a["addresses"].as_array().unwrap().len(), 120);
}

#[test]
fn nobody_at_the_name_server_that_was_named() {
    let mut network = Network::new();
    desk(&mut network, super::network::NAME);
    // The connection is healthy all the same: the client does not ask there.
    let report = check_with(
        &network,
        &[super::network::NAME, "--resolver", SERVER],
        super::doctor::Expect::HEALTHY,
    );
    assert!(
        report["phases"][0]["says"]
            .as_str()
            .unwrap()
            .ends_with(&format!("the name server {SERVER} is not there")),
        "{}",
        report["phases"][0]
    );
}
