//! The cause `secure.client-leaves-at-certificate`.

use crate::prelude::*;

cause! {
    /// The client ended the connection once it had seen the certificate: it refuses it, or only looked.
    ///
    /// # What the user sees
    ///
    /// A question about the certificate that was answered with no; or a program that ends at once, because it was set
    /// up to connect only where it trusts the certificate.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS worked, and before anything else was said the client itself ended the connection. That is how a client
    /// looks that does not take the certificate: FreeRDP, Remmina and Microsoft's client finish TLS first and judge
    /// the certificate then. A scanner, or a monitor that only looks whether the port answers, looks the same. A
    /// client that asked, and was answered with yes, comes back.
    ///
    /// # Who mends it, and how
    ///
    /// The user compares the certificate's fingerprint with the server's and accepts it, or the server gets a
    /// certificate that the client trusts. The client's own log says what it held against it.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.4.5.
    pub static CAUSE = {
        id: "secure.client-leaves-at-certificate",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Note,
        title: "The client ended the connection once it had seen the certificate: it refuses it, or only looked",
        prior: -5,
        clues: &[
            Clue {
                says: "the client ended the connection {waited} after {after}, and said nothing more",
                denies: "the client came back and went on",
                reads: &[FactKind::ClientEnded, FactKind::LogonAccepted, FactKind::NtlmChallenged, FactKind::SettingsAnswered, FactKind::SessionRan, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.left_at_the_certificate(),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["client.check-fingerprint", "client.trust-certificate"],
    };
}
