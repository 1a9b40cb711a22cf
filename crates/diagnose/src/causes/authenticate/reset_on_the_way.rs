//! The cause `authenticate.reset-on-the-way`.

use crate::prelude::*;

cause! {
    /// Something on the way cuts the connection when the logon begins.
    ///
    /// # What the user sees
    ///
    /// 0x904 after the certificate question; from another network it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and the first encrypted message is answered by a reset. Devices that judge a connection by
    /// its first encrypted data cut there; so does software on the host. A close in good order is rather the
    /// server's own.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 3360.
    pub static CAUSE = {
        id: "authenticate.reset-on-the-way",
        family: "middlebox-reset",
        phase: Phase::Authenticate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way cuts the connection when the logon begins",
        prior: -8,
        clues: &[
            clues::RESET_AT_LOGON,
            clues::RESET_FROM_ELSEWHERE,
            clues::RESET_TOO_SOON,
            clues::NLA_NEVER_ANSWERED,
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
