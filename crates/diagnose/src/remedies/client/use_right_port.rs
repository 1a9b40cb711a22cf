//! The remedy `client.use-right-port`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Use the port on which Remote Desktop listens.
    ///
    /// # How
    ///
    /// Write it behind the name with a colon (srv01:3390), or leave it out if it is 3389. The administrator of
    /// the host knows the port.
    pub static REMEDY = {
        id: "client.use-right-port",
        side: Side::Client,
        title: "Use the port on which Remote Desktop listens",
        risk: Risk::Low,
    };
}
