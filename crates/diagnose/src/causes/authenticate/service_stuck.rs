//! The cause `authenticate.service-stuck`.

use crate::prelude::*;

cause! {
    /// The security service on the host is stuck.
    ///
    /// # What the user sees
    ///
    /// "Configuring remote session" or the logon lasts for ever.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and NLA is never answered: the host's security authority (LSASS) or the server program
    /// hangs, or is overloaded.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host restarts it.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5.
    pub static CAUSE = {
        id: "authenticate.service-stuck",
        family: "termservice-down",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The security service on the host is stuck",
        prior: -7,
        clues: &[
            clues::SILENT_AT_LOGON,
            clues::TAKEN,
            clues::SERVICE_TIMED_OUT,
            clues::STOPPED_COMING,
        ],
        asks: &[&asks::LOAD, &asks::SERVICE, &asks::CONTROLLERS],
        remedies: &["server.restart-service", "server.restart-host"],
    };
}
