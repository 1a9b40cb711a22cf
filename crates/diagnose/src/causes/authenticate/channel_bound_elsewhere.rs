//! The cause `authenticate.channel-bound-elsewhere`.

use crate::prelude::*;

cause! {
    /// TLS is opened and closed again between client and server, and NLA notices.
    ///
    /// # What the user sees
    ///
    /// "An authentication error has occurred", on one network or through one relay only.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says that the client's binding does not fit this TLS connection, or that a message was
    /// altered: NLA is bound to the server's own key. A device that puts its own certificate in between breaks
    /// that on purpose or not.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device or relay.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5; RFC 5929.
    pub static CAUSE = {
        id: "authenticate.channel-bound-elsewhere",
        family: "middlebox-reset",
        phase: Phase::Authenticate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "TLS is opened and closed again between client and server, and NLA notices",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0xC000_035B, 0x8009_030F, 0x8009_0310, 0x8009_0346]),
            },
            logged!("the client's log", Strong, "NLA_BINDING"),
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION],
        remedies: &["network.exempt-from-inspection"],
    };
}
