//! The cause `tunnel.transport-broken`.

use crate::prelude::*;

cause! {
    /// The way into the RD Gateway is broken by its web server or by a proxy.
    ///
    /// # What the user sees
    ///
    /// "The gateway server is temporarily unavailable", or a HTTP error from the gateway.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway's address answers, and not as a gateway: a proxy in front that does not pass its methods, a
    /// web server without its module, a limit.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway or of the proxy.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 3.3.
    pub static CAUSE = {
        id: "tunnel.transport-broken",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The way into the RD Gateway is broken by its web server or by a proxy",
        prior: -5,
        clues: &[
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped, FactKind::Ended],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_failed_inside(),
            },
            Clue {
                says: "{gateway} answered {status}, and {server} said so",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_answered(|answer| Some(answer.status == 500 && answer.is_microsoft())),
            },
            Clue {
                says: "{way} was answered {status}, after the first one was let in",
                denies: "{way} was answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_refused_second(),
            },
            Clue {
                says: "the connection ended {waited} after {after}, without an answer",
                denies: "the connection ended after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.gateway_ended(|after| matches!(after, Message::GatewayRequest | Message::GatewayPacket)),
            },
            logged!("the client's log", Strong, "HTTP_STATUS", "RDG_PHASE", "TSG_TUNNEL"),
            Clue {
                says: "the log of the gateway's web server says: {line}",
                denies: "its log says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.logged_with("RDG_ERROR", &[" 500 ", " 502 "]),
            },
        ],
        remedies: &["gateway.repair-transport", "client.use-older-gateway-transport"],
        topics: &[Topic::GatewayFault, Topic::GatewaySession],
    };
}
