//! The remedy `network.repair-forwarder`.

use crate::prescription::*;

remedy! {
    /// Let the forwarding lead to a host that answers.
    ///
    /// # How
    ///
    /// Compare the address and port it sends to with those of the host; test from the forwarder itself; let a
    /// balancer check its members with RDP's first message instead of a bare connection.
    pub static REMEDY = {
        id: "network.repair-forwarder",
        side: Side::Network,
        title: "Let the forwarding lead to a host that answers",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Network,
            "Compare the address and port that the forwarding sends to with those of the host, and test them from the forwarder itself (Test-NetConnection, nc -vz). Let a balancer check its members with Remote Desktop's first message, not with a bare connection. On Windows, netsh interface portproxy dump shows (and keeps) the present forwardings.",
            "It accepts connections and has nobody to hand them to.",
        ),
    };
}
