//! The remedy `client.use-certificate`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
