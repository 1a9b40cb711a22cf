//! The cause `reach.router-knows-no-way`.

use crate::prelude::*;

cause! {
    /// A router on the way knows no way to that network.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" soon after the attempt.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A router answered for the host: it has no route. Not the host and not a firewall; a filter that is told
    /// to answer "no route" looks the same, and is rare.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs that router or the tunnel it should send through.
    ///
    /// # Sources
    ///
    /// RFC 792; RFC 1812 section 5.2.7.1; RFC 4443 section 3.1.
    pub static CAUSE = {
        id: "reach.router-knows-no-way",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A router on the way knows no way to that network",
        prior: -4,
        clues: &[
            Clue {
                says: "{from} says of {to}: {icmp}",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|_, icmp| Some(matches!((icmp.v6, icmp.kind, icmp.code), (false, 3, 0 | 6 | 7 | 11 | 12) | (true, 1, 0)))),
            },
            clues::NO_ADDRESS_OPENS,
        ],
        asks: &[&asks::VPN, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route", "client.bring-up-vpn"],
    };
}
