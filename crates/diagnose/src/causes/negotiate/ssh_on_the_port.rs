//! The cause `negotiate.ssh-on-the-port`.

use crate::prelude::*;

cause! {
    /// An SSH server answers where Remote Desktop was expected.
    ///
    /// # What the user sees
    ///
    /// 0x904, "a protocol error" or a connection that never opens.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The first bytes are the banner of SSH. Either the address or port is the wrong one, or a forwarding ends
    /// at the wrong place, or SSH was put on this port.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address; the administrator of the host if SSH does not belong there.
    ///
    /// # Sources
    ///
    /// RFC 4253 section 4.2.
    pub static CAUSE = {
        id: "negotiate.ssh-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "An SSH server answers where Remote Desktop was expected",
        prior: -3,
        clues: &[
            Clue {
                says: "an SSH server answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Ssh]),
            },
        ],
        asks: &[&asks::LISTENING, &asks::FORWARDER],
        remedies: &["client.use-right-port", "server.free-port", "network.repair-forwarder"],
    };
}
