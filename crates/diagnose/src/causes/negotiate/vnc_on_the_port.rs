//! The cause `negotiate.vnc-on-the-port`.

use crate::prelude::*;

cause! {
    /// A VNC server answers where Remote Desktop was expected.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "a protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The first bytes are RFB: a screen-sharing server of another kind. It needs a VNC client, or the host
    /// needs a Remote Desktop server.
    ///
    /// # Who mends it, and how
    ///
    /// The user takes a VNC client, or the administrator installs a Remote Desktop server.
    ///
    /// # Sources
    ///
    /// RFC 6143 section 7.1.1.
    pub static CAUSE = {
        id: "negotiate.vnc-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "A VNC server answers where Remote Desktop was expected",
        prior: -4,
        clues: &[
            Clue {
                says: "a VNC server answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Vnc]),
            },
        ],
        asks: &[&asks::LISTENING],
        remedies: &["client.use-other-program", "client.use-right-port", "server.free-port"],
    };
}
