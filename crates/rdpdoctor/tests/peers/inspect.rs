//! `rdpdoctor inspect` on the machine of a real server.
//!
//! Nothing here starts sessions, so that much is found on every machine of these tests, and rightly.

use serde_json::Value;

use super::certificates::Certificate;
use super::network::{Network, Side};
use super::servers::{Key, Xrdp, shadow, xrdp};

/// Nothing would start a desktop.
const NO_SESSIONS: &str = "session.does-not-start";

/// Inspects the server's machine, and compares what is found with what is known to be so: causes with their
/// verdicts, the first one first.
fn inspect(network: &Network, more: &[&str], expect: &[(&str, &str)]) -> Value {
    let fixed = [
        "inspect",
        "--role",
        "server",
        "--format",
        "json",
        "--no-progress",
    ];
    let mut command = network.command(
        Side::Server,
        env!("CARGO_BIN_EXE_rdpdoctor"),
        fixed.iter().chain(more),
    );
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let story = || {
        format!(
            "{text}\n{}\n{}",
            String::from_utf8_lossy(&output.stderr),
            network.logs()
        )
    };
    let report: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{}", story()));
    let found: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["cause"] != NO_SESSIONS)
        .map(|finding| {
            (
                finding["cause"].as_str().unwrap(),
                finding["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expect, "{}", story());
    assert_eq!(output.status.code(), Some(1), "{}", story());
    report
}

fn facts<'r>(report: &'r Value, kind: &str) -> Vec<&'r Value> {
    report["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|seen| seen["fact"] == kind)
        .collect()
}

#[test]
fn a_healthy_server_shows_the_certificate_it_is_set_up_with() {
    let mut network = Network::new();
    let process = xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    let report = inspect(&network, &[], &[]);
    let listeners = facts(&report, "listener-found");
    assert!(
        listeners
            .iter()
            .any(|seen| seen["value"]["program"] == "xrdp" && seen["value"]["process"] == process),
        "{listeners:?}"
    );
    let prints: Vec<(&Value, &Value)> = facts(&report, "certificate-seen")
        .iter()
        .map(|seen| (&seen["source"], &seen["value"]["certificate"]["sha256"]))
        .collect();
    assert!(
        prints.iter().any(|(source, _)| *source == "registry"),
        "{prints:?}"
    );
    assert!(
        prints.iter().any(|(source, _)| *source == "probe"),
        "{prints:?}"
    );
    assert!(
        prints.windows(2).all(|two| two[0].1 == two[1].1),
        "{prints:?}"
    );
    assert_eq!(report["target"]["port"], 3389);
    assert_eq!(report["machine"]["serves"], true);
}

#[test]
fn an_unreadable_key_is_proven() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        key: Key::Unreadable,
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    let report = inspect(&network, &[], &[("negotiate.key-unreadable", "proven")]);
    assert_eq!(report["stopped_at"], "negotiate");
    let keys = facts(&report, "file-found");
    assert!(
        keys.iter().any(|seen| {
            let value = &seen["value"];
            value["role"] == "key" && value["reader"] == "xrdp" && value["readable"] == false
        }),
        "{keys:?}"
    );
}

#[test]
fn an_unreadable_key_where_tls_may_be_left_out() {
    let mut network = Network::new();
    let setup = Xrdp {
        key: Key::Unreadable,
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    inspect(&network, &[], &[("negotiate.key-fallback", "proven")]);
}

#[test]
fn a_key_of_another_certificate() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        key: Key::OfAnother,
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    inspect(&network, &[], &[("secure.key-does-not-fit", "proven")]);
}

#[test]
fn an_expired_certificate() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        certificate: Certificate::EXPIRED,
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    inspect(&network, &[], &[("secure.certificate-expired", "proven")]);
}

#[test]
fn a_server_that_does_not_run() {
    let network = Network::new();
    let ini = network.write("xrdp.ini", "[Globals]\nport=3389\nsecurity_layer=rdp\n");
    inspect(
        &network,
        &["--settings", &ini.display().to_string()],
        &[
            ("tcp.service-stopped", "proven"),
            ("negotiate.rdp-security-only", "likely"),
        ],
    );
}

#[test]
fn a_rule_that_drops_what_comes_from_outside() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    network.input("iifname != \"lo\" tcp dport 3389 drop");
    let report = inspect(&network, &[], &[("tcp.filtered-on-the-host", "proven")]);
    assert_eq!(
        report["outcome"], "degraded",
        "the handshake with itself is not filtered"
    );
}

#[test]
fn a_rule_that_lets_some_in() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    network.input(
        "iifname \"lo\" accept; ip saddr 10.99.1.0/24 tcp dport 3389 accept; tcp dport 3389 drop",
    );
    inspect(&network, &[], &[("tcp.filtered-on-the-host", "possible")]);
}

#[test]
fn a_rule_of_iptables_that_refuses() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    let rule = "-A INPUT ! -i lo -p tcp --dport 3389 -m comment --comment closed -j REJECT --reject-with tcp-reset";
    network.run(Side::Server, "iptables", rule.split(' '));
    let report = inspect(&network, &[], &[("tcp.rejected-on-the-host", "proven")]);
    let rules = facts(&report, "filter-found");
    assert!(
        rules
            .iter()
            .any(|seen| seen["value"]["filter"] == "iptables"
                && seen["value"]["rule"]
                    .as_str()
                    .unwrap()
                    .contains("--dport 3389")),
        "{rules:?}"
    );
}

#[test]
fn a_shadow_server_is_known_by_its_listener() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::EXPIRED);
    let report = inspect(
        &network,
        &["--server", "freerdp-shadow"],
        &[("secure.certificate-expired", "proven")],
    );
    let keys = facts(&report, "key-compared");
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert_eq!(keys[0]["value"]["belongs"], true);
}
