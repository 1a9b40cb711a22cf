//! The cause `negotiate.client-certificate-required`.

use crate::prelude::*;

cause! {
    /// The server wants TLS with a certificate of the user.
    ///
    /// # What the user sees
    ///
    /// The client ends at once, for users without a smart card.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER.
    ///
    /// # Who mends it, and how
    ///
    /// The user connects with the smart card or certificate that was issued for it; the administrator says
    /// which.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.client-certificate-required",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server wants TLS with a certificate of the user",
        prior: -4,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused(NegFailure::SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "the log of the client says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.log_of_refusal(NegFailure::SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER),
            },
        ],
        asks: &[&asks::POLICY],
        remedies: &["client.use-certificate"],
    };
}
