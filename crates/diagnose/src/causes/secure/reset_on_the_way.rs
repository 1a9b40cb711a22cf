//! The cause `secure.reset-on-the-way`.

use crate::prelude::*;

cause! {
    /// Something on the way resets TLS inside Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error has occurred"; from another network it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The negotiation passes and the first TLS message is answered with a reset. A reset that comes sooner than
    /// the host can answer, or over another number of hops, cannot be the host's. An inspection device that
    /// dislikes what is offered resets some ClientHellos and not others.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 3360; RFC 8446 appendix D.4.
    pub static CAUSE = {
        id: "secure.reset-on-the-way",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way resets TLS inside Remote Desktop",
        prior: -8,
        clues: &[
            clues::RESET_AT_HELLO,
            clues::RESET_FROM_ELSEWHERE,
            clues::RESET_TOO_SOON,
            clues::ONLY_SMALL_HELLOS,
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::EVERY_VERSION_FARES_THE_SAME,
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
