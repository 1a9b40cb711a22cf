//! The cause `secure.certificate-expired`.

use crate::prelude::*;

cause! {
    /// The server's certificate has expired.
    ///
    /// # What the user sees
    ///
    /// A warning that the certificate has expired or is not yet valid; clients that check strictly do not
    /// connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The dates of the certificate, against the clock of this machine. If this machine's clock is wrong, many
    /// certificates look expired.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has it renewed. Windows renews its own certificate by itself unless its
    /// key store is damaged.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.1.2.5.
    pub static CAUSE = {
        id: "secure.certificate-expired",
        family: "rdp-cert-stale",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate has expired",
        prior: -1,
        clues: &[
            Clue {
                says: "the certificate {name} expired on {expires}, {left} ago",
                denies: "the certificate {name} is valid until {expires}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, now| Some(certificate.not_after < now)),
            },
            logged!("a log", Strong, "CERT_EXPIRED"),
        ],
        asks: &[&asks::CERTIFICATE_EVENTS, &asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate"],
    };
}
