//! The cause `session.host-goes-down`.

use crate::prelude::*;

cause! {
    /// The host is shutting down or restarting.
    ///
    /// # What the user sees
    ///
    /// "The remote computer is restarting" or a session that ends for everybody at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so before it closed. A crash says nothing.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody: it comes back, or the administrator of the host switches it on.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_SERVER_SHUTDOWN, ERRINFO_SERVER_REBOOT).
    pub static CAUSE = {
        id: "session.host-goes-down",
        family: "host-unhealthy",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Note,
        title: "The host is shutting down or restarting",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["SERVER_SHUTDOWN", "SERVER_REBOOT"]),
            },
        ],
        topics: &[Topic::ServerRestart],
        asks: &[&asks::AGAIN, &asks::CONSOLE],
        remedies: &["server.wake"],
    };
}
