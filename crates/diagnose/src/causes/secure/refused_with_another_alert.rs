//! The cause `secure.refused-with-another-alert`.

use crate::prelude::*;
use crate::view::about_the_clients_certificate;

cause! {
    /// The server ends TLS with an unusual alert.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred".
    ///
    /// # How to tell it from its neighbours
    ///
    /// An alert came that no other cause here explains: a downgrade that is refused, an extension the server
    /// misses, a handshake that was cancelled, or a word about a certificate before the client could send one, as
    /// relays pass it on from what is behind them. The server's log names the reason.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 6.
    pub static CAUSE = {
        id: "secure.refused-with-another-alert",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server ends TLS with an unusual alert",
        prior: -8,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, after } => (!matches!(*alert, TlsAlert::CLOSE_NOTIFY | TlsAlert::PROTOCOL_VERSION | TlsAlert::HANDSHAKE_FAILURE | TlsAlert::INSUFFICIENT_SECURITY | TlsAlert::INTERNAL_ERROR | TlsAlert::UNRECOGNIZED_NAME | TlsAlert::NO_APPLICATION_PROTOCOL | TlsAlert::UNEXPECTED_MESSAGE | TlsAlert::BAD_RECORD_MAC | TlsAlert::DECODE_ERROR | TlsAlert::DECRYPT_ERROR | TlsAlert::ILLEGAL_PARAMETER | TlsAlert::RECORD_OVERFLOW | TlsAlert::DECRYPTION_FAILED) && !about_the_clients_certificate(*alert, *after)).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::SCHANNEL],
        remedies: &["client.update", "server.update"],
    };
}
