//! The remedy `network.repair-forwarder`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
