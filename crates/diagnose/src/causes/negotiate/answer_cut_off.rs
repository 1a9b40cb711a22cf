//! The cause `negotiate.answer-cut-off`.

use crate::prelude::*;

cause! {
    /// The server's answer to the first message stops in the middle.
    ///
    /// # What the user sees
    ///
    /// "Connecting" that never ends, or 0x904.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Some bytes of the answer came and the rest did not. The message is nineteen bytes long and never needs
    /// two packets, so something between takes it apart.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device on the way.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.
    pub static CAUSE = {
        id: "negotiate.answer-cut-off",
        family: "middlebox-reset",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The server's answer to the first message stops in the middle",
        prior: -7,
        clues: &[
            Clue {
                says: "the connection was {how} in the middle of the answer",
                denies: "nothing of an answer came",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Ended { after: Message::ConnectionRequest | Message::TcpHandshake, partial, .. } => (*partial > 0).then_some(true), _ => None }),
            },
            clues::STOPPED_COMING,
        ],
        asks: &[&asks::CAPTURE, &asks::INSPECTION],
        remedies: &["network.exempt-from-inspection"],
    };
}
