//! The remedy `client.bring-up-vpn`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Bring up the VPN that leads to the host's network.
    ///
    /// # How
    ///
    /// Sign in to the VPN again, and look whether it hands out name servers and a way to the host's network.
    pub static REMEDY = {
        id: "client.bring-up-vpn",
        side: Side::Client,
        title: "Bring up the VPN that leads to the host's network",
        risk: Risk::Low,
    };
}
