//! The cause `secure.certificate-for-another-name`.

use crate::prelude::*;

cause! {
    /// The server's certificate is for another name.
    ///
    /// # What the user sees
    ///
    /// A warning that the name on the certificate does not match; clients that check strictly do not connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name asked for is not among those of the certificate, nor the short or long form of one. An alias, a
    /// load balancer, a cloned machine or a wrong address record does that; who asks by address sees it always.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server gives it a certificate for the names in use, or people use the name it
    /// has.
    ///
    /// # Sources
    ///
    /// RFC 6125 section 6.4.
    pub static CAUSE = {
        id: "secure.certificate-for-another-name",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate is for another name",
        prior: -2,
        clues: &[
            Clue {
                says: "{host} was asked for and the certificate is for {names}",
                denies: "the certificate is for {names}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| { let asked = names::asked_by_name(seen.target()); seen.certificate(|certificate, _| names::covers(certificate, asked.as_deref()?).map(|it| !it)) },
            },
            Clue {
                says: "the machine that answered goes by the name asked for",
                denies: "the machine that answered calls itself {computer}, which the certificate is for",
                reads: &[FactKind::NtlmChallenged, FactKind::CertificateSeen],
                weight: Weight::None,
                against: Weight::Fair,
                look: |seen| seen.certificate_fits_the_machine(),
            },
            logged!("a log", Strong, "CERT_NAME"),
        ],
        asks: &[&asks::LOOK_UP, &asks::CERTIFICATE_STORE],
        roots: &["resolve.stale-record"],
        remedies: &["server.certificate-for-name", "client.use-right-name"],
    };
}
