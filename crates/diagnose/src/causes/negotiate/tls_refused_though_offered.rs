//! The cause `negotiate.tls-refused-though-offered`.

use crate::prelude::*;

cause! {
    /// The server demands TLS and does not accept the way in which it was offered.
    ///
    /// # What the user sees
    ///
    /// The client ends at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered SSL_REQUIRED_BY_SERVER although TLS or NLA was offered. Some servers know only plain
    /// TLS and answer so to a client that offers only NLA.
    ///
    /// # Who mends it, and how
    ///
    /// The user allows plain TLS beside NLA in the client, or the administrator of the server enables NLA.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.tls-refused-though-offered",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server demands TLS and does not accept the way in which it was offered",
        prior: -4,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused_offer(NegFailure::SSL_REQUIRED_BY_SERVER, |offered| offered.has_any(Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX)),
            },
        ],
        asks: &[&asks::CLIENT_SETTINGS, &asks::SERVER_LOG],
        remedies: &["client.offer-tls", "server.match-security-layer"],
    };
}
