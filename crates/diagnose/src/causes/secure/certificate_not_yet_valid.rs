//! The cause `secure.certificate-not-yet-valid`.

use crate::prelude::*;

cause! {
    /// The server's certificate is not valid yet.
    ///
    /// # What the user sees
    ///
    /// A warning that the certificate has expired or is not yet valid.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The certificate begins in the future by this machine's clock: it was made on a machine whose clock was
    /// ahead, or this machine's clock is behind. The server's clock in the NLA challenge tells which.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever's clock is wrong sets it; then the certificate is made again.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.1.2.5.
    pub static CAUSE = {
        id: "secure.certificate-not-yet-valid",
        family: "clock-skew",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate is not valid yet",
        prior: -2,
        clues: &[
            Clue {
                says: "the certificate {name} begins on {begins}, in {until}",
                denies: "the certificate {name} began on {begins}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, now| Some(certificate.not_before.0 > now.0.saturating_add(300))),
            },
        ],
        asks: &[&asks::CLOCKS],
        remedies: &["server.sync-clock", "client.sync-clock", "server.renew-certificate"],
    };
}
