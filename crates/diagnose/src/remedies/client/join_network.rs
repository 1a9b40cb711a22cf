//! The remedy `client.join-network`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Connect this machine to a network that leads to the host.
    ///
    /// # How
    ///
    /// Leave aeroplane mode, plug in the cable, join the wireless network.
    pub static REMEDY = {
        id: "client.join-network",
        side: Side::Client,
        title: "Connect this machine to a network that leads to the host",
        risk: Risk::Low,
    };
}
