//! The cause `tunnel.policy-denies`.

use model::fact::GatewayStep;

use crate::prelude::*;

cause! {
    /// A connection policy of the RD Gateway does not let this user in.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't connect because the gateway's policies do not allow it", or "you are not
    /// authorized".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway answered and said no: its connection policy (who may come) or resource policy (where to). Its
    /// log has events 201 and 301.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 2.2.6; Microsoft Learn: RD Gateway events 201, 301.
    pub static CAUSE = {
        id: "tunnel.policy-denies",
        family: "gateway-policy",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "A connection policy of the RD Gateway does not let this user in",
        prior: -4,
        clues: &[
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_refused(GatewayStep::Authorization, Topic::GatewayPolicy),
            },
            Clue {
                says: "to log on, {gateway} takes {ways}, and no password",
                denies: "{gateway} takes a password",
                reads: &[FactKind::GatewayTakesNoPassword, FactKind::GatewayAnswered],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::GatewayTakesNoPassword { .. } => Some(true), Fact::GatewayAnswered { logon: Some(_), .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{computer} logged {event}, {times}: a policy was not met",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-Gateway", 201)]),
            },
            logged!("the client's log", Strong, "TSG_NAP", "RDG_AUTH"),
        ],
        remedies: &["gateway.admit"],
        topics: &[Topic::GatewayPolicy],
    };
}
