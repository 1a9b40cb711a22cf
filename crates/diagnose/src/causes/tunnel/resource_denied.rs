//! The cause `tunnel.resource-denied`.

use model::fact::GatewayStep;

use crate::prelude::*;

cause! {
    /// The RD Gateway lets the user in and does not allow this host.
    ///
    /// # What the user sees
    ///
    /// "The user is not authorized to access the remote computer through the RD Gateway" or "the remote
    /// computer is not listed in the RD Gateway's network resource group".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway accepted the user (event 200) and refused the host (event 301): a resource policy (RAP) does
    /// not hold it under the name that was asked for. Policies compare names as they are written: an address, a
    /// short name and a full name are three.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway adds the host, under every name people use, to a resource policy.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 2.2.6; Microsoft Learn: RD Gateway resource authorization policies.
    pub static CAUSE = {
        id: "tunnel.resource-denied",
        family: "gateway-policy",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway lets the user in and does not allow this host",
        prior: -5,
        clues: &[
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_refused(GatewayStep::Channel, Topic::GatewayResource),
            },
            Clue {
                says: "{computer} logged {event}, {times}: a resource policy was not met",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-Gateway", 301)]),
            },
        ],
        topics: &[Topic::GatewayResource],
        remedies: &["gateway.admit", "client.use-right-name"],
    };
}
