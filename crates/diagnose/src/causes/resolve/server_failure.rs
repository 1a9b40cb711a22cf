//! The cause `resolve.server-failure`.

use crate::prelude::*;

cause! {
    /// The name servers this machine asks cannot answer.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer", often for every name of one domain.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The servers were reached and report a failure, or none is configured or reachable. Other names of the
    /// same domain fail too; names of other domains may work (then the fault is with that domain's servers or
    /// with DNSSEC).
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the name service; on a laptop, joining the network or VPN again usually brings
    /// working servers.
    ///
    /// # Sources
    ///
    /// RFC 1035 section 4.1.1 (RCODE 2); RFC 8914.
    pub static CAUSE = {
        id: "resolve.server-failure",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "The name servers this machine asks cannot answer",
        prior: -7,
        clues: &[
            Clue {
                says: "the name service failed to answer for {name}, after {took}",
                denies: "{name} has addresses",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { why, via: Resolver::System, .. } => Some(matches!(why, NameFailure::ServerFailure | NameFailure::Other)), Fact::NameResolved { via: Resolver::System, .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{server}, which this machine asks, reports a failure",
                denies: "{server}, which this machine asks, reports no failure: {why}",
                reads: &[FactKind::SettingFound, FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Fair,
                against: Weight::Strong,
                look: |seen| seen.own_name_servers(|why| Some(why == Some(NameFailure::ServerFailure))),
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::VPN],
        roots: &["resolve.server-refuses", "resolve.server-lame"],
        remedies: &["client.repair-resolver", "name-service.repair-server", "client.bring-up-vpn"],
    };
}
