//! Which of several causes that look the same was the one: drawn, by how often each is the one elsewhere.

use diagnose::CAUSES;
use lab::chance::Chance;
use model::Ending;

/// How the truth is drawn among causes that nothing tells apart from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// By how often their family was the cause in reports that the weighing's priors were not set by, and one
    /// more, split evenly among the causes of the family.
    ByReports,
    /// Each as often as the other.
    Evenly,
}

/// Confirmed causes of 56 public reports of one half of a collection; the halves are told apart by a hash. The
/// priors were set without them. Families that are not here were the cause of none.
const REPORTED: &[(&str, u32)] = &[
    ("account-or-right-denied", 3),
    ("cert-key-unusable", 3),
    ("client-bug", 6),
    ("client-cache-stale", 1),
    ("client-config", 2),
    ("client-license-cache", 1),
    ("clock-skew", 1),
    ("connection-limit", 1),
    ("credssp-oracle", 3),
    ("dns-failure", 1),
    ("duplicate-sid", 1),
    ("gateway-target-unreachable", 1),
    ("gateway-transport", 1),
    ("ip-banned", 1),
    ("linux-tls-key-unreadable", 2),
    ("machinekeys-acl", 1),
    ("nla-kerberos-path", 2),
    ("nla-required-client-cannot", 2),
    ("ntlm-crypto-unavailable", 2),
    ("perimeter-firewall", 1),
    ("port-changed-or-conflict", 2),
    ("rdp-cert-stale", 2),
    ("route-or-vpn-down", 1),
    ("security-layer-mismatch", 3),
    ("security-software", 2),
    ("server-app-misconfig", 1),
    ("session-broker-redirect", 4),
    ("termservice-down", 2),
    ("udp-transport-broken", 1),
    ("windows-update-regression", 1),
    ("wrong-service-on-port", 1),
];

/// How often each of `alike` is the one, in parts of no matter what: never where it cannot end a connection like
/// this.
fn weights(alike: &[String], how: Option<Ending>, by: Draw) -> Vec<u64> {
    alike
        .iter()
        .enumerate()
        .map(|(place, cause)| match by {
            // What the scenario was written for can do what it does.
            _ if place > 0 && !can_end(cause, how) => 0,
            Draw::Evenly => 1,
            Draw::ByReports => weight(cause),
        })
        .collect()
}

/// How often whoever knows these odds, and nothing but what can be seen, is right at most: as often as the commonest
/// of them is the one.
pub fn most(alike: &[String], how: Option<Ending>, by: Draw) -> f64 {
    let weights = weights(alike, how, by);
    let of = |weight: u64| f64::from(u32::try_from(weight).unwrap_or(u32::MAX));
    let commonest = weights.iter().copied().max().map_or(1.0, of);
    commonest / of(weights.iter().sum()).max(1.0)
}

/// One of `alike` that can end a connection like this; nothing of nothing.
pub fn drawn(
    alike: &[String],
    how: Option<Ending>,
    by: Draw,
    chance: &mut Chance,
) -> Option<String> {
    let weights = weights(alike, how, by);
    let mut left = chance.below(weights.iter().sum::<u64>().max(1));
    for (cause, weight) in alike.iter().zip(weights) {
        if left < weight {
            return Some(cause.clone());
        }
        left -= weight;
    }
    alike.first().cloned()
}

/// Whether the cause can end a connection in this manner. What hangs, is overloaded or loses packets is silent and
/// ends nothing; what resets on the way is never silent and never closes in good order; what closes is not silent.
fn can_end(cause: &str, how: Option<Ending>) -> bool {
    const SILENT: &[&str] = &[
        "service-hangs",
        "host-overloaded",
        "request-swallowed",
        "server-stalls",
        "swallowed-on-the-way",
        "controller-silent",
        "service-stuck",
        "large-packets-lost",
        "large-hello-dropped",
    ];
    const RESETS: &[&str] = &["reset-on-the-way"];
    const ENDS: &[&str] = &[
        "closes-instead-of-refusing",
        "ends-at-once",
        "connection-limit",
        "listener-broken",
        "key-unusable",
        "key-store-permissions",
        "certificate-broken",
    ];
    let name = cause.split('.').next_back().unwrap_or(cause);
    match how {
        Some(Ending::Silence) => !RESETS.contains(&name) && !ENDS.contains(&name),
        Some(Ending::Reset) => !SILENT.contains(&name),
        Some(Ending::Closed) => !SILENT.contains(&name) && !RESETS.contains(&name),
        _ => true,
    }
}

/// How often the cause is the one, in parts of no matter what.
fn weight(cause: &str) -> u64 {
    let Some(family) = diagnose::cause(cause).map(|cause| cause.family) else {
        return 1;
    };
    let reported = REPORTED
        .iter()
        .find(|(name, _)| *name == family)
        .map_or(0, |(_, count)| *count);
    let members = CAUSES.iter().filter(|cause| cause.family == family).count();
    u64::from(reported + 1) * 1000 / u64::try_from(members.max(1)).unwrap_or(u64::MAX)
}
