//! The cause `secure.intercepted`.

use crate::prelude::*;

cause! {
    /// An inspection device puts its own certificate in place of the server's.
    ///
    /// # What the user sees
    ///
    /// A certificate warning that names a security product or company; NLA fails at times, since it is bound to
    /// the server's own key.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The issuer of the certificate is a product that inspects TLS.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device exempts Remote Desktop.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5 (public key binding).
    pub static CAUSE = {
        id: "secure.intercepted",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "An inspection device puts its own certificate in place of the server's",
        prior: -3,
        clues: &[
            Clue {
                says: "the certificate was issued by {issuer}",
                denies: "the certificate was issued by {issuer}",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.certificate(|certificate, _| { let issuer = certificate.issuer.to_lowercase(); Some(!certificate.self_signed && ["fortinet", "fortigate", "zscaler", "netskope", "sophos", "palo alto", "checkpoint", "check point", "blue coat", "bluecoat", "forcepoint", "watchguard", "sonicwall", "mitmproxy", "untangle", "cisco umbrella", "barracuda", "eset ssl", "kaspersky", "bitdefender", "avast", "avg "].iter().any(|product| issuer.contains(product))) }),
            },
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION],
        remedies: &["network.exempt-from-inspection", "client.check-fingerprint"],
    };
}
