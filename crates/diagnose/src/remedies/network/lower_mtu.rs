//! The remedy `network.lower-mtu`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let packets fit the path.
    ///
    /// # How
    ///
    /// Set the MTU of the tunnel to what passes (ping with fragmentation forbidden finds it), or let the router
    /// clamp the MSS. Allow the ICMP messages "fragmentation needed" and "packet too big" through every filter.
    ///
    /// # Sources
    ///
    /// RFC 2923; RFC 4821; RFC 8899.
    pub static REMEDY = {
        id: "network.lower-mtu",
        side: Side::Network,
        title: "Let packets fit the path",
        risk: Risk::Low,
    };
}
