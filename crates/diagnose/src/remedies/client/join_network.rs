//! The remedy `client.join-network`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Client,
            "Leave aeroplane mode, plug in the cable or join the wireless network, then try again.",
            "Without a network nothing can be reached.",
        ),
    };
}
