//! The remedy `client.bring-up-vpn`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Client,
            "Sign in to the VPN that leads to the network of the host, then try again.",
            "A way to that network exists only while the VPN is up.",
        ),
    };
}
