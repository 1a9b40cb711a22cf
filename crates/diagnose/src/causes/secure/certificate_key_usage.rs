//! The cause `secure.certificate-key-usage`.

use crate::prelude::*;

cause! {
    /// The key usage of the server's certificate forbids what TLS needs.
    ///
    /// # What the user sees
    ///
    /// Old clients fail while new ones work, or the other way round.
    ///
    /// # How to tell it from its neighbours
    ///
    /// With an RSA key, TLS needs digital signature for modern key exchange and key encipherment for the old
    /// one. A certificate that allows neither fails with every client that looks. The certificate that
    /// Windows makes for itself allows key encipherment alone, and every RDP client accepts it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has it issued from a template for servers.
    ///
    /// # Sources
    ///
    /// RFC 5246 section 7.4.2; RFC 5280 section 4.2.1.3.
    pub static CAUSE = {
        id: "secure.certificate-key-usage",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The key usage of the server's certificate forbids what TLS needs",
        prior: -4,
        clues: &[
            Clue {
                says: "the certificate {name} allows neither digital signature nor key encipherment",
                denies: "the certificate {name} allows what TLS needs",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| {
                    seen.certificate(|certificate, _| {
                        let neither = |signs: bool| !signs && certificate.enciphers != Some(true);
                        certificate.signs.map(neither)
                    })
                },
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate", "server.rebind-certificate"],
    };
}
