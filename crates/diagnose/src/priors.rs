//! How common families of causes are before anything was seen.
//!
//! Counted over 190 public reports of failing connections with a known cause and a vendor's list of 42 causes it
//! looks for by itself. The sample is biased: trackers of free software dominate it, so causes that people ask
//! about there (TLS versions, NLA, brokers, cryptography libraries, defects of clients) are over-counted and plain
//! ones (firewalls, accounts, licences) under-counted; one family had a wave in a single month. A family is
//! therefore never made more than some four times rarer or commoner than another by these counts, one is added to
//! each, a client of Microsoft's is counted by the reports of such clients, and any single fact outweighs them.

use crate::cause::Cause;

/// How often a family was the cause: in reports of all, in those of Microsoft's client on a Windows host, and in
/// the vendor's list.
struct Counted(&'static str, u32, u32, u32);

static COUNTED: &[Counted] = &[
    Counted("account-or-right-denied", 7, 4, 2),
    Counted("cert-key-unusable", 3, 3, 0),
    Counted("cert-untrusted-or-mismatch", 1, 0, 1),
    Counted("client-bug", 8, 0, 1),
    Counted("client-cache-stale", 6, 1, 0),
    Counted("client-cert-prompt-reconnect", 1, 0, 0),
    Counted("client-config", 5, 2, 0),
    Counted("client-license-cache", 1, 0, 0),
    Counted("client-os-network-permission", 0, 0, 0),
    Counted("clock-skew", 1, 0, 0),
    Counted("connection-limit", 1, 1, 1),
    Counted("credssp-oracle", 10, 7, 0),
    Counted("dns-failure", 2, 0, 0),
    Counted("duplicate-sid", 0, 0, 1),
    Counted("entra-auth", 1, 0, 0),
    Counted("gateway-cert", 3, 0, 0),
    Counted("gateway-policy", 0, 0, 0),
    Counted("gateway-target-unreachable", 1, 0, 0),
    Counted("gateway-transport", 3, 0, 0),
    Counted("host-firewall", 2, 2, 4),
    Counted("host-unhealthy", 1, 1, 4),
    Counted("ip-banned", 1, 1, 0),
    Counted("linux-tls-key-unreadable", 4, 0, 0),
    Counted("listener-broken", 3, 3, 2),
    Counted("machinekeys-acl", 4, 4, 2),
    Counted("middlebox-reset", 1, 0, 0),
    Counted("mtu-blackhole", 1, 0, 0),
    Counted("nic-or-ip-misconfig", 0, 0, 8),
    Counted("nla-kerberos-path", 3, 0, 1),
    Counted("nla-required-client-cannot", 6, 0, 0),
    Counted("ntlm-crypto-unavailable", 4, 0, 0),
    Counted("perimeter-firewall", 1, 1, 2),
    Counted("port-changed-or-conflict", 4, 2, 1),
    Counted("proxy-misroute", 2, 2, 1),
    Counted("rdp-cert-stale", 5, 3, 1),
    Counted("rdp-disabled-or-edition", 2, 2, 2),
    Counted("rds-license-missing", 2, 0, 1),
    Counted("route-or-vpn-down", 2, 1, 3),
    Counted("security-layer-mismatch", 4, 0, 0),
    Counted("security-policy-hardening", 1, 1, 1),
    Counted("security-software", 9, 7, 1),
    Counted("server-app-misconfig", 3, 0, 0),
    Counted("session-backend-failed", 1, 0, 1),
    Counted("session-broker-redirect", 8, 0, 0),
    Counted("termservice-down", 2, 1, 1),
    Counted("tls-version-cipher", 9, 0, 0),
    Counted("udp-transport-broken", 3, 1, 0),
    Counted("windows-update-regression", 4, 2, 0),
    Counted("wrong-service-on-port", 2, 0, 0),
];

/// How far apart counts may put two families, in decibans.
const SPREAD: f64 = 6.0;

/// How common the family of a cause is beside the commonest ones, in decibans; never positive. `microsoft`: the
/// client is Microsoft's on Windows, whose reports are counted twice.
pub(crate) fn common(cause: &Cause, microsoft: bool) -> f64 {
    let of = |counted: &Counted| {
        let Counted(_, all, windows, vendor) = counted;
        let reports = if microsoft { all + windows } else { *all };
        // Vendors list what they look for, not how often they find it: a third of the weight of a report.
        f64::from(reports + 1) + f64::from(vendor + 1) / 3.0
    };
    let most = COUNTED.iter().map(of).fold(1.0, f64::max);
    let own = COUNTED
        .iter()
        .find(|counted| counted.0 == cause.family)
        .map_or(1.0, of);
    (10.0 * (own / most).log10()).max(-SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::CAUSES;

    #[test]
    fn counts_move_a_verdict_less_than_a_fair_clue() {
        for cause in CAUSES {
            for microsoft in [false, true] {
                let common = common(cause, microsoft);
                assert!((-SPREAD..=0.0).contains(&common), "{}: {common}", cause.id);
            }
        }
    }

    #[test]
    fn every_counted_family_has_a_cause_or_awaits_one() {
        for Counted(family, ..) in COUNTED {
            assert!(
                CAUSES.iter().any(|cause| cause.family == *family) || *family == "duplicate-sid",
                "{family}"
            );
        }
    }
}
