//! The cause `secure.certificate-question`.

use crate::prelude::*;

cause! {
    /// The client dropped the connection to ask about the certificate.
    ///
    /// # What the user sees
    ///
    /// The certificate question appears; the first connection ends meanwhile, and the second works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The client ended the first connection itself, right after the certificate, and a later one went on.
    /// Nothing is broken. Where none went on, the client may have refused the certificate.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody: answer the question once and let the client remember it.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.4.5.
    pub static CAUSE = {
        id: "secure.certificate-question",
        family: "client-cert-prompt-reconnect",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Note,
        title: "The client dropped the connection to ask about the certificate",
        prior: -5,
        clues: &[
            Clue {
                says: "the client ended a connection {waited} after {after}",
                denies: "the client ended no connection",
                reads: &[FactKind::ClientEnded, FactKind::LogonAccepted, FactKind::NtlmChallenged, FactKind::SettingsAnswered, FactKind::SessionRan, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.left_to_ask(),
            },
        ],
        asks: &[&asks::AGAIN],
        remedies: &["client.check-fingerprint"],
    };
}
