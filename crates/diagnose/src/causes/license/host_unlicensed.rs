//! The cause `license.host-unlicensed`.

use crate::prelude::*;

cause! {
    /// The host is not licensed to accept remote connections.
    ///
    /// # What the user sees
    ///
    /// The connection ends in the licensing exchange, for everybody.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with the reason LICENSE_NO_REMOTE_CONNECTIONS. Licences of clients are another
    /// matter: those are missing for one client at a time.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host activates it, or moves the role to an edition that has it.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_LICENSE_NO_REMOTE_CONNECTIONS).
    pub static CAUSE = {
        id: "license.host-unlicensed",
        family: "rds-license-missing",
        phase: Phase::License,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is not licensed to accept remote connections",
        prior: -9,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["LICENSE_NO_REMOTE_CONNECTIONS"]),
            },
        ],
        topics: &[Topic::LicenseHost],
        asks: &[&asks::LICENSING, &asks::SERVER_LOG],
        remedies: &["server.configure-licensing"],
    };
}
