//! The cause `negotiate.web-server-on-the-port`.

use crate::prelude::*;

cause! {
    /// A web server answers where Remote Desktop was expected.
    ///
    /// # What the user sees
    ///
    /// 0x904, "a protocol error" or a connection that never opens.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The first bytes are HTTP. A gateway or web page for Remote Desktop is reached in another way than the
    /// host itself.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address; the administrator of the host if the web server does not belong there.
    ///
    /// # Sources
    ///
    /// RFC 9112 section 4.
    pub static CAUSE = {
        id: "negotiate.web-server-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "A web server answers where Remote Desktop was expected",
        prior: -3,
        clues: &[
            Clue {
                says: "a web server answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Http]),
            },
        ],
        asks: &[&asks::LISTENING, &asks::FORWARDER],
        remedies: &["client.use-right-port", "server.free-port", "network.repair-forwarder"],
    };
}
