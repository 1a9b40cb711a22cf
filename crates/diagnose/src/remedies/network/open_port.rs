//! The remedy `network.open-port`.

use crate::prescription::*;

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
        draft: |case| {
            let port = case.target().port;
            ask(
                Machine::Network,
                format!("On every filter between the users' network and the host: allow TCP {port} and UDP {port} to the host, from those networks alone. Write down the rule that was there."),
                "Remote Desktop that the whole Internet can reach is attacked within minutes: prefer a VPN or an RD Gateway.",
            )
        },
    };
}
