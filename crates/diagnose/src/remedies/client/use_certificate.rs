//! The remedy `client.use-certificate`.

use crate::prescription::*;

remedy! {
    /// Connect with the user's certificate or smart card.
    ///
    /// # How
    ///
    /// Insert the card, and choose it when the client asks for the logon.
    pub static REMEDY = {
        id: "client.use-certificate",
        side: Side::Client,
        title: "Connect with the user's certificate or smart card",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Insert the smart card, and choose its certificate when the client asks for the logon.",
            "The host accepts no password.",
        ),
    };
}
