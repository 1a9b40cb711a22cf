//! The cause `negotiate.client-offers-nothing`.

use crate::prelude::*;

cause! {
    /// The client's own settings exclude what the server offers.
    ///
    /// # What the user sees
    ///
    /// The client ends before it connects, or with a message about its settings.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The client says so itself: an option or a file leaves no security protocol, or asks for something it
    /// cannot do.
    ///
    /// # Who mends it, and how
    ///
    /// The user, or who made the connection file.
    ///
    /// # Sources
    ///
    /// xfreerdp(1): /sec.
    pub static CAUSE = {
        id: "negotiate.client-offers-nothing",
        family: "client-config",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client's own settings exclude what the server offers",
        prior: -7,
        clues: &[
            logged!("the client's log", Strong, "NEGO_CFG"),
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.offer-nla", "client.offer-tls"],
        topics: &[Topic::ClientSettings, Topic::ProtocolOffer],
    };
}
