//! The cause `negotiate.answers-now-and-then`.

use crate::prelude::*;

cause! {
    /// Only some of the hosts behind this address answer.
    ///
    /// # What the user sees
    ///
    /// It fails, and the second or third try works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Some attempts get an answer and others none, in no other way different. A load balancer that shares
    /// connections between members, one of which is dead, does that at a steady rate.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the balancer takes the dead member out.
    ///
    /// # Sources
    ///
    /// haproxy: option tcp-check.
    pub static CAUSE = {
        id: "negotiate.answers-now-and-then",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Only some of the hosts behind this address answer",
        prior: -8,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after} on {tally} attempts, and others got an answer",
                denies: "all attempts of the client fared the same",
                reads: &[FactKind::Ended, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.now_and_then(|observation| match &observation.fact { Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } if seen.as_client(observation) => Some(false), Fact::Ended { after: Message::TcpHandshake | Message::ConnectionRequest, .. } if seen.as_client(observation) => Some(true), _ => None }),
            },
            Clue {
                says: "a connection on which {offered} was offered got an answer, others with as much offered did not",
                denies: "the server ends the connection whatever is offered",
                reads: &[FactKind::NegotiationOffered, FactKind::NegotiationChosen, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| match seen.offer_decides(&[BorneOut::Gainsaid]) { Reading::Against(_) => Reading::Silent, reading => reading },
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::AGAIN, &asks::FORWARDER],
        remedies: &["network.repair-forwarder"],
    };
}
