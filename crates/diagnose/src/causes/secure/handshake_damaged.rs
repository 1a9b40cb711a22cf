//! The cause `secure.handshake-damaged`.

use crate::prelude::*;

cause! {
    /// TLS messages are damaged on the way.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred", on one network and not on another.
    ///
    /// # How to tell it from its neighbours
    ///
    /// One side found a message that cannot be right: a wrong checksum, an undecodable field. A healthy path
    /// does not change bytes; a device that rewrites TLS does, and so does faulty hardware.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 6.2.
    pub static CAUSE = {
        id: "secure.handshake-damaged",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "TLS messages are damaged on the way",
        prior: -7,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, .. } => matches!(*alert, TlsAlert::UNEXPECTED_MESSAGE | TlsAlert::BAD_RECORD_MAC | TlsAlert::DECODE_ERROR | TlsAlert::DECRYPT_ERROR | TlsAlert::ILLEGAL_PARAMETER | TlsAlert::RECORD_OVERFLOW | TlsAlert::DECRYPTION_FAILED).then_some(true), _ => None }),
            },
            Clue {
                says: "what the server sent is damaged: {reason}",
                denies: "our side had another objection",
                reads: &[FactKind::TlsRejected],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsRejected { alert, .. } => matches!(*alert, TlsAlert::UNEXPECTED_MESSAGE | TlsAlert::BAD_RECORD_MAC | TlsAlert::DECODE_ERROR | TlsAlert::DECRYPT_ERROR | TlsAlert::ILLEGAL_PARAMETER | TlsAlert::RECORD_OVERFLOW | TlsAlert::DECRYPTION_FAILED).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
