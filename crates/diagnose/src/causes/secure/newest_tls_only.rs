//! The cause `secure.newest-tls-only`.

use crate::prelude::*;

cause! {
    /// The server accepts TLS 1.3 alone.
    ///
    /// # What the user sees
    ///
    /// Clients up to Windows 10 fail; new ones work.
    ///
    /// # How to tell it from its neighbours
    ///
    /// With TLS 1.3 the server answers, and refuses when 1.2 is the highest offered.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server enables TLS 1.2 beside it.
    ///
    /// # Sources
    ///
    /// RFC 8446 appendix D; Microsoft Learn: TLS protocol version support.
    pub static CAUSE = {
        id: "secure.newest-tls-only",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Note,
        title: "The server accepts TLS 1.3 alone",
        prior: -5,
        clues: &[
            Clue {
                says: "TLS 1.2 by itself was answered with alert {alert}",
                denies: "TLS 1.2 gets an answer",
                reads: &[FactKind::TlsAlerted, FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsOffered],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.only_newest_tls(),
            },
        ],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.enable-tls-versions"],
    };
}
