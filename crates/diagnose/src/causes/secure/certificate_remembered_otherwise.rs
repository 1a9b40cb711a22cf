//! The cause `secure.certificate-remembered-otherwise`.

use crate::prelude::*;

cause! {
    /// The client remembers another certificate for this name.
    ///
    /// # What the user sees
    ///
    /// "The remote host identification has changed", or a client that ends without saying why.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The client stored the fingerprint it saw first, and the server shows another one. A renewed certificate
    /// or a rebuilt host does that; so would an attack.
    ///
    /// # Who mends it, and how
    ///
    /// The user compares the fingerprint with the server's over another way, then removes that one entry.
    ///
    /// # Sources
    ///
    /// FreeRDP: known_hosts2; mstsc: CertHash in the registry.
    pub static CAUSE = {
        id: "secure.certificate-remembered-otherwise",
        family: "client-cache-stale",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client remembers another certificate for this name",
        prior: -6,
        clues: &[
            logged!("the client's log", Strong, "CERT_CHANGED", "CERT_VERIFY"),
            Clue {
                says: "{store} remembers another certificate for {name}",
                denies: "{store} remembers this certificate for {name}",
                reads: &[FactKind::HostRemembered, FactKind::CertificateSeen],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.remembered_otherwise(),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["client.check-fingerprint", "client.forget-fingerprint", "client.forget-saved-connection"],
        topics: &[Topic::CertificateChanged],
    };
}
