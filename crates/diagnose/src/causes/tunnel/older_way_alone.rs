//! The cause `tunnel.older-way-alone`.

use crate::prelude::*;

cause! {
    /// Only an older way leads into the RD Gateway: it does not take the WebSocket that current clients begin with.
    ///
    /// # What the user sees
    ///
    /// "The Remote Desktop Gateway server is temporarily unavailable" on some devices, while others get through: Windows'
    /// own client falls back to RPC over HTTP, and clients for other systems do not know it.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The request that offers a WebSocket is turned away (403, 404, 405, 501 and the like), and the same without that
    /// offer, or RPC over HTTP, is asked for a logon as by any gateway. A device before the gateway does not let
    /// WebSockets pass, or the gateway is one of before Windows Server 2012. With `--gateway-user`, and where RPC is all
    /// that is left, the check goes on over it: what ends that way is then told first, and this beside it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the device lets RDG_OUT_DATA, RDG_IN_DATA and the upgrade to a WebSocket pass; an old gateway
    /// is replaced. Until then, clients that can are told to use the older way.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 1.3.2 and 1.9.2; RFC 6455 section 4.2.2.
    pub static CAUSE = {
        id: "tunnel.older-way-alone",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "Only an older way leads into the RD Gateway",
        prior: -6,
        clues: &[
            Clue {
                says: "{way} was answered {status} as by a gateway, and the WebSocket was not",
                denies: "{way} was answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.gateway_by_older_way(),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["client.use-older-gateway-transport", "gateway.repair-transport"],
    };
}
