//! The cause `negotiate.security-software`.

use crate::prelude::*;

cause! {
    /// Security software on the host ends connections to Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// 0x904 at once, since an update or since the software came.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port opens and the connection is reset or closed at its first message, from the host itself. The
    /// product's log names it; switching it off for a minute proves it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host makes an exception in the product.
    ///
    /// # Sources
    ///
    /// Vendors' documents on Remote Desktop protection and network inspection.
    pub static CAUSE = {
        id: "negotiate.security-software",
        family: "security-software",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Security software on the host ends connections to Remote Desktop",
        prior: -5,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection stayed open",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended_at_once(|how, after| (after <= Message::ConnectionRequest).then_some(how == Ending::Reset)),
            },
            Clue {
                says: "the connection was closed {waited} after {after}, without one byte in answer",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.unanswered(|how, _| (how == Ending::Closed && !seen.ended_late()).then_some(true)),
            },
            clues::NO_REMOTE_DESKTOP_CONFIRMED,
            clues::SECURITY_SERVICE,
        ],
        asks: &[&asks::SECURITY_LOG, &asks::ARRIVED],
        remedies: &["server.exempt-security-software"],
    };
}
