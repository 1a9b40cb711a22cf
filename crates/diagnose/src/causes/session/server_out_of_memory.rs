//! The cause `session.server-out-of-memory`.

use crate::prelude::*;

cause! {
    /// The host has no room for another session.
    ///
    /// # What the user sees
    ///
    /// "The remote computer is low on memory", or a session that dies at the start.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so, or its log does.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_OUT_OF_MEMORY).
    pub static CAUSE = {
        id: "session.server-out-of-memory",
        family: "host-unhealthy",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host has no room for another session",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["OUT_OF_MEMORY"]),
            },
        ],
        asks: &[&asks::LOAD],
        remedies: &["server.relieve", "server.restart-host"],
        topics: &[Topic::ServerResources, Topic::ServerCrash],
    };
}
