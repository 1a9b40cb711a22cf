//! The cause `tunnel.service-stopped`.

use crate::prelude::*;

cause! {
    /// The RD Gateway's service does not run behind its web server.
    ///
    /// # What the user sees
    ///
    /// "The Remote Desktop Gateway server is temporarily unavailable."
    ///
    /// # How to tell it from its neighbours
    ///
    /// Windows' own web server answers for the gateway's address with 503 or 500: the address is kept for the gateway, and
    /// the service or the application pool behind it is stopped or fails.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway starts the service Remote Desktop Gateway (TSGateway) and the application pool of its
    /// web site, and reads the System log for why they stopped.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 3.3.4; Microsoft Learn: HTTP 503 errors of HTTP.sys.
    pub static CAUSE = {
        id: "tunnel.service-stopped",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway's service does not run behind its web server",
        prior: -6,
        clues: &[
            Clue {
                says: "{gateway} answered {status}, and {server} said so",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_answered(|answer| Some(answer.status == 503 && answer.is_microsoft())),
            },
            Clue {
                says: "the log of the gateway's web server says: {line}",
                denies: "its log says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.logged_with("RDG_ERROR", &[" 503 "]),
            },
        ],
        asks: &[&asks::AGAIN],
        remedies: &["gateway.repair-transport"],
    };
}
