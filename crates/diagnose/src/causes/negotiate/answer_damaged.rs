//! The cause `negotiate.answer-damaged`.

use crate::prelude::*;

cause! {
    /// The server's answer is damaged on the way, or a device on the way answers.
    ///
    /// # What the user sees
    ///
    /// "A protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer begins like RDP and goes wrong. A relay that rewrites, a load balancer with a protocol of its
    /// own in front, or a faulty server program do that.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the relay, or the maker of the server program.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.
    pub static CAUSE = {
        id: "negotiate.answer-damaged",
        family: "middlebox-reset",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The server's answer is damaged on the way, or a device on the way answers",
        prior: -10,
        clues: &[
            Clue {
                says: "the answer cannot be read: {bytes}",
                denies: "the answer can be read",
                reads: &[FactKind::Unreadable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Unreadable { message, first_bytes } => (*message <= Message::ConnectionConfirm).then_some(first_bytes.0.starts_with(&[3, 0])), _ => None }),
            },
            Clue {
                says: "the connection was {how} in the middle of the answer",
                denies: "the connection was {how} with nothing begun",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Ended { after: Message::ConnectionRequest, partial, .. } => (*partial > 0).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::CAPTURE, &asks::SERVER_LOG],
        remedies: &["network.exempt-from-inspection", "server.update"],
    };
}
