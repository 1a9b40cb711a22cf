//! The cause `tcp.first-packet-lost`.

use crate::cause::Reading;
use crate::prelude::*;
use crate::view::is_sent_again;

cause! {
    /// The first packet to the host gets lost.
    ///
    /// # What the user sees
    ///
    /// A pause of one or three seconds before each connection.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The connection opened one second, or one and two, after the first packet: that is the time after which it
    /// is sent again. Sleeping radio links and tunnels that must come up first do that once; loss and a full
    /// queue on the host do it again and again.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network, when it happens each time.
    ///
    /// # Sources
    ///
    /// RFC 6298 section 2.
    pub static CAUSE = {
        id: "tcp.first-packet-lost",
        family: "route-or-vpn-down",
        phase: Phase::Tcp,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The first packet to the host gets lost",
        prior: -6,
        explains: true,
        clues: &[
            Clue {
                says: "it took {took} to open {to}: the time after which a lost packet is sent again",
                denies: "{to} opened in {took}",
                reads: &[FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::TcpOpened { took, .. } => Some(is_sent_again(*took)), _ => None }),
            },
            Clue {
                says: "answers on the open connection come quickly",
                denies: "answers on the open connection come late too",
                reads: &[FactKind::AnswerTook, FactKind::TcpOpened],
                weight: Weight::Slight,
                against: Weight::Strong,
                // Where the opening was not measured, as behind a proxy, it was not late.
                look: |seen| if !seen.seen().any(|observation| matches!(observation.fact, Fact::TcpOpened { .. })) { Reading::Silent } else { seen.any(|fact| match fact { Fact::AnswerTook { first, .. } if *first < Micros::from_millis(300) => Some(true), Fact::AnswerTook { first, .. } => (*first >= Micros::from_millis(700)).then_some(false), _ => None }) },
            },
        ],
        asks: &[&asks::AGAIN, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route", "server.relieve"],
    };
}
