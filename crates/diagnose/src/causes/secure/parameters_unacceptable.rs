//! The cause `secure.parameters-unacceptable`.

use crate::prelude::*;

cause! {
    /// The server's TLS is too weak or too strange for a present-day client.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred"; old clients still connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered, and our side could not accept it: a key exchange that is too short, a forbidden
    /// signature, a parameter that breaks the rules.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server updates it or gives it another certificate.
    ///
    /// # Sources
    ///
    /// RFC 9325 section 4.
    pub static CAUSE = {
        id: "secure.parameters-unacceptable",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server's TLS is too weak or too strange for a present-day client",
        prior: -6,
        clues: &[
            Clue {
                says: "what the server chose cannot be accepted: {reason}",
                denies: "our side had another objection",
                reads: &[FactKind::TlsRejected],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsRejected { alert, .. } => matches!(*alert, TlsAlert::HANDSHAKE_FAILURE | TlsAlert::INSUFFICIENT_SECURITY | TlsAlert::ILLEGAL_PARAMETER | TlsAlert::UNSUPPORTED_EXTENSION | TlsAlert::MISSING_EXTENSION | TlsAlert::INTERNAL_ERROR | TlsAlert::BAD_CERTIFICATE | TlsAlert::UNSUPPORTED_CERTIFICATE).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::CERTIFICATE_STORE],
        remedies: &["server.stronger-certificate", "server.update"],
    };
}
