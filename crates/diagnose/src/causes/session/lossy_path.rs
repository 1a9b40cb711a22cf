//! The cause `session.lossy-path`.

use crate::prelude::*;

cause! {
    /// The path loses packets or holds them up.
    ///
    /// # What the user sees
    ///
    /// A session that stutters, and at times is cut. Some connections do not come up, or take seconds.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Packets had to be sent again and then came through. A filter that swallows a message swallows it each time; what
    /// is lost by chance meets now this message and now that one, so that connections end at different steps. A line
    /// that is so slow that packets wait in its queue for more than a second looks the same.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network; the user tries a cable instead of wireless.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.8; RFC 6298.
    pub static CAUSE = {
        id: "session.lossy-path",
        family: "route-or-vpn-down",
        phase: Phase::Session,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The path loses packets or holds them up",
        prior: -4,
        explains: true,
        clues: &[
            Clue {
                says: "{again} of {of} packets of a connection came through only when sent again",
                denies: "hardly a packet was sent again",
                reads: &[FactKind::Retransmitted, FactKind::TcpOpened, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.came_when_sent_again(),
            },
            Clue {
                says: "{by_client} of {of} packets were sent again in vain, and another connection opened late or not at all",
                denies: "connections open at once, each time",
                reads: &[FactKind::Retransmitted, FactKind::TcpOpened, FactKind::TcpSilent, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.lost_here_and_there(),
            },
        ],
        asks: &[&asks::CAPTURE, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route", "network.lower-mtu"],
    };
}
