//! The cause `reach.packets-go-round`.

use crate::prelude::*;

cause! {
    /// Packets to the host go round in circles between routers.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" soon after the attempt.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A router gave up on the packet because it had passed too many others: two routers each believe that the
    /// other is nearer to the host. It happens when a default route meets a network that is missing from a
    /// routing table.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the routers.
    ///
    /// # Sources
    ///
    /// RFC 792 (time exceeded); RFC 4443 section 3.3.
    pub static CAUSE = {
        id: "reach.packets-go-round",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Packets to the host go round in circles between routers",
        prior: -6,
        clues: &[
            Clue {
                says: "{from} gave up on a packet to {to}: it went round in circles",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|_, icmp| Some(matches!((icmp.v6, icmp.kind), (false, 11) | (true, 3)))),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route"],
    };
}
