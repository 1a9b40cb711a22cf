//! The cause `secure.certificate-not-for-servers`.

use crate::prelude::*;

cause! {
    /// The server's certificate may not be used for a server.
    ///
    /// # What the user sees
    ///
    /// A warning about the certificate's purpose; strict clients do not connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Its extended key usages name neither server authentication nor Remote Desktop. A certificate for users or
    /// code was bound by mistake.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server binds one for server authentication.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.2.1.12.
    pub static CAUSE = {
        id: "secure.certificate-not-for-servers",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate may not be used for a server",
        prior: -2,
        clues: &[
            Clue {
                says: "the certificate {name} is for {usage} only",
                denies: "the certificate {name} may be used for servers",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, _| Some(!names::may_serve(certificate))),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.rebind-certificate", "server.renew-certificate"],
    };
}
