//! How common families of causes are before anything was seen.
//!
//! Counted over one half of a collection of public reports of failing connections with a known cause, told from
//! the other half by a hash of each case's name, so that the other half can measure what these counts are worth
//! (`docs/measure.md`); and over a vendor's descriptions of the causes it looks for by itself, of the same half.
//! The sample is small and biased: trackers of free software dominate it, so causes that people ask about there
//! (TLS versions, NLA, brokers, cryptography libraries, defects of clients) are over-counted and plain ones
//! (firewalls, accounts, licences) under-counted; one family had a wave in a single month. A family is therefore
//! never made more than some three times rarer or commoner than another by these counts, two are added to each, and
//! any single fact outweighs them.
//!
//! What kind of target it is and what kind of client moves a prior by less than a hint does.

use std::net::IpAddr;

use model::{Evidence, Fact, FactKind};

use crate::cause::Cause;
use crate::index::Index;
use crate::names;

/// How often a family was the cause: in reports of all, in those of Microsoft's client on a Windows host, and in
/// the vendor's descriptions.
struct Counted(&'static str, u32, u32, u32);

static COUNTED: &[Counted] = &[
    Counted("account-or-right-denied", 2, 2, 2),
    Counted("cert-untrusted-or-mismatch", 0, 0, 1),
    Counted("client-cache-stale", 3, 1, 0),
    Counted("client-cert-prompt-reconnect", 1, 0, 0),
    Counted("client-os-network-permission", 1, 0, 0),
    Counted("credssp-oracle", 4, 3, 0),
    Counted("dns-failure", 1, 1, 0),
    Counted("entra-auth", 1, 0, 0),
    Counted("gateway-target-unreachable", 1, 0, 0),
    Counted("gateway-transport", 1, 0, 0),
    Counted("host-firewall", 2, 2, 1),
    Counted("host-unhealthy", 1, 0, 2),
    Counted("ip-banned", 1, 1, 0),
    Counted("linux-tls-key-unreadable", 1, 0, 0),
    Counted("listener-broken", 1, 1, 1),
    Counted("machinekeys-acl", 1, 1, 1),
    Counted("middlebox-reset", 1, 0, 0),
    Counted("mtu-blackhole", 1, 0, 0),
    Counted("nic-or-ip-misconfig", 0, 0, 2),
    Counted("nla-required-client-cannot", 2, 0, 0),
    Counted("ntlm-crypto-unavailable", 1, 0, 0),
    Counted("perimeter-firewall", 1, 0, 0),
    Counted("port-changed-or-conflict", 2, 1, 0),
    Counted("proxy-misroute", 2, 2, 0),
    Counted("rdp-cert-stale", 1, 0, 0),
    Counted("rdp-disabled-or-edition", 1, 1, 2),
    Counted("rds-license-missing", 2, 0, 1),
    Counted("route-or-vpn-down", 1, 0, 1),
    Counted("security-layer-mismatch", 1, 0, 0),
    Counted("security-policy-hardening", 2, 2, 0),
    Counted("security-software", 5, 3, 0),
    Counted("server-app-misconfig", 1, 0, 0),
    Counted("session-backend-failed", 2, 0, 0),
    Counted("session-broker-redirect", 1, 0, 0),
    Counted("tls-version-cipher", 3, 0, 0),
    Counted("windows-update-regression", 3, 3, 0),
];

/// How far apart counts may put two families, in decibans.
const SPREAD: f64 = 5.0;
/// Reports that each family is given beside its own: half a hundred reports over as many families tell little.
const GIVEN: u32 = 2;
/// How far the kind of client may move a family, in decibans.
const BY_CLIENT: f64 = 2.0;

/// What moves a family on an address of the open internet: whoever listens there is guessed at and bans, and is no
/// machine that gave itself an address or asks a domain controller for every client.
static PUBLIC: &[(&str, f64)] = &[
    ("ip-banned", 2.0),
    ("perimeter-firewall", 1.0),
    ("nic-or-ip-misconfig", -2.0),
    ("nla-kerberos-path", -2.0),
];
/// What moves a family on an address of this machine itself: what listens there is mostly the end of a tunnel, and
/// there is no way on which anything could be lost.
static LOOPBACK: &[(&str, f64)] = &[
    ("proxy-misroute", 2.0),
    ("client-config", 2.0),
    ("host-unhealthy", -2.0),
    ("ip-banned", -2.0),
    ("middlebox-reset", -2.0),
    ("mtu-blackhole", -2.0),
    ("nic-or-ip-misconfig", -2.0),
    ("perimeter-firewall", -2.0),
    ("route-or-vpn-down", -2.0),
];

/// What kind of client it is, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// Nothing is known of it.
    Any,
    /// Microsoft's on Windows.
    Microsoft,
    /// Another one.
    Other,
}

impl Client {
    /// Of a case.
    pub(crate) fn of(evidence: &Evidence) -> Self {
        let said = evidence.seen.iter().any(|seen| {
            matches!(&seen.fact, Fact::BehaviourStated { symptom, holds: true, .. } if symptom.0 == "client-is-microsoft")
        });
        match evidence.target.client.program.as_deref() {
            _ if said => Self::Microsoft,
            Some("mstsc") => Self::Microsoft,
            Some(_) => Self::Other,
            None => Self::Any,
        }
    }
}

/// What is known of a case before anything was seen of its fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    client: Client,
    address: Address,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    Loopback,
    Private,
    Public,
}

impl Setting {
    /// Of a case.
    pub(crate) fn of(index: &Index<'_>) -> Self {
        let kind = |address: &IpAddr| {
            if address.is_loopback() {
                Address::Loopback
            } else if names::is_private(*address) {
                Address::Private
            } else {
                Address::Public
            }
        };
        let given = index.of_kind(FactKind::AddressGiven);
        let address =
            given
                .chain(index.of_kind(FactKind::NameResolved))
                .find_map(|seen| match &seen.fact {
                    Fact::NameResolved { addresses, .. } => addresses.first().map(kind),
                    Fact::AddressGiven { address } => Some(kind(address)),
                    _ => None,
                });
        Self {
            client: Client::of(index.evidence),
            address: address.unwrap_or(Address::Private),
        }
    }
}

/// How common the cause is before anything was seen of the fault, in decibans.
pub(crate) fn of(cause: &Cause, setting: Setting) -> f64 {
    let moved = match setting.address {
        Address::Loopback => LOOPBACK,
        Address::Public => PUBLIC,
        Address::Private => &[],
    };
    let by_address = moved
        .iter()
        .find(|(family, _)| *family == cause.family)
        .map_or(0.0, |(_, decibans)| *decibans);
    let by_client = common(cause, setting.client) - common(cause, Client::Any);
    f64::from(cause.prior) + by_address + by_client.clamp(-BY_CLIENT, BY_CLIENT)
}

/// How common the family of a cause is beside the commonest ones, in decibans; never positive. Reports of the same
/// kind of client are counted twice.
pub(crate) fn common(cause: &Cause, client: Client) -> f64 {
    let of = |counted: &Counted| {
        let Counted(_, all, windows, vendor) = counted;
        let reports = match client {
            Client::Any => *all,
            Client::Microsoft => all + windows,
            Client::Other => all + all.saturating_sub(*windows),
        };
        // Vendors list what they look for, not how often they find it: a third of the weight of a report.
        f64::from(reports + GIVEN) + f64::from(*vendor) / 3.0
    };
    let most = COUNTED.iter().map(of).fold(1.0, f64::max);
    let own = COUNTED
        .iter()
        .find(|counted| counted.0 == cause.family)
        .map_or_else(|| of(&Counted("", 0, 0, 0)), of);
    (10.0 * (own / most).log10()).max(-SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::CAUSES;

    const CLIENTS: [Client; 3] = [Client::Any, Client::Microsoft, Client::Other];

    #[test]
    fn counts_move_a_verdict_less_than_a_fair_clue() {
        for cause in CAUSES {
            for client in CLIENTS {
                let common = common(cause, client);
                assert!((-SPREAD..=0.0).contains(&common), "{}: {common}", cause.id);
            }
        }
    }

    #[test]
    fn the_setting_moves_a_prior_by_less_than_a_fair_clue() {
        for cause in CAUSES {
            for client in CLIENTS {
                for address in [Address::Loopback, Address::Private, Address::Public] {
                    let moved = of(cause, Setting { client, address }) - f64::from(cause.prior);
                    assert!(moved.abs() <= 4.0, "{}: {moved}", cause.id);
                }
            }
        }
    }

    #[test]
    fn every_counted_family_has_a_cause() {
        let families = COUNTED
            .iter()
            .map(|counted| counted.0)
            .chain(PUBLIC.iter().chain(LOOPBACK).map(|(family, _)| *family));
        for family in families {
            assert!(
                CAUSES.iter().any(|cause| cause.family == family),
                "{family}"
            );
        }
    }
}
