//! The cause `reach.ipv6-broken`.

use crate::prelude::*;

cause! {
    /// IPv6 to the host is broken while IPv4 works.
    ///
    /// # What the user sees
    ///
    /// A pause before each connection, or failures of programs that prefer IPv6.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Every IPv6 address of the name is dead and an IPv4 address opens. The host may have registered an address
    /// that its network does not route, or this network has no IPv6 beyond itself.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network; the name service can do without the AAAA record until then.
    ///
    /// # Sources
    ///
    /// RFC 8305; RFC 6724.
    pub static CAUSE = {
        id: "reach.ipv6-broken",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "IPv6 to the host is broken while IPv4 works",
        prior: -5,
        explains: true,
        clues: &[
            Clue {
                says: "{to} does not open while IPv4 does; a client that tries it first loses {lost_time}",
                denies: "IPv6 opens",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.one_family_dead(true),
            },
            Clue {
                says: "every IPv6 address of the name is dead, {to} too",
                denies: "an IPv6 address opens",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.whole_family_dead(true),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route", "name-service.remove-dead-address"],
    };
}
