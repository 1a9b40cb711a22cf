//! The cause `tunnel.proxy-in-between`.

use crate::prelude::*;

cause! {
    /// A proxy on the way wants a logon before it lets anybody through to the RD Gateway.
    ///
    /// # What the user sees
    ///
    /// A question for a user and a password that the gateway's do not answer, or "the gateway is unavailable".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer to a request that was meant for the gateway is 407, which only a proxy says.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the proxy lets the gateway's name pass without a logon; or the client is told of the proxy (--proxy).
    ///
    /// # Sources
    ///
    /// RFC 9110 section 15.5.8.
    pub static CAUSE = {
        id: "tunnel.proxy-in-between",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A proxy on the way wants a logon before it lets anybody through to the RD Gateway",
        prior: -6,
        clues: &[
            Clue {
                says: "the answer was {status}, which a proxy says and a gateway does not",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_answered(|answer| Some(answer.status == 407)),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["network.repair-forwarder"],
    };
}
