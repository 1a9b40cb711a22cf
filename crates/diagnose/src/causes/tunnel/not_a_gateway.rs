//! The cause `tunnel.not-a-gateway`.

use crate::prelude::*;

cause! {
    /// A web server answers at the gateway's name that is no RD Gateway.
    ///
    /// # What the user sees
    ///
    /// "The Remote Desktop Gateway server is temporarily unavailable", at once and at all hours.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The web server does not know the way of a gateway (404, 400), does not take its method (405, 501), or sends to a page
    /// (a redirection, a portal), or shows one itself. The name leads to another server or site, the role is not installed, or a device before the
    /// gateway does not hand its requests on.
    ///
    /// # Who mends it, and how
    ///
    /// The user corrects the name; the administrator installs the role, gives it its site back, or lets the device before it
    /// pass /remoteDesktopGateway/ and its methods on.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 3.3.5.1; RFC 9110 section 15.5.
    pub static CAUSE = {
        id: "tunnel.not-a-gateway",
        family: "gateway-transport",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "A web server answers at the gateway's name that is no RD Gateway",
        prior: -6,
        clues: &[
            Clue {
                says: "{gateway} answered {status} ({server})",
                denies: "{gateway} answered {status}",
                reads: &[FactKind::GatewayAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_answered(|answer| { let elsewhere = matches!(answer.status, 300..=399 | 400 | 404 | 405 | 410 | 421 | 426 | 501 | 505) || (answer.status == 401 && answer.offers.is_empty()) || answer.page; Some(elsewhere) }),
            },
            Clue {
                says: "what came from {gateway} is no answer of a web server",
                denies: "{gateway} is a web server",
                reads: &[FactKind::OtherServiceAnswered],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.gateway_leg(|fact| match fact { Fact::OtherServiceAnswered { .. } => Some(true), _ => None }),
            },
            logged!("the log of the web server", Strong, "RDG_NOT_THERE"),
        ],
        remedies: &["client.use-right-name", "gateway.repair-transport"],
    };
}
