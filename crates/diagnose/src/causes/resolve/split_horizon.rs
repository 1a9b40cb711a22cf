//! The cause `resolve.split-horizon`.

use crate::prelude::*;

cause! {
    /// This machine is told other addresses than another name server gives.
    ///
    /// # What the user sees
    ///
    /// It connects to the wrong machine, or fails here and works elsewhere.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same name was asked of two name servers and the answers differ. Inside and outside views of one name
    /// are often wanted; then the question is only which of them this machine should ask.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the name service; the user by bringing up the VPN.
    ///
    /// # Sources
    ///
    /// RFC 8499 (split DNS).
    pub static CAUSE = {
        id: "resolve.split-horizon",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Degrading,
        title: "This machine is told other addresses than another name server gives",
        prior: -6,
        clues: &[
            Clue {
                says: "another name server gives other addresses: {addresses}",
                denies: "every name server gives the same addresses",
                reads: &[FactKind::NameResolved, FactKind::NameNotResolved],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| { let ours: Vec<_> = seen.seen().filter_map(|o| match &o.fact { Fact::NameResolved { addresses, via: Resolver::System, .. } => Some(addresses), _ => None }).collect(); seen.any(|fact| match fact { Fact::NameResolved { addresses, via: Resolver::Server(_), .. } if !ours.is_empty() => Some(ours.iter().all(|own| !own.iter().any(|a| addresses.contains(a)))), _ => None }) },
            },
            Clue {
                says: "no line of the hosts file comes before the name servers",
                denies: "{file} of this machine gives {addresses}, whatever name servers say",
                reads: &[FactKind::HostsFileSaid],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| seen.any(|fact| match fact { Fact::HostsFileSaid { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["name-service.correct-record", "client.bring-up-vpn"],
    };
}
