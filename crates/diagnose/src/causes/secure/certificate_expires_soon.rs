//! The cause `secure.certificate-expires-soon`.

use crate::prelude::*;

cause! {
    /// The server's certificate expires soon.
    ///
    /// # What the user sees
    ///
    /// Nothing yet.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Less than fifteen days are left. Windows replaces the certificate it made for itself by itself; one from
    /// an authority or in a file waits for somebody.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server renews it in time.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.1.2.5.
    pub static CAUSE = {
        id: "secure.certificate-expires-soon",
        family: "rdp-cert-stale",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate expires soon",
        prior: -3,
        clues: &[
            Clue {
                says: "the certificate {name} expires on {expires}, in {left}",
                denies: "the certificate {name} is valid until {expires}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, now| { let left = now.days_until(certificate.not_after); Some(certificate.not_after >= now && left < 15 && !renews_itself(certificate)) }),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate"],
    };
}
