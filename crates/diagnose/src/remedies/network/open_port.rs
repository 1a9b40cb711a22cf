//! The remedy `network.open-port`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Open the port for those who need it.
    ///
    /// # How
    ///
    /// Allow TCP (and UDP) 3389 from the networks of the users to the host, on every filter on the way. Write
    /// down the rule that was there.
    ///
    /// # What may go wrong
    ///
    /// Remote Desktop that the whole Internet can reach is attacked within minutes: prefer a VPN or an RD
    /// Gateway.
    pub static REMEDY = {
        id: "network.open-port",
        side: Side::Network,
        title: "Open the port for those who need it",
        risk: Risk::Medium,
    };
}
