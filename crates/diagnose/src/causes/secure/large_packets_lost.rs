//! The cause `secure.large-packets-lost`.

use crate::prelude::*;

cause! {
    /// Large packets are lost on the way.
    ///
    /// # What the user sees
    ///
    /// "Securing remote connection" that never ends, or a session that opens and freezes; a ping works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The small first messages pass and the first full-size packets do not: the server's certificate never
    /// arrives whole, or a large ClientHello is never answered. Tunnels make packets larger, and the message
    /// that would say so is filtered.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the tunnel or the filter: a smaller MTU or MSS, or the ICMP messages let through.
    ///
    /// # Sources
    ///
    /// RFC 2923; RFC 8899.
    pub static CAUSE = {
        id: "secure.large-packets-lost",
        family: "mtu-blackhole",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Large packets are lost on the way",
        prior: -4,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}, though the small messages before it were answered",
                denies: "the connection was {how}, and lost packets do not end a connection by themselves",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| in_handshake(after, how == Ending::Silence)),
            },
            Clue {
                says: "the answer stopped in the middle",
                denies: "the answer was whole",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Ended { how: Ending::Silence, partial, after, .. } if *after >= Message::ClientHello && *after < Message::CredSspChallenge => (*partial > 0).then_some(true), _ => None }),
            },
            Clue {
                says: "TLS comes up when both sides are kept to small packets",
                denies: "kept to small packets, the connection stalls in the same way",
                reads: &[FactKind::SegmentsLimited, FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.small_segments_help(false),
            },
            Clue {
                says: "TLS comes up when both sides are kept to small packets; but a certificate came whole without that, too",
                denies: "kept to small packets, the connection stalls in the same way",
                reads: &[FactKind::SegmentsLimited, FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::CertificateSeen],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| match seen.small_segments_help(true) {
                    crate::Reading::For(observation) => crate::Reading::For(observation),
                    _ => crate::Reading::Silent,
                },
            },
            Clue {
                says: "a small ClientHello gets an answer, a large one does not",
                denies: "a large ClientHello gets an answer too",
                reads: &[FactKind::TlsOffered, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::Strong,
                look: |seen| seen.only_small_hellos(),
            },
            clues::LARGE_SEGMENTS_LOST,
            clues::SENT_AGAIN,
            clues::SERVER_PACKETS_MISSING,
            Clue {
                says: "packets of {lost} bytes to the host are lost without a word, those of {passed} bytes are not",
                denies: "packets of {passed} bytes reach the host",
                reads: &[FactKind::PacketSizesTried],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::PacketSizesTried { passed: Some(passed), lost: Some(lost), .. } => (lost > passed).then_some(true), _ => None }),
            },
            Clue {
                says: "TLS never came up",
                denies: "TLS came up on another connection",
                reads: &[FactKind::TlsEstablished, FactKind::TlsOffered, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| match seen.only_small_hellos() {
                    crate::Reading::For(_) => crate::Reading::Silent,
                    _ => seen.any_as_client(|fact| match fact { Fact::TlsEstablished { .. } => Some(false), _ => None }),
                },
            },
            clues::STOPPED_COMING,
            clues::NOT_BY_THE_BYTE,
        ],
        asks: &[&asks::MTU, &asks::FROM_INSIDE, &asks::CAPTURE],
        remedies: &["network.lower-mtu", "client.lower-mtu", "server.lower-mtu"],
    };
}
