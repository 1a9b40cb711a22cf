//! The cause `reach.no-way-from-here`.

use crate::prelude::*;

cause! {
    /// This machine has no way to that network.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once, or "network unreachable".
    ///
    /// # How to tell it from its neighbours
    ///
    /// Nothing was sent: this machine's own routing table has no entry that fits. A VPN that is down, aeroplane
    /// mode, or an IPv6 address on a network without IPv6.
    ///
    /// # Who mends it, and how
    ///
    /// The user: bring up the network or the VPN.
    ///
    /// # Sources
    ///
    /// RFC 1812 section 5.2.
    pub static CAUSE = {
        id: "reach.no-way-from-here",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "This machine has no way to that network",
        prior: -4,
        clues: &[
            Clue {
                says: "this machine has no way to {to}",
                denies: "packets leave for {to}",
                reads: &[FactKind::NoRoute, FactKind::TcpOpened, FactKind::TcpRefused, FactKind::TcpSilent],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::NoRoute { .. } => Some(true), Fact::TcpOpened { .. } | Fact::TcpRefused { .. } | Fact::TcpSilent { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::VPN],
        remedies: &["client.bring-up-vpn", "client.join-network"],
    };
}
