//! The remedy `network.let-through-proxy`.

use crate::prescription::*;

remedy! {
    /// Let the proxy pass Remote Desktop to the host.
    ///
    /// # How
    ///
    /// Remote Desktop goes through a proxy of HTTP as one CONNECT to the host and its port, usually 3389, or 443 for an RD
    /// Gateway. Allow that destination, without a logon where the client cannot log on, or let the client go round the
    /// proxy.
    pub static REMEDY = {
        id: "network.let-through-proxy",
        side: Side::Network,
        title: "Let the proxy pass Remote Desktop to the host",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Network,
            "Allow CONNECT to the host and its port (3389, or 443 for an RD Gateway) in the rules of the proxy, without a logon where the client cannot log on; or exempt the host from the proxy in the settings of the client (NO_PROXY, the exceptions of the system's proxy).",
            "The proxy decides who may be reached through it, and does not let this connection pass.",
        ),
    };
}
