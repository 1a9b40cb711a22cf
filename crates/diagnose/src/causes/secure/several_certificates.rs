//! The cause `secure.several-certificates`.

use crate::prelude::*;

cause! {
    /// The same address shows different certificates.
    ///
    /// # What the user sees
    ///
    /// The certificate question comes again and again.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Connections of this look were answered with different certificates: several hosts behind a balancer, each
    /// with its own.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator gives all of them one certificate for the common name.
    ///
    /// # Sources
    ///
    /// RFC 6125.
    pub static CAUSE = {
        id: "secure.several-certificates",
        family: "proxy-misroute",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Note,
        title: "The same address shows different certificates",
        prior: -4,
        clues: &[
            Clue {
                says: "a certificate {name} was shown, and another one on another connection",
                denies: "every connection showed the same certificate",
                reads: &[FactKind::CertificateSeen, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.certificates_differ(),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["server.certificate-for-name"],
    };
}
