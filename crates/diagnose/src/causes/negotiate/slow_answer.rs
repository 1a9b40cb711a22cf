//! The cause `negotiate.slow-answer`.

use crate::prelude::*;

cause! {
    /// The server is slow to answer the first message.
    ///
    /// # What the user sees
    ///
    /// A pause before the certificate or the logon appears, or a time-out when it gets worse.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The connection opened quickly and the answer took seconds: the host or its service is busy, or it looks
    /// up the client's name first.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "negotiate.slow-answer",
        family: "host-unhealthy",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server is slow to answer the first message",
        prior: -4,
        explains: true,
        clues: &[
            Clue {
                says: "the first answer took {first}",
                denies: "the first answer took {first}",
                reads: &[FactKind::AnswerTook],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::AnswerTook { message: Message::ConnectionConfirm, first, .. } => Some(*first >= Micros::from_millis(1500)), _ => None }),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::LOAD, &asks::AGAIN],
        remedies: &["server.relieve"],
    };
}
