//! TLS: certificates, versions, and what happens to its messages on the way.

use super::certificates::Certificate;
use super::doctor::{Expect, check, check_with, degraded, fails};
use super::network::{NAME, Network, Side};
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
