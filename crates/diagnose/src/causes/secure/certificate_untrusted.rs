//! The cause `secure.certificate-untrusted`.

use crate::prelude::*;

cause! {
    /// The certificate comes from an authority that this machine does not know.
    ///
    /// # What the user sees
    ///
    /// A warning that the identity cannot be verified.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The certificate was issued by an authority, and this machine has no trust in it. For a company's own
    /// authority that is normal on machines outside it. A certificate signed by itself is usual for Remote
    /// Desktop and no finding.
    ///
    /// # Who mends it, and how
    ///
    /// Who manages this machine adds the authority, if it is the company's.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 6.
    pub static CAUSE = {
        id: "secure.certificate-untrusted",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Note,
        title: "The certificate comes from an authority that this machine does not know",
        prior: -4,
        clues: &[
            Clue {
                says: "the certificate is {trust}",
                denies: "the certificate is {trust}",
                reads: &[FactKind::CertificateTrust],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::CertificateTrust { trust } => Some(*trust == Trust::UnknownIssuer), _ => None }),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["client.trust-certificate", "client.check-fingerprint"],
    };
}
