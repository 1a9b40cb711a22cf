//! What people state in words bears on families of causes, for and against.
//!
//! A statement weighs a hint. It is remembered, supposed or copied, and it is about the connection of that
//! person at that time; what was seen always outweighs it. Names of families and, where one cause alone is
//! meant, of causes.
//!
//! This file is long because it is a table: what each symptom of `model::codes::symptom` speaks for and against.

use model::codes::Symptom;
use model::{Fact, FactKind};

use crate::cause::{Cause, Weight};
use crate::words;

/// What a symptom says about causes.
struct Bearing {
    symptom: &'static str,
    /// Families and causes it speaks for.
    speaks_for: &'static [(&'static str, Weight)],
    /// Families and causes it speaks against; their denial is no sign.
    speaks_against: &'static [&'static str],
}

use Weight::{Fair, Slight};

/// What never lets any packet of the client reach the service.
const UNREACHED: &[&str] = &[
    "host-unhealthy",
    "nic-or-ip-misconfig",
    "route-or-vpn-down",
    "perimeter-firewall",
    "host-firewall",
    "ip-banned",
    "rdp-disabled-or-edition",
];
/// What concerns every client of the host alike.
const SERVER_WIDE: &[&str] = &[
    "host-unhealthy",
    "nic-or-ip-misconfig",
    "host-firewall",
    "rdp-disabled-or-edition",
    "termservice-down",
    "listener-broken",
    "machinekeys-acl",
    "cert-key-unusable",
    "linux-tls-key-unreadable",
    "rdp-cert-stale",
    "rds-license-missing",
];
/// What has its place in the client alone.
const CLIENT_ONLY: &[&str] = &[
    "client-bug",
    "client-config",
    "client-cache-stale",
    "client-license-cache",
    "client-os-network-permission",
    "ntlm-crypto-unavailable",
];
const NOTHING: &[&str] = &[];

const fn bears(
    symptom: &'static str,
    speaks_for: &'static [(&'static str, Weight)],
    speaks_against: &'static [&'static str],
) -> Bearing {
    Bearing {
        symptom,
        speaks_for,
        speaks_against,
    }
}

static BEARINGS: &[Bearing] = &[
    // What kind of client and server it is.
    bears("client-is-microsoft", &[], &["ntlm-crypto-unavailable"]),
    bears(
        "client-is-apple",
        &[
            ("client-os-network-permission", Slight),
            ("client-bug", Slight),
            ("client-config", Slight),
        ],
        &["ntlm-crypto-unavailable"],
    ),
    bears(
        "client-is-free",
        &[
            ("client-bug", Slight),
            ("tls-version-cipher", Slight),
            ("nla-required-client-cannot", Slight),
            ("session-broker-redirect", Slight),
            ("ntlm-crypto-unavailable", Slight),
            ("client-cache-stale", Slight),
            ("gateway-transport", Slight),
        ],
        NOTHING,
    ),
    bears(
        "server-is-linux",
        &[
            ("linux-tls-key-unreadable", Slight),
            ("session-backend-failed", Slight),
            ("server-app-misconfig", Slight),
            ("client-cert-prompt-reconnect", Slight),
        ],
        &[
            "machinekeys-acl",
            "credssp-oracle",
            "rds-license-missing",
            "windows-update-regression",
            "rdp-disabled-or-edition",
            "entra-auth",
            "duplicate-sid",
        ],
    ),
    bears(
        "server-is-gnome",
        &[
            ("server-app-misconfig", Slight),
            ("session-broker-redirect", Slight),
            ("session-backend-failed", Slight),
            ("linux-tls-key-unreadable", Slight),
        ],
        &["machinekeys-acl", "credssp-oracle", "rds-license-missing"],
    ),
    bears(
        "server-is-old-windows",
        &[("tls-version-cipher", Slight), ("credssp-oracle", Slight)],
        &["entra-auth", "linux-tls-key-unreadable"],
    ),
    bears(
        "server-is-windows-home",
        &[
            ("listener-broken", Slight),
            ("security-software", Slight),
            ("rdp-disabled-or-edition", Slight),
        ],
        &["linux-tls-key-unreadable", "rds-license-missing"],
    ),
    bears(
        "server-is-azure",
        &[
            ("host-firewall", Slight),
            ("perimeter-firewall", Slight),
            ("host-unhealthy", Slight),
        ],
        &["linux-tls-key-unreadable"],
    ),
    bears(
        "server-is-a-farm",
        &[
            ("session-broker-redirect", Slight),
            ("rds-license-missing", Slight),
        ],
        &["rdp-disabled-or-edition"],
    ),
    bears(
        "goes-through-a-gateway",
        &[
            ("gateway-cert", Slight),
            ("gateway-transport", Slight),
            ("gateway-policy", Slight),
            ("gateway-target-unreachable", Slight),
        ],
        NOTHING,
    ),
    bears(
        "goes-through-a-forwarder",
        &[
            ("proxy-misroute", Slight),
            ("port-changed-or-conflict", Slight),
        ],
        NOTHING,
    ),
    bears(
        "goes-through-a-vpn",
        &[
            ("route-or-vpn-down", Slight),
            ("mtu-blackhole", Slight),
            ("dns-failure", Slight),
            ("security-software", Slight),
        ],
        NOTHING,
    ),
    // What works beside it.
    bears(
        "works-by-address",
        &[
            ("dns-failure", Fair),
            ("nla-kerberos-path", Fair),
            ("client-cache-stale", Fair),
            ("cert-untrusted-or-mismatch", Slight),
            ("proxy-misroute", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "works-by-name-only",
        &[
            ("authenticate.ntlm-blocked", Fair),
            ("nla-kerberos-path", Slight),
            ("account-or-right-denied", Slight),
            ("cert-untrusted-or-mismatch", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "second-try-works",
        &[
            ("client-cert-prompt-reconnect", Fair),
            ("connection-limit", Slight),
            ("linux-tls-key-unreadable", Slight),
            ("session-backend-failed", Slight),
            ("tcp.first-packet-lost", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "only-over-vpn",
        &[
            ("perimeter-firewall", Fair),
            ("resolve.split-horizon", Slight),
            ("ip-banned", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "not-over-vpn",
        &[
            ("route-or-vpn-down", Fair),
            ("mtu-blackhole", Fair),
            ("middlebox-reset", Slight),
            ("security-software", Slight),
            ("dns-failure", Slight),
            ("udp-transport-broken", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "works-from-another-network",
        &[
            ("perimeter-firewall", Fair),
            ("middlebox-reset", Fair),
            ("ip-banned", Slight),
            ("route-or-vpn-down", Slight),
            ("mtu-blackhole", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "fails-from-everywhere",
        &[
            ("termservice-down", Slight),
            ("host-unhealthy", Slight),
            ("machinekeys-acl", Slight),
            ("rdp-cert-stale", Slight),
            ("host-firewall", Slight),
            ("rdp-disabled-or-edition", Slight),
            ("windows-update-regression", Slight),
        ],
        CLIENT_ONLY,
    ),
    bears(
        "works-from-another-machine",
        &[
            ("client-cache-stale", Fair),
            ("client-config", Fair),
            ("client-os-network-permission", Fair),
            ("client-bug", Slight),
            ("client-license-cache", Slight),
            ("ip-banned", Slight),
            ("credssp-oracle", Slight),
            ("route-or-vpn-down", Slight),
            ("perimeter-firewall", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "works-with-another-client",
        &[
            ("client-bug", Fair),
            ("client-config", Slight),
            ("client-cache-stale", Slight),
            ("nla-required-client-cannot", Slight),
            ("tls-version-cipher", Slight),
            ("ntlm-crypto-unavailable", Slight),
            ("security-layer-mismatch", Slight),
            ("client-os-network-permission", Slight),
            ("session-broker-redirect", Slight),
            ("rds-license-missing", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "works-locally",
        &[
            ("host-firewall", Fair),
            ("perimeter-firewall", Fair),
            ("route-or-vpn-down", Slight),
            ("nic-or-ip-misconfig", Slight),
        ],
        &[
            "termservice-down",
            "listener-broken",
            "machinekeys-acl",
            "rdp-disabled-or-edition",
        ],
    ),
    bears(
        "other-hosts-work",
        &[
            ("host-unhealthy", Slight),
            ("rdp-cert-stale", Slight),
            ("host-firewall", Slight),
            ("server-app-misconfig", Slight),
            ("session-broker-redirect", Slight),
            ("client-cache-stale", Slight),
        ],
        &[
            "route-or-vpn-down",
            "perimeter-firewall",
            "client-os-network-permission",
            "client-bug",
        ],
    ),
    bears(
        "other-hosts-fail-too",
        &[
            ("route-or-vpn-down", Slight),
            ("security-policy-hardening", Slight),
            ("credssp-oracle", Slight),
            ("windows-update-regression", Slight),
            ("nla-kerberos-path", Slight),
            ("client-bug", Slight),
        ],
        &["host-unhealthy", "nic-or-ip-misconfig"],
    ),
    // Since when.
    bears(
        "worked-before",
        &[
            ("rdp-cert-stale", Slight),
            ("windows-update-regression", Slight),
            ("machinekeys-acl", Slight),
            ("ip-banned", Slight),
            ("client-cache-stale", Slight),
        ],
        NOTHING,
    ),
    bears(
        "since-update",
        &[
            ("windows-update-regression", Fair),
            ("credssp-oracle", Slight),
            ("client-bug", Slight),
            ("client-cache-stale", Slight),
            ("listener-broken", Slight),
            ("tls-version-cipher", Slight),
        ],
        NOTHING,
    ),
    bears(
        "since-new-client-version",
        &[
            ("client-bug", Fair),
            ("tls-version-cipher", Fair),
            ("ntlm-crypto-unavailable", Slight),
            ("windows-update-regression", Slight),
        ],
        SERVER_WIDE,
    ),
    bears(
        "since-hardening",
        &[
            ("security-policy-hardening", Fair),
            ("account-or-right-denied", Slight),
            ("rdp-disabled-or-edition", Slight),
            ("tls-version-cipher", Slight),
            ("host-firewall", Slight),
        ],
        NOTHING,
    ),
    bears(
        "since-rename",
        &[
            ("machinekeys-acl", Slight),
            ("rdp-cert-stale", Slight),
            ("nla-kerberos-path", Slight),
            ("cert-untrusted-or-mismatch", Slight),
            ("dns-failure", Slight),
            ("account-or-right-denied", Slight),
        ],
        NOTHING,
    ),
    bears(
        "since-clone",
        &[
            ("duplicate-sid", Fair),
            ("machinekeys-acl", Slight),
            ("credssp-oracle", Slight),
            ("account-or-right-denied", Slight),
            ("security-policy-hardening", Slight),
        ],
        NOTHING,
    ),
    bears("names-duplicate-sid", &[("duplicate-sid", Fair)], NOTHING),
    bears(
        "since-migration",
        &[
            ("account-or-right-denied", Slight),
            ("nic-or-ip-misconfig", Slight),
            ("credssp-oracle", Slight),
            ("machinekeys-acl", Slight),
            ("dns-failure", Slight),
            ("client-cache-stale", Slight),
        ],
        NOTHING,
    ),
    bears(
        "since-restart",
        &[
            ("termservice-down", Slight),
            ("windows-update-regression", Slight),
            ("host-unhealthy", Slight),
        ],
        NOTHING,
    ),
    bears(
        "restart-helps",
        &[
            ("session-backend-failed", Slight),
            ("termservice-down", Slight),
            ("host-unhealthy", Slight),
            ("connection-limit", Slight),
        ],
        &["perimeter-firewall", "account-or-right-denied"],
    ),
    bears(
        "new-setup",
        &[
            ("rdp-disabled-or-edition", Slight),
            ("server-app-misconfig", Slight),
            ("perimeter-firewall", Slight),
            ("client-config", Slight),
        ],
        NOTHING,
    ),
    // For whom.
    bears(
        "one-user",
        &[
            ("account-or-right-denied", Fair),
            ("client-cache-stale", Slight),
            ("session-backend-failed", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "all-users",
        &[
            ("termservice-down", Slight),
            ("rds-license-missing", Slight),
            ("session-backend-failed", Slight),
        ],
        &["account-or-right-denied"],
    ),
    // When it ends.
    bears(
        "at-once",
        &[
            ("windows-update-regression", Slight),
            ("security-layer-mismatch", Slight),
            ("client-config", Slight),
        ],
        &["mtu-blackhole"],
    ),
    bears(
        "after-twenty-seconds",
        &[
            ("host-firewall", Slight),
            ("perimeter-firewall", Slight),
            ("route-or-vpn-down", Slight),
            ("mtu-blackhole", Slight),
            ("nla-kerberos-path", Slight),
            ("proxy-misroute", Slight),
        ],
        &["security-layer-mismatch"],
    ),
    bears(
        "after-a-minute",
        &[
            ("session-backend-failed", Slight),
            ("udp-transport-broken", Slight),
            ("client-license-cache", Slight),
            ("nla-kerberos-path", Slight),
        ],
        NOTHING,
    ),
    bears(
        "fixed-delay",
        &[
            ("udp-transport-broken", Slight),
            ("nla-kerberos-path", Slight),
            ("resolve.slow", Slight),
            ("security-software", Slight),
            ("host-unhealthy", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "after-credentials",
        &[
            ("credssp-oracle", Slight),
            ("account-or-right-denied", Slight),
            ("machinekeys-acl", Slight),
            ("session-backend-failed", Slight),
            ("session-broker-redirect", Slight),
            ("security-software", Slight),
            ("route-or-vpn-down", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "before-credentials",
        &[
            ("security-layer-mismatch", Slight),
            ("tls-version-cipher", Slight),
            ("perimeter-firewall", Slight),
        ],
        &[
            "account-or-right-denied",
            "credssp-oracle",
            "session-backend-failed",
            "rds-license-missing",
        ],
    ),
    bears(
        "password-again",
        &[
            ("account-or-right-denied", Slight),
            ("duplicate-sid", Slight),
            ("client-cache-stale", Slight),
            ("entra-auth", Slight),
            ("gateway-transport", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "now-and-then",
        &[
            ("connection-limit", Slight),
            ("windows-update-regression", Slight),
            ("udp-transport-broken", Slight),
            ("middlebox-reset", Slight),
            ("host-unhealthy", Slight),
            ("proxy-misroute", Slight),
        ],
        &[
            "rdp-disabled-or-edition",
            "account-or-right-denied",
            "machinekeys-acl",
        ],
    ),
    bears(
        "several-at-once",
        &[("connection-limit", Fair), ("rds-license-missing", Slight)],
        NOTHING,
    ),
    // How it looks.
    bears(
        "black-screen",
        &[
            ("session-backend-failed", Fair),
            ("mtu-blackhole", Fair),
            ("udp-transport-broken", Slight),
            ("client-bug", Slight),
            ("security-software", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "freezes",
        &[
            ("udp-transport-broken", Fair),
            ("session.cut", Slight),
            ("session.lossy-path", Slight),
            ("host-unhealthy", Slight),
            ("mtu-blackhole", Slight),
            ("client-bug", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "session-ends-at-once",
        &[
            ("session-backend-failed", Fair),
            ("server-app-misconfig", Slight),
            ("session-broker-redirect", Slight),
            ("rds-license-missing", Slight),
            ("client-bug", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "internal-error",
        &[
            ("machinekeys-acl", Slight),
            ("session-backend-failed", Slight),
            ("security-software", Slight),
        ],
        NOTHING,
    ),
    bears(
        "nothing-shown",
        &[
            ("host-firewall", Slight),
            ("perimeter-firewall", Slight),
            ("host-unhealthy", Slight),
            ("route-or-vpn-down", Slight),
            ("mtu-blackhole", Slight),
        ],
        &["security-layer-mismatch", "nla-required-client-cannot"],
    ),
    bears(
        "certificate-warning",
        &[
            ("cert-untrusted-or-mismatch", Slight),
            ("client-cert-prompt-reconnect", Slight),
            ("rdp-cert-stale", Slight),
            ("client-cache-stale", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "server-log-empty",
        &[
            ("perimeter-firewall", Slight),
            ("middlebox-reset", Slight),
            ("host-firewall", Slight),
            ("proxy-misroute", Slight),
            ("rdp-cert-stale", Slight),
        ],
        &["account-or-right-denied"],
    ),
    // Other ways in.
    bears(
        "ping-works",
        &[
            ("host-firewall", Slight),
            ("perimeter-firewall", Slight),
            ("termservice-down", Slight),
            ("rdp-disabled-or-edition", Slight),
            ("mtu-blackhole", Slight),
        ],
        &[
            "nic-or-ip-misconfig",
            "reach.path-down",
            "reach.host-silent",
            "reach.address-unused",
        ],
    ),
    bears(
        "ping-fails",
        &[
            ("nic-or-ip-misconfig", Fair),
            ("host-unhealthy", Fair),
            ("route-or-vpn-down", Slight),
            ("host-firewall", Slight),
        ],
        &[
            "account-or-right-denied",
            "credssp-oracle",
            "tls-version-cipher",
            "session-backend-failed",
        ],
    ),
    bears(
        "port-open",
        &[
            ("port-changed-or-conflict", Slight),
            ("proxy-misroute", Slight),
        ],
        &[
            "host-firewall",
            "perimeter-firewall",
            "rdp-disabled-or-edition",
            "nic-or-ip-misconfig",
        ],
    ),
    bears(
        "port-closed",
        &[
            ("host-firewall", Slight),
            ("perimeter-firewall", Slight),
            ("rdp-disabled-or-edition", Fair),
            ("termservice-down", Slight),
            ("listener-broken", Slight),
            ("port-changed-or-conflict", Slight),
        ],
        &[
            "account-or-right-denied",
            "credssp-oracle",
            "tls-version-cipher",
            "session-backend-failed",
        ],
    ),
    bears(
        "admin-works",
        &[("rds-license-missing", Fair), ("connection-limit", Slight)],
        UNREACHED,
    ),
    bears(
        "disabling-udp-helps",
        &[("udp-transport-broken", Fair)],
        UNREACHED,
    ),
    bears(
        "disabling-nla-helps",
        &[
            ("nla-required-client-cannot", Slight),
            ("nla-kerberos-path", Slight),
            ("credssp-oracle", Slight),
            ("account-or-right-denied", Slight),
        ],
        UNREACHED,
    ),
    bears(
        "disabling-security-software-helps",
        &[("security-software", Fair)],
        CLIENT_ONLY,
    ),
    // What people name as broken.
    bears(
        "names-security-software",
        &[("security-software", Fair), ("listener-broken", Slight)],
        NOTHING,
    ),
    bears(
        "names-host-firewall",
        &[("host-firewall", Fair), ("perimeter-firewall", Slight)],
        NOTHING,
    ),
    bears(
        "names-network-firewall",
        &[("perimeter-firewall", Fair), ("host-firewall", Slight)],
        NOTHING,
    ),
    bears(
        "names-middlebox",
        &[("middlebox-reset", Fair), ("perimeter-firewall", Slight)],
        NOTHING,
    ),
    bears("names-ban", &[("ip-banned", Fair)], NOTHING),
    bears(
        "names-routing-or-vpn",
        &[("route-or-vpn-down", Fair), ("mtu-blackhole", Slight)],
        NOTHING,
    ),
    bears("names-udp", &[("udp-transport-broken", Fair)], NOTHING),
    bears("names-mtu", &[("mtu-blackhole", Fair)], NOTHING),
    bears(
        "names-name-service",
        &[
            ("dns-failure", Fair),
            ("client-os-network-permission", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-power-or-health",
        &[("host-unhealthy", Fair)],
        NOTHING,
    ),
    bears(
        "names-network-card",
        &[("nic-or-ip-misconfig", Fair)],
        NOTHING,
    ),
    bears(
        "names-disabled",
        &[("rdp-disabled-or-edition", Fair)],
        NOTHING,
    ),
    bears(
        "names-service",
        &[
            ("termservice-down", Fair),
            ("listener-broken", Slight),
            ("security-software", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-listener",
        &[
            ("listener-broken", Fair),
            ("termservice-down", Slight),
            ("windows-update-regression", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-port",
        &[
            ("port-changed-or-conflict", Fair),
            ("wrong-service-on-port", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-forwarder",
        &[
            ("proxy-misroute", Fair),
            ("port-changed-or-conflict", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-wrong-service",
        &[
            ("wrong-service-on-port", Fair),
            ("port-changed-or-conflict", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-connection-limit",
        &[("connection-limit", Fair)],
        NOTHING,
    ),
    bears(
        "names-key-store",
        &[
            ("machinekeys-acl", Fair),
            ("cert-key-unusable", Slight),
            ("rdp-cert-stale", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-private-key",
        &[
            ("cert-key-unusable", Fair),
            ("machinekeys-acl", Slight),
            ("linux-tls-key-unreadable", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-linux-key",
        &[("linux-tls-key-unreadable", Fair)],
        NOTHING,
    ),
    bears(
        "names-certificate-dates",
        &[
            ("rdp-cert-stale", Fair),
            ("machinekeys-acl", Slight),
            ("clock-skew", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-certificate-trust",
        &[
            ("cert-untrusted-or-mismatch", Fair),
            ("client-cert-prompt-reconnect", Slight),
            ("rdp-cert-stale", Slight),
            ("client-cache-stale", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-tls-version",
        &[
            ("tls-version-cipher", Fair),
            ("security-policy-hardening", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-security-layer",
        &[
            ("security-layer-mismatch", Fair),
            ("nla-required-client-cannot", Slight),
            ("tls-version-cipher", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-nla",
        &[
            ("nla-required-client-cannot", Fair),
            ("security-layer-mismatch", Slight),
        ],
        NOTHING,
    ),
    bears("names-credssp-patch", &[("credssp-oracle", Fair)], NOTHING),
    bears("names-kerberos", &[("nla-kerberos-path", Fair)], NOTHING),
    bears("names-clock", &[("clock-skew", Fair)], NOTHING),
    bears(
        "names-crypto-library",
        &[
            ("ntlm-crypto-unavailable", Fair),
            ("security-policy-hardening", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-ntlm-blocked",
        &[
            ("authenticate.ntlm-blocked", Fair),
            ("security-policy-hardening", Slight),
            ("ntlm-crypto-unavailable", Slight),
            ("nla-kerberos-path", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-account",
        &[("account-or-right-denied", Fair)],
        NOTHING,
    ),
    bears(
        "names-entra",
        &[("entra-auth", Fair), ("account-or-right-denied", Slight)],
        NOTHING,
    ),
    bears(
        "names-saved-entry",
        &[("client-cache-stale", Fair)],
        NOTHING,
    ),
    bears(
        "names-client-settings",
        &[("client-config", Fair), ("client-bug", Slight)],
        NOTHING,
    ),
    bears("names-client-fault", &[("client-bug", Fair)], NOTHING),
    bears(
        "names-license",
        &[
            ("rds-license-missing", Fair),
            ("client-license-cache", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-client-license",
        &[("client-license-cache", Fair)],
        NOTHING,
    ),
    bears(
        "names-broker",
        &[("session-broker-redirect", Fair)],
        NOTHING,
    ),
    bears(
        "names-session-backend",
        &[
            ("session-backend-failed", Fair),
            ("server-app-misconfig", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-server-setup",
        &[
            ("server-app-misconfig", Fair),
            ("session-backend-failed", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-gateway-certificate",
        &[("gateway-cert", Fair)],
        NOTHING,
    ),
    bears(
        "names-gateway-policy",
        &[
            ("gateway-policy", Fair),
            ("gateway-target-unreachable", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-gateway-transport",
        &[
            ("gateway-transport", Fair),
            ("gateway-cert", Slight),
            ("gateway-target-unreachable", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-gateway-target",
        &[
            ("gateway-target-unreachable", Fair),
            ("gateway-policy", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-update-regression",
        &[
            ("windows-update-regression", Fair),
            ("credssp-oracle", Slight),
        ],
        NOTHING,
    ),
    bears(
        "names-client-permission",
        &[("client-os-network-permission", Fair)],
        NOTHING,
    ),
];

/// The kinds of facts that are statements.
pub(crate) const READS: &[FactKind] = &[
    FactKind::CodeStated,
    FactKind::SymptomStated,
    FactKind::BehaviourStated,
    FactKind::WordsStated,
];

/// What the statement weighs for the cause, in decibans; below zero when it speaks against it.
pub(crate) fn weight(cause: &Cause, fact: &Fact) -> i32 {
    let Fact::BehaviourStated { symptom, holds, .. } = fact else {
        return 0;
    };
    of(cause, symptom, *holds)
}

/// What it would weigh for the cause if somebody stated the symptom, or denied it.
pub(crate) fn of(cause: &Cause, symptom: &Symptom, holds: bool) -> i32 {
    let Some(bearing) = BEARINGS.iter().find(|known| known.symptom == symptom.0) else {
        return 0;
    };
    let named = |name: &str| name == cause.id || name == cause.family;
    let speaks_for = bearing
        .speaks_for
        .iter()
        .filter(|(name, _)| named(name))
        .map(|(_, weight)| weight.decibans())
        .max()
        .unwrap_or_default();
    let speaks_against = bearing.speaks_against.iter().any(|name| named(name));
    match (holds, speaks_for, speaks_against) {
        (true, 1.., _) => speaks_for,
        (true, _, true) => -Weight::Slight.decibans(),
        // What would have been a sign and is not there: less than the sign would have weighed.
        (false, 1.., _) => {
            -Weight::Slight.decibans() * if speaks_for >= Fair.decibans() { 2 } else { 1 }
        }
        _ => 0,
    }
}

/// The symptom says what kind of client, server or way it is, and nothing of what fails.
pub(crate) fn is_kind(symptom: &Symptom) -> bool {
    ["client-is-", "server-is-", "goes-through-"]
        .iter()
        .any(|beginning| symptom.0.starts_with(beginning))
}

/// Whether the symptom tells causes apart at all: something is known of it.
pub fn tells(symptom: &Symptom) -> bool {
    BEARINGS.iter().any(|known| known.symptom == symptom.0)
}

/// What was stated, as it is told beside a reason.
pub(crate) fn told(words: &str, symptom: &Symptom, holds: bool) -> String {
    let says = symptom
        .known()
        .map_or_else(|| symptom.0.to_string(), |known| known.says.to_owned());
    let says = if holds {
        says
    } else {
        format!("it is not so that {says}")
    };
    if words.is_empty() || words == symptom.0 {
        says
    } else {
        format!("{} ({says})", words::quoted(words))
    }
}

#[cfg(test)]
mod tests {
    use model::codes::SYMPTOMS;

    use super::*;
    use crate::causes::CAUSES;

    #[test]
    fn every_symptom_bears_on_something() {
        for known in SYMPTOMS {
            assert!(tells(&Symptom::of(known.name)), "{}", known.name);
        }
        for bearing in BEARINGS {
            assert!(
                Symptom::of(bearing.symptom).known().is_some(),
                "{}",
                bearing.symptom
            );
        }
    }

    /// A family without a cause yet is named all the same; a name that is neither is a slip.
    #[test]
    fn names_are_families_or_causes() {
        let awaited = ["duplicate-sid"];
        for bearing in BEARINGS {
            let names = bearing
                .speaks_for
                .iter()
                .map(|(name, _)| *name)
                .chain(bearing.speaks_against.iter().copied());
            for name in names {
                let known = CAUSES
                    .iter()
                    .any(|cause| cause.id == name || cause.family == name);
                assert!(
                    known || awaited.contains(&name),
                    "{}: {name}",
                    bearing.symptom
                );
            }
        }
    }

    #[test]
    fn what_is_stated_never_proves() {
        for cause in CAUSES {
            for known in SYMPTOMS {
                let symptom = Symptom::of(known.name);
                assert!(of(cause, &symptom, true) <= Fair.decibans());
                assert!(of(cause, &symptom, false) <= 0);
            }
        }
    }
}
