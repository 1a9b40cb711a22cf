//! The cause `negotiate.unknown-service-on-the-port`.

use crate::prelude::*;

cause! {
    /// Something that is no Remote Desktop answers on the port.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "a protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// An answer came, and it is no RDP message. The program that listens on the port is another one, or a
    /// device on the way answers with a page of its own. A service that sends back what it is sent, such as a test of
    /// the way, answers with our own request.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host sees who listens there.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.
    pub static CAUSE = {
        id: "negotiate.unknown-service-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Something that is no Remote Desktop answers on the port",
        prior: -5,
        clues: &[
            Clue {
                says: "the answer is no Remote Desktop: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Unknown, Service::Echo]),
            },
            Clue {
                says: "the answer is no RDP message: {bytes}",
                denies: "the answer is an RDP message",
                reads: &[FactKind::Unreadable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Unreadable { message, first_bytes } => (*message <= Message::ConnectionConfirm && !first_bytes.0.starts_with(&[3, 0])).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::LISTENING, &asks::FORWARDER],
        remedies: &["client.use-right-port", "server.free-port", "network.repair-forwarder"],
    };
}
