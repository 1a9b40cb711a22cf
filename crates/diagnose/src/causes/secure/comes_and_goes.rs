//! The cause `secure.comes-and-goes`.

use crate::prelude::*;

cause! {
    /// TLS comes up on some connections and not on others.
    ///
    /// # What the user sees
    ///
    /// It fails, and the second or third try works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// In no other way different, some connections get through TLS and some are ended in it. A limit, a balancer
    /// with a bad member, or a device that inspects a sample of connections does that.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or of the balancer.
    ///
    /// # Sources
    ///
    /// haproxy: maxconn.
    pub static CAUSE = {
        id: "secure.comes-and-goes",
        family: "connection-limit",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "TLS comes up on some connections and not on others",
        prior: -8,
        clues: &[
            Clue {
                says: "the connection was {how} after {after} on {tally} attempts, and others got through",
                denies: "all attempts fare the same",
                reads: &[FactKind::Ended, FactKind::TlsEstablished],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.now_and_then(|observation| match &observation.fact { Fact::TlsEstablished { .. } if seen.as_client(observation) => Some(false), Fact::Ended { after, .. } if seen.as_client(observation) && in_handshake(*after, true).is_some() => Some(true), _ => None }),
            },
            Clue {
                says: "large and small ClientHellos fare the same",
                denies: "a small ClientHello gets an answer, a large one does not: it is no matter of chance",
                reads: &[FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended],
                weight: Weight::None,
                against: Weight::Fair,
                look: |seen| View::not(seen.only_small_hellos()),
            },
            Clue {
                says: "the very same first TLS message got an answer on another connection",
                denies: "the same first TLS message fares the same",
                reads: &[FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::SegmentsLimited],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.same_hello_fares_otherwise(),
            },
            Clue {
                says: "the client's own connection was {how} {waited} after {after}",
                denies: "the client's own connection stayed open",
                reads: &[FactKind::Ended, FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::SegmentsLimited],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.ended_where_the_same_hello_did_not(),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::AGAIN, &asks::SESSIONS],
        remedies: &["server.raise-connection-limit", "network.repair-forwarder"],
    };
}
