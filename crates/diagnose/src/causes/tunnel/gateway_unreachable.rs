//! The cause `tunnel.gateway-unreachable`.

use crate::prelude::*;

cause! {
    /// The RD Gateway does not answer.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't connect to the remote computer because the Remote Desktop Gateway server is temporarily
    /// unavailable", after some seconds or at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Its port (443, unless another is set) does not open: silence where a filter drops or the machine is off, a refusal
    /// where nothing listens, an error of a router on the way.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway, or whoever runs the network between it and here. Many networks let port 443 through
    /// to everybody: try from another one.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 2.1.2.
    pub static CAUSE = {
        id: "tunnel.gateway-unreachable",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway does not answer",
        prior: -6,
        clues: &[
            Clue {
                says: "{to} gave no answer in {waited}",
                denies: "{to} answers",
                reads: &[FactKind::TcpSilent, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all_on_gateway(|fact| match fact { Fact::TcpSilent { .. } => Some(true), Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{to} refused the connection: nothing listens there",
                denies: "{to} listens",
                reads: &[FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all_on_gateway(|fact| match fact { Fact::TcpRefused { .. } => Some(true), Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{to}: {icmp}",
                denies: "no router refused",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.gateway_leg(|fact| match fact { Fact::TcpUnreachable { .. } => Some(true), _ => None }),
            },
        ],
        asks: &[&asks::AGAIN, &asks::FROM_ELSEWHERE],
        remedies: &["gateway.repair-transport", "network.restore-route"],
    };
}
