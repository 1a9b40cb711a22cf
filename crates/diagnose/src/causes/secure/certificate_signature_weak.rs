//! The cause `secure.certificate-signature-weak`.

use crate::prelude::*;

cause! {
    /// The server's certificate is signed with a broken digest.
    ///
    /// # What the user sees
    ///
    /// Strict clients refuse the certificate; for a certificate signed by itself most do not look.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The signature uses SHA-1 or MD5. Windows Server 2012 and older made their own certificates so.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has a new one made.
    ///
    /// # Sources
    ///
    /// RFC 9155.
    pub static CAUSE = {
        id: "secure.certificate-signature-weak",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Note,
        title: "The server's certificate is signed with a broken digest",
        prior: -3,
        clues: &[
            Clue {
                says: "the certificate {name} is signed with {signature}",
                denies: "the certificate {name} is signed with {signature}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, _| Some(certificate.weak_signature && !certificate.self_signed)),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.stronger-certificate"],
    };
}
