//! The cause `secure.server-fails-inside`.

use crate::prelude::*;

cause! {
    /// The server's TLS fails inside.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred", or TLS_CONNECT_FAILED in FreeRDP.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered with the alert internal error: it found no fault with the client. A key or
    /// certificate it cannot work with, a library that was updated under it, or a version that its settings
    /// allow and its library forbids. Its log has the library's words.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 6.2.
    pub static CAUSE = {
        id: "secure.server-fails-inside",
        family: "cert-key-unusable",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server's TLS fails inside",
        prior: -6,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server answered with alert {alert}",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.alerted(&[TlsAlert::INTERNAL_ERROR]),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
        ],
        asks: &[&asks::SERVER_LOG, &asks::XRDP_LOG, &asks::SCHANNEL],
        remedies: &["server.replace-key-pair", "server.renew-certificate", "server.update"],
    };
}
