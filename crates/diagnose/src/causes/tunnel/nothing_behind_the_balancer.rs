//! The cause `tunnel.nothing-behind-the-balancer`.

use crate::prelude::*;

cause! {
    /// A device before the RD Gateway has no gateway to hand requests on to.
    ///
    /// # What the user sees
    ///
    /// "The Remote Desktop Gateway server is temporarily unavailable."
    ///
    /// # How to tell it from its neighbours
    ///
    /// A load balancer or reverse proxy answers in the gateway's place with 502, 503 or 504, and not the web server of
    /// Windows: the gateways behind it are down, or its health check calls them so.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the device looks which gateways it counts as alive, and at what its health check asks for: a
    /// gateway answers 401 to a request for /remoteDesktopGateway/, which some checks take for a failure.
    ///
    /// # Sources
    ///
    /// RFC 9110 sections 15.6.3 to 15.6.5.
    pub static CAUSE = {
        id: "tunnel.nothing-behind-the-balancer",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "A device before the RD Gateway has no gateway to hand requests on to",
        prior: -6,
        clues: &[
            Clue {
                says: "{gateway} answered {status}, and {server} said so",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_answered(|answer| Some(matches!(answer.status, 502 | 504) || (matches!(answer.status, 500 | 503) && !answer.is_microsoft()))),
            },
        ],
        asks: &[&asks::AGAIN],
        remedies: &["gateway.repair-transport"],
    };
}
