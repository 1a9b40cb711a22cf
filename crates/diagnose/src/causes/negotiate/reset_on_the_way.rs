//! The cause `negotiate.reset-on-the-way`.

use crate::prelude::*;

cause! {
    /// Something on the way resets the connection at RDP's first message.
    ///
    /// # What the user sees
    ///
    /// 0x904 at once, or "an internal error has occurred".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port opens and the reset comes with the first message. An inspection device that forbids RDP does
    /// that, and so does software on the host. A reset sooner than a round trip cannot come from the host.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 2979; RFC 3360.
    pub static CAUSE = {
        id: "negotiate.reset-on-the-way",
        family: "middlebox-reset",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way resets the connection at RDP's first message",
        prior: -8,
        clues: &[
            Clue {
                says: "the connection was reset {waited} after {after}",
                denies: "the connection was {how}, and a filter would rather reset it",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended_at_once(|how, after| (after <= Message::ConnectionRequest).then_some(how == Ending::Reset && after == Message::ConnectionRequest)),
            },
            clues::RESET_FROM_ELSEWHERE,
            clues::NO_REMOTE_DESKTOP_CONFIRMED,
            clues::RESET_TOO_SOON,
        ],
        asks: &[&asks::INSPECTION, &asks::CAPTURE, &asks::ARRIVED],
        remedies: &["network.exempt-from-inspection"],
    };
}
