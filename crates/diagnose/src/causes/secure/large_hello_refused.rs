//! The cause `secure.large-hello-refused`.

use crate::prelude::*;

cause! {
    /// A large first TLS message does not get through.
    ///
    /// # What the user sees
    ///
    /// This client works; new clients, whose first TLS message is larger, fail or wait.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The connection of the client got through. A look with a larger ClientHello did not, in no other way
    /// different: a device on the way, or an old server, cannot bear one that needs two packets.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device or the server updates it.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 4.1.2; draft-ietf-tls-hybrid-design.
    pub static CAUSE = {
        id: "secure.large-hello-refused",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "A large first TLS message does not get through",
        prior: -4,
        clues: &[
            Clue {
                says: "a ClientHello of more than 1400 bytes was {how}, a small one gets an answer",
                denies: "a ClientHello of more than 1400 bytes gets an answer",
                reads: &[FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::TlsOffered],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.only_large_hello_fails(),
            },
        ],
        asks: &[&asks::MTU, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection", "server.update"],
    };
}
