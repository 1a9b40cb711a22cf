//! The cause `secure.newest-version-not-borne`.

use crate::prelude::*;

cause! {
    /// The offer of the newest TLS version is not borne, by the server or by something on the way.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7, or an endless "securing remote connection"; another client, an older one, gets in.
    ///
    /// # How to tell it from its neighbours
    ///
    /// With TLS 1.3 left out of the offer the same server answers, in a version that the client offers too:
    /// there is a version in common, and it is the offer of the newer one that ends the connection. Old servers
    /// and inspecting devices do that; a server may choose the highest version it knows and need not fear a
    /// higher one. No version in common looks alike from one attempt; two tell them apart.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the server, or the device before it, updates it. Until then a client can be kept to TLS
    /// 1.2.
    ///
    /// # Sources
    ///
    /// RFC 8446 appendix D; RFC 5246 appendix E.1.
    pub static CAUSE = {
        id: "secure.newest-version-not-borne",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The offer of the newest TLS version is not borne, by the server or by something on the way",
        prior: -6,
        clues: &[
            Clue {
                says: "with the newest version left out of the offer, the server answers with {version}, which the client offers too",
                denies: "without the newest version offered the server fares the same",
                reads: &[FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::TlsOffered, FactKind::SegmentsLimited],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.newest_not_borne(),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection stayed open",
                reads: &[FactKind::Ended],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (after == Message::ClientHello && matches!(how, Ending::Reset | Ending::Closed)).then_some(true)),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
        ],
        asks: &[&asks::INSPECTION, &asks::FROM_INSIDE, &asks::SCHANNEL],
        remedies: &["server.update", "network.exempt-from-inspection"],
    };
}
