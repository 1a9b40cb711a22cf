//! The cause `secure.swallowed-on-the-way`.

use crate::prelude::*;

cause! {
    /// Something on the way swallows TLS inside Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// "Securing remote connection" that never ends; from another network it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The negotiation is answered and TLS is not: an inspection device drops what it takes for forbidden. Lost
    /// large packets look the same, but then small ClientHellos with short certificates pass.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 2979.
    pub static CAUSE = {
        id: "secure.swallowed-on-the-way",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way swallows TLS inside Remote Desktop",
        prior: -8,
        clues: &[
            clues::SILENT_IN_HANDSHAKE,
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::SENT_IN_VAIN,
            clues::SENT_BACK,
            clues::HELLO_TIMED_OUT,
            clues::STOPPED_COMING,
            clues::NOT_BY_CHANCE,
            clues::NOT_BY_THE_BYTE,
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION],
        remedies: &["network.exempt-from-inspection"],
    };
}
