//! The cause `secure.certificate-key-unusual`.

use crate::prelude::*;

cause! {
    /// The server's certificate has a kind of key that few clients can use.
    ///
    /// # What the user sees
    ///
    /// Windows clients fail while others work.
    ///
    /// # How to tell it from its neighbours
    ///
    /// DSA, Ed25519, Ed448 and unknown kinds of key are in no cipher suite that Windows offers.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has one with RSA or a NIST curve made.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 4.2.3; Microsoft Learn: TLS cipher suites.
    pub static CAUSE = {
        id: "secure.certificate-key-unusual",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate has a kind of key that few clients can use",
        prior: -4,
        clues: &[
            Clue {
                says: "the key of the certificate {name} is of an unusual kind",
                denies: "the key of the certificate {name} is RSA or on an elliptic curve",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, _| Some(!matches!(certificate.key, KeyKind::Rsa | KeyKind::Ec))),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.stronger-certificate"],
    };
}
