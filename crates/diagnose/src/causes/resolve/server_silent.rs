//! The cause `resolve.server-silent`.

use crate::prelude::*;

cause! {
    /// The name servers this machine asks do not answer.
    ///
    /// # What the user sees
    ///
    /// A pause of some seconds, then "Remote Desktop can't find the computer".
    ///
    /// # How to tell it from its neighbours
    ///
    /// Silence, not a refusal: the servers are down, the way to them is (a VPN that left its name servers behind
    /// when it closed), or a filter drops port 53.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network; on a laptop, leave and join the network or VPN again.
    ///
    /// # Sources
    ///
    /// RFC 1123 section 6.1.3.3; RFC 8767.
    pub static CAUSE = {
        id: "resolve.server-silent",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The name servers this machine asks do not answer",
        prior: -8,
        clues: &[
            Clue {
                says: "no name server answered for {name} in {took}",
                denies: "{name} has addresses",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { why: NameFailure::ServerFailure | NameFailure::Other, .. } => None, Fact::NameNotResolved { why, via: Resolver::System, .. } => Some(*why == NameFailure::Timeout), Fact::NameResolved { via: Resolver::System, .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{server}, which this machine asks, did not answer for {name}: {why}",
                denies: "{server}, which this machine asks, answers",
                reads: &[FactKind::SettingFound, FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.own_name_servers(|why| Some(matches!(why, Some(NameFailure::Timeout | NameFailure::NoServer)))),
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::VPN],
        remedies: &["client.repair-resolver", "client.bring-up-vpn", "name-service.repair-server"],
    };
}
