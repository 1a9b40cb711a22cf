//! The cause `secure.large-hello-dropped`.

use crate::prelude::*;

cause! {
    /// Something on the way cannot bear a large first TLS message.
    ///
    /// # What the user sees
    ///
    /// New clients fail and old ones work; browsers to the same place may fail as well.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A ClientHello that needs two packets goes unanswered or is reset, a small one of the same kind is
    /// answered. Clients with post-quantum keys send large ones.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device on the way updates it.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 4.1.2; draft-ietf-tls-hybrid-design.
    pub static CAUSE = {
        id: "secure.large-hello-dropped",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way cannot bear a large first TLS message",
        prior: -7,
        clues: &[
            clues::ONLY_SMALL_HELLOS,
        ],
        asks: &[&asks::MTU, &asks::CAPTURE, &asks::INSPECTION],
        remedies: &["network.exempt-from-inspection", "network.lower-mtu"],
    };
}
