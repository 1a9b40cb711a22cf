//! The cause `reach.ipv4-broken`.

use crate::prelude::*;

cause! {
    /// IPv4 to the host is broken while IPv6 works.
    ///
    /// # What the user sees
    ///
    /// Old programs that know only IPv4 fail; others work after a pause.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Every IPv4 address of the name is dead and an IPv6 address opens: an old address record, or address
    /// translation that lost its state.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network or the name service.
    ///
    /// # Sources
    ///
    /// RFC 8305.
    pub static CAUSE = {
        id: "reach.ipv4-broken",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "IPv4 to the host is broken while IPv6 works",
        prior: -8,
        explains: true,
        clues: &[
            Clue {
                says: "{to} does not open while IPv6 does",
                denies: "IPv4 opens",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.one_family_dead(false),
            },
            Clue {
                says: "every IPv4 address of the name is dead, {to} too",
                denies: "an IPv4 address opens",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.whole_family_dead(false),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["name-service.remove-dead-address", "network.restore-route"],
    };
}
