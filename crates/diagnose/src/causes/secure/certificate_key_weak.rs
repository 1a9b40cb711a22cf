//! The cause `secure.certificate-key-weak`.

use crate::prelude::*;

cause! {
    /// The key of the server's certificate is too short.
    ///
    /// # What the user sees
    ///
    /// New clients refuse the connection; others work.
    ///
    /// # How to tell it from its neighbours
    ///
    /// RSA with fewer than 2048 bits, or an elliptic curve with fewer than 224. New libraries refuse them from
    /// 1024 bits down.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has a certificate with a longer key made.
    ///
    /// # Sources
    ///
    /// NIST SP 800-57 part 1; openssl: security levels.
    pub static CAUSE = {
        id: "secure.certificate-key-weak",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The key of the server's certificate is too short",
        prior: -2,
        clues: &[
            Clue {
                says: "the key of the certificate {name} has {bits} bits",
                denies: "the key of the certificate {name} has {bits} bits",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, _| match certificate.key { _ if certificate.key_bits == 0 => None, KeyKind::Rsa | KeyKind::Dsa => Some(certificate.key_bits < 2048), KeyKind::Ec => Some(certificate.key_bits < 224), _ => None }),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.stronger-certificate"],
    };
}
