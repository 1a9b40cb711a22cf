//! The cause `tunnel.tls-broken`.

use crate::prelude::*;

cause! {
    /// TLS with the RD Gateway fails.
    ///
    /// # What the user sees
    ///
    /// "Your computer can't connect to the remote computer because an error occurred on the remote computer that you want to
    /// connect to", or an error of the secure channel.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port of the gateway opens, and TLS ends with an alert, a reset or something that is no TLS: no version or cipher
    /// in common, a port that carries another service, a device that breaks TLS open.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway, or of a device before it.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 2.1.2; RFC 8446 section 6.
    pub static CAUSE = {
        id: "tunnel.tls-broken",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "TLS with the RD Gateway fails",
        prior: -6,
        clues: &[
            Clue {
                says: "it sent the TLS alert {alert} after {after}",
                denies: "TLS with it was established",
                reads: &[FactKind::TlsAlerted, FactKind::TlsEstablished],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_leg(|fact| match fact { Fact::TlsEstablished { .. } => Some(false), Fact::TlsAlerted { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "it sent something that is no TLS",
                denies: "what it sent is TLS",
                reads: &[FactKind::NotTls],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_leg(|fact| match fact { Fact::NotTls { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "the connection ended {waited} after {after}",
                denies: "the connection ended after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.gateway_ended(|after| after == Message::TcpHandshake || (Message::ClientHello..=Message::ServerFinished).contains(&after)),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["gateway.repair-transport"],
    };
}
