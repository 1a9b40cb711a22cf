//! The cause `secure.certificate-unreadable`.

use crate::prelude::*;

cause! {
    /// The server's certificate cannot be read.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred", or a client that crashes.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A certificate was sent and its encoding is broken.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has it made again.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.1.
    pub static CAUSE = {
        id: "secure.certificate-unreadable",
        family: "rdp-cert-stale",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's certificate cannot be read",
        prior: -3,
        clues: &[
            Clue {
                says: "the certificate cannot be read: {bytes}",
                denies: "the certificate can be read",
                reads: &[FactKind::CertificateUnreadable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::CertificateUnreadable { .. } => Some(true), _ => None }),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate"],
    };
}
