//! The cause `tunnel.logon-refused`.

use crate::prelude::*;

cause! {
    /// The RD Gateway refuses the user's logon.
    ///
    /// # What the user sees
    ///
    /// The question for the gateway's credentials comes back again and again, or "the logon attempt failed".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The gateway asks for a logon, gets one, and asks again (401), or ends the tunnel with SEC_E_LOGON_DENIED: user name,
    /// password or domain are wrong, the account is locked or may not be used, or the way to log on is not the right one.
    /// Policies refuse later, after a logon that was accepted.
    ///
    /// # Who mends it, and how
    ///
    /// The user enters the credentials of the gateway, which may be others than those of the host, as DOMAIN\\user or
    /// user@domain. Failed logons count: do not try again and again.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 3.3.5.1; RFC 9110 section 15.5.2.
    pub static CAUSE = {
        id: "tunnel.logon-refused",
        family: "gateway-policy",
        phase: Phase::Tunnel,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The RD Gateway refuses the user's logon",
        prior: -6,
        clues: &[
            Clue {
                says: "the logon with {logon} was answered with {status}",
                denies: "the logon with {logon} was accepted",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Fair,
                look: |seen| seen.gateway_answered(|answer| answer.logon.map(|_| answer.status == 401)),
            },
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} passed {step}",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::GatewayStepped { code: 0x8009_030C, .. } => Some(true), _ => None }),
            },
            logged!("the log of the gateway's web server", Strong, "RDG_REFUSED"),
        ],
        remedies: &["client.use-other-credentials"],
    };
}
