//! TLS: certificates, versions, and what happens to its messages on the way.

use serde_json::Value;

use super::certificates::{self, Certificate};
use super::doctor::{Expect, check, check_with, degraded, facts, fails, look};
use super::network::{NAME, Network, SERVER, Side};
use super::servers::{Key, Xrdp, shadow, xrdp};

#[test]
fn certificate_expired() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            certificate: Certificate::EXPIRED,
            ..Xrdp::default()
        },
    );
    check(&network, degraded(&["rdp-cert-stale"]));
}

#[test]
fn certificate_expired_on_shadow() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::EXPIRED);
    check(&network, degraded(&["rdp-cert-stale"]));
}

#[test]
fn certificate_for_another_name() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            certificate: Certificate::OTHER_NAME,
            ..Xrdp::default()
        },
    );
    check_with(&network, &[NAME], degraded(&["cert-untrusted-or-mismatch"]));
}

#[test]
fn only_tls_1_0() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            versions: "TLSv1",
            ciphers: "ALL:@SECLEVEL=0",
            ..Xrdp::default()
        },
    );
    check(&network, degraded(&["tls-version-cipher"]));
}

#[test]
fn reset_at_the_client_hello() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    network.forward("tcp dport 3389 @ih,0,8 0x16 reject with tcp reset");
    check(
        &network,
        fails(
            "secure",
            &[
                "middlebox-reset",
                "machinekeys-acl",
                "cert-key-unusable",
                "rdp-cert-stale",
            ],
        ),
    );
}

/// The right to see the headers of packets, taken away from whoever runs the program.
const WITHOUT_THE_RIGHT: [&str; 4] = ["--bounding-set", "-net_raw", "--inh-caps", "-net_raw"];

#[test]
fn who_sent_a_reset_is_seen_or_what_it_takes_is_said() {
    let mut network = Network::new();
    let setup = Xrdp {
        security: "tls",
        ..Xrdp::default()
    };
    xrdp(&mut network, setup);
    network.forward("tcp dport 3389 @ih,0,8 0x16 reject with tcp reset");
    let says = |report: &Value| {
        report["not_checked"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|left| {
                left["why"]
                    .as_str()
                    .is_some_and(|why| why.contains("cap_net_raw"))
            })
            .count()
    };
    let report = look(&network, &[SERVER]);
    assert!(
        !facts(&report, "reset-from-elsewhere").is_empty(),
        "{report:#}"
    );
    assert_eq!(says(&report), 0);

    let program = [env!("CARGO_BIN_EXE_rdpdoctor"), SERVER];
    let ask = |more: &[&str]| {
        let words = WITHOUT_THE_RIGHT.iter().chain(&program).chain(more);
        let mut command = network.command(Side::Client, "setpriv", words);
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let report: Value = serde_json::from_str(&ask(&["--format", "json"])).unwrap();
    assert!(facts(&report, "reset-from-elsewhere").is_empty());
    assert_eq!(report["outcome"], "failing");
    // Once, however many resets came.
    assert_eq!(says(&report), 1, "{report:#}");
    let skipped = report["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|tried| tried["probe"] == "origin" && tried["outcome"] == "skipped");
    assert_eq!(skipped.count(), 1, "{report:#}");
    let text = ask(&[]).replace('\n', " ");
    assert!(text.contains("needs root"), "{text}");
}

#[test]
fn a_healthy_host_needs_no_right() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let program = [env!("CARGO_BIN_EXE_rdpdoctor"), SERVER, "--format", "json"];
    let words = WITHOUT_THE_RIGHT.iter().chain(&program);
    let output = network
        .command(Side::Client, "setpriv", words)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains("root"), "{text}");
}

#[test]
fn server_hello_lost() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    network.forward("tcp sport 3389 @ih,0,8 0x16 drop");
    // Small packets vanish too, so large ones are not to blame; a server that stalls looks the same.
    check(
        &network,
        fails("secure", &["middlebox-reset", "host-unhealthy"]),
    );
}

#[test]
fn large_packets_lost_on_the_way_back() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            ..Xrdp::default()
        },
    );
    network.run(Side::Router, "ip", ["link", "set", "r0", "mtu", "900"]);
    network.output(
        Side::Router,
        "icmp type destination-unreachable icmp code frag-needed drop; icmpv6 type packet-too-big drop",
    );
    check(&network, fails("secure", &["mtu-blackhole"]));
}

#[test]
fn only_tls_1_3() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            versions: "TLSv1.3",
            ..Xrdp::default()
        },
    );
    check(&network, Expect::HEALTHY);
}

#[test]
fn key_of_another_certificate() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            key: Key::OfAnother,
            ..Xrdp::default()
        },
    );
    check(
        &network,
        fails(
            "secure",
            &[
                "cert-key-unusable",
                "linux-tls-key-unreadable",
                "rdp-cert-stale",
            ],
        ),
    );
}
#[test]
fn only_tls_1_0_with_ciphers_nobody_takes() {
    let mut network = Network::new();
    xrdp(
        &mut network,
        Xrdp {
            security: "tls",
            versions: "TLSv1",
            ..Xrdp::default()
        },
    );
    check(&network, fails("secure", &["tls-version-cipher"]));
}

#[test]
fn a_renewed_certificate_is_told_and_no_fault() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let first = check(&network, Expect::HEALTHY);
    assert!(facts(&first, "certificate-recalled").is_empty());
    let again = check(&network, Expect::HEALTHY);
    let recalled = facts(&again, "certificate-recalled");
    assert_eq!(recalled[0]["change"], "same", "{recalled:?}");

    // xrdp reads its certificate anew for every connection.
    certificates::issue(&network, Certificate::HEALTHY);
    let forgetful = look(&network, &[SERVER, "--no-history"]);
    assert!(facts(&forgetful, "certificate-recalled").is_empty());
    let changed = look(&network, &[SERVER]);
    assert_eq!(changed["outcome"], "healthy", "{changed:#}");
    let finding = &changed["findings"][0];
    assert_eq!(finding["cause"], "secure.certificate-changed");
    assert_eq!(finding["severity"], "note");
    let recalled = facts(&changed, "certificate-recalled");
    assert_eq!(recalled[0]["change"], "renewed", "{recalled:?}");
    let before = facts(&first, "certificate-seen");
    assert_eq!(recalled[0]["sha256"], before[0]["certificate"]["sha256"]);
}

#[test]
fn an_authority_that_is_named_is_trusted() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let trust = |arguments: &[&str]| {
        let report = look(&network, arguments);
        facts(&report, "certificate-trust")[0]["trust"].clone()
    };
    assert_eq!(trust(&[SERVER]), "self-signed");
    let named = network.folder().join("certificate.pem");
    let named = named.to_str().unwrap();
    assert_eq!(trust(&[SERVER, "--trust", named]), "trusted");
}
