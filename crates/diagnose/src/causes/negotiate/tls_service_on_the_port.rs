//! The cause `negotiate.tls-service-on-the-port`.

use crate::prelude::*;

cause! {
    /// A service that speaks TLS at once answers where Remote Desktop was expected.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "a protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer to RDP's first message is TLS: an alert, or a handshake. Web servers, RD gateways and TLS
    /// tunnels do that. An RD Gateway is entered in the client as a gateway, not as the host.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address; for a gateway, the user.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 6; [MS-TSGU] 1.3.
    pub static CAUSE = {
        id: "negotiate.tls-service-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "A service that speaks TLS at once answers where Remote Desktop was expected",
        prior: -3,
        clues: &[
            Clue {
                says: "a TLS service answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Tls]),
            },
        ],
        asks: &[&asks::LISTENING, &asks::FORWARDER],
        remedies: &["client.use-right-port", "client.use-gateway", "server.free-port"],
    };
}
