//! The cause `session.lossy-path`.

use crate::prelude::*;

cause! {
    /// The path loses packets.
    ///
    /// # What the user sees
    ///
    /// A session that stutters, and at times is cut.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Many packets had to be sent again.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.8.
    pub static CAUSE = {
        id: "session.lossy-path",
        family: "route-or-vpn-down",
        phase: Phase::Session,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The path loses packets",
        prior: -4,
        clues: &[
            Clue {
                says: "{by_server} packets of the server and {by_client} of the client were sent again, of {of}",
                denies: "hardly a packet was sent again",
                reads: &[FactKind::Retransmitted],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Retransmitted { by_client, by_server, of } => (*of >= 20).then_some(by_client.saturating_add(by_server.unwrap_or_default()).saturating_mul(20) > *of), _ => None }),
            },
        ],
        asks: &[&asks::CAPTURE, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route", "network.lower-mtu"],
    };
}
