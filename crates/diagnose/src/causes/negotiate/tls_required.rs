//! The cause `negotiate.tls-required`.

use crate::prelude::*;

cause! {
    /// The server accepts only TLS and the client offers only RDP's own security.
    ///
    /// # What the user sees
    ///
    /// An old client ends at once; a newer one is set to "RDP security".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code SSL_REQUIRED_BY_SERVER.
    ///
    /// # Who mends it, and how
    ///
    /// The user: allow TLS in the client, or take a newer one. RDP's own security has no way to tell the server
    /// from an impostor; lowering the server to it is the last resort.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.tls-required",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server accepts only TLS and the client offers only RDP's own security",
        prior: -3,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused_offer(NegFailure::SSL_REQUIRED_BY_SERVER, |offered| !offered.has_any(Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX)),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "the log of the client says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.log_of_refusal(NegFailure::SSL_REQUIRED_BY_SERVER),
            },
            logged!("its log", Strong, "NEG_TLS_REQUIRED"),
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.offer-tls", "client.update", "server.match-security-layer"],
    };
}
