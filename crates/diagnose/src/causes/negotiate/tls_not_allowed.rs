//! The cause `negotiate.tls-not-allowed`.

use crate::prelude::*;

cause! {
    /// The server accepts only RDP's own security.
    ///
    /// # What the user sees
    ///
    /// The client ends at once, or asks whether to go on without knowing the server.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code SSL_NOT_ALLOWED_BY_SERVER: its security layer is set to RDP. It
    /// has no certificate to show and no NLA.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server sets its security layer to negotiate or TLS. Until then a client must be
    /// allowed RDP security, which cannot tell the server from an impostor.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2 and 5.3.
    pub static CAUSE = {
        id: "negotiate.tls-not-allowed",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server accepts only RDP's own security",
        prior: -3,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused_offer(NegFailure::SSL_NOT_ALLOWED_BY_SERVER, |offered| offered != Protocols::RDP),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "the log of the client says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.log_of_refusal(NegFailure::SSL_NOT_ALLOWED_BY_SERVER),
            },
        ],
        asks: &[&asks::POLICY, &asks::SERVER_LOG],
        remedies: &["server.enable-tls", "client.allow-rdp-security"],
    };
}
