//! The remedy `client.use-other-settings`.

use crate::prescription::*;

remedy! {
    /// Connect with the settings the server offers.
    ///
    /// # How
    ///
    /// Take the connection file of the farm, which names the program and its host; or, where monitors are the
    /// trouble, connect with one monitor and add others one at a time.
    pub static REMEDY = {
        id: "client.use-other-settings",
        side: Side::Client,
        title: "Connect with the settings the server offers",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Take the connection file of the farm, which names the program and its host. Where monitors are the trouble, connect with one and add others one at a time.",
            "The client asks for what the server offers.",
        ),
    };
}
