//! The cause `secure.certificate-changed`.

use crate::prelude::*;

cause! {
    /// The host shows another certificate than the last time.
    ///
    /// # What the user sees
    ///
    /// The certificate question again, though it was answered before; some clients stop and say that the host
    /// has changed.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A check from this machine saw a certificate with another thumbprint before. Windows makes a new one for
    /// itself twice a year, authorities renew theirs, and a rebuilt host has a new one: the change alone is no
    /// fault. The same name and issuer speak for a renewal; another issuer or another name may also be another
    /// machine in between, or another host at the address.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody, if the administrator of the server knows of it: compare the thumbprint over another way.
    ///
    /// # Sources
    ///
    /// RFC 4251 section 4.1 on keys that are trusted at first sight; Microsoft Learn: Remote Desktop listener
    /// certificate configurations.
    pub static CAUSE = {
        id: "secure.certificate-changed",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Note,
        title: "The host shows another certificate than the last time",
        prior: -4,
        clues: &[
            Clue {
                says: "{change}",
                denies: "{change}",
                reads: &[FactKind::CertificateRecalled],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.all(|fact| match fact {
                    Fact::CertificateRecalled { change, .. } => Some(*change != CertificateChange::Same),
                    _ => None,
                }),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["client.check-fingerprint"],
    };
}
