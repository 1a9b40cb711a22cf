//! The cause `tunnel.at-its-limit`.

use model::fact::GatewayStep;

use crate::prelude::*;

cause! {
    /// The RD Gateway has as many connections as it may have.
    ///
    /// # What the user sees
    ///
    /// "The RD Gateway server is temporarily unavailable" at busy hours; later it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway logs event 203. A limit is set on it, or its edition allows no more connections than a few
    /// hundred. A broken gateway fails at all hours.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway raises the limit, or puts another gateway beside it.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: RD Gateway event 203.
    pub static CAUSE = {
        id: "tunnel.at-its-limit",
        family: "gateway-policy",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway has as many connections as it may have",
        prior: -7,
        clues: &[
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_refused(GatewayStep::Channel, Topic::GatewayLimit),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the limit of connections is reached",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-Gateway", 203)]),
            },
        ],
        topics: &[Topic::GatewayLimit],
        asks: &[&asks::AGAIN],
        remedies: &["gateway.admit"],
    };
}
