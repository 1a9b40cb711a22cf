//! The cause `negotiate.answer-in-drips`.

use crate::prelude::*;

cause! {
    /// The server's answer comes in drips.
    ///
    /// # What the user sees
    ///
    /// A pause before the certificate or the logon appears.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer is nineteen bytes long and came in several pieces with pauses between them. A starved host, a
    /// throttled relay or a shaper on the way does that; a healthy network does not split it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or of the relay.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.
    pub static CAUSE = {
        id: "negotiate.answer-in-drips",
        family: "host-unhealthy",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server's answer comes in drips",
        prior: -5,
        explains: true,
        clues: &[
            Clue {
                says: "the first answer came in {pieces} pieces over {whole}",
                denies: "the first answer came in {pieces} piece",
                reads: &[FactKind::AnswerTook],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::AnswerTook { message: Message::ConnectionConfirm, first, whole, pieces } => Some(*pieces > 1 && whole.since(*first) >= Micros::from_millis(100)), _ => None }),
            },
        ],
        asks: &[&asks::LOAD, &asks::CAPTURE],
        remedies: &["server.relieve", "network.exempt-from-inspection"],
    };
}
