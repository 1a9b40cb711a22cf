//! The remedy `network.lower-mtu`.

use crate::prescription::*;

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
        draft: |_| Draft::Steps(vec![person(
            Machine::Network,
            "On the router or tunnel on the way: let it keep segments small enough (clamp the MSS to the path), or set the MTU of the tunnel to what passes; let ICMP \"fragmentation needed\" and \"packet too big\" through. Linux: nft add rule inet filter forward tcp flags syn tcp option maxseg size set rt mtu. Cisco: ip tcp adjust-mss 1360.",
            "Then the sender learns what fits, and no packet is lost for its size.",
        )]),
    };
}
