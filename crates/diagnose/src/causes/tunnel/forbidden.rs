//! The cause `tunnel.forbidden`.

use crate::prelude::*;

cause! {
    /// The web server of the RD Gateway turns this client away.
    ///
    /// # What the user sees
    ///
    /// "Your computer can't connect to the remote computer because the Remote Desktop Gateway server … is not available" or a
    /// HTTP error 403, whoever the user is.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer is 403 before or instead of a logon: addresses are restricted in IIS, a client certificate is required, or
    /// a filter before the gateway refuses this country, network or client.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway or of the filter before it admits the client's address, or gives it the certificate.
    ///
    /// # Sources
    ///
    /// RFC 9110 section 15.5.4; Microsoft Learn: IIS status codes 403.x.
    pub static CAUSE = {
        id: "tunnel.forbidden",
        family: "gateway-policy",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The web server of the RD Gateway turns this client away",
        prior: -6,
        clues: &[
            Clue {
                says: "{gateway} answered {status} ({server})",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_answered(|answer| Some(matches!(answer.status, 403 | 406 | 429 | 451))),
            },
            logged!("the log of the gateway's web server", Strong, "RDG_FORBIDDEN"),
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["gateway.admit"],
    };
}
