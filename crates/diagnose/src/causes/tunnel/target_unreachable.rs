//! The cause `tunnel.target-unreachable`.

use model::fact::GatewayStep;

use crate::prelude::*;

cause! {
    /// The RD Gateway cannot reach the host.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't connect to the remote computer" although the gateway accepts the logon.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway says that its own connection to the host failed: a name that only it resolves, a host that is
    /// off, a filter between the two. Its log has events 303 and 304.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway or of the host.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 2.2.6 (E_PROXY_TS_CONNECTFAILED).
    pub static CAUSE = {
        id: "tunnel.target-unreachable",
        family: "gateway-target-unreachable",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway cannot reach the host",
        prior: -4,
        clues: &[
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_refused(GatewayStep::Channel, Topic::GatewayTarget),
            },
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-Gateway", 304)]),
            },
            logged!("the client's log", Strong, "RDG_CHANNEL"),
        ],
        asks: &[&asks::FROM_INSIDE],
        remedies: &["gateway.reach-target"],
        topics: &[Topic::GatewayTarget],
    };
}
