//! The cause `session.answer-denied`.

use crate::prelude::*;

cause! {
    /// The server program denies the connection in its own words.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7, or "the server denied the connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server sent the denial after the settings. Server programs of other makes do that when something of
    /// their own is missing; Windows hosts hardly do.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server reads its log.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_SERVER_DENIED_CONNECTION).
    pub static CAUSE = {
        id: "session.answer-denied",
        family: "server-app-misconfig",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server program denies the connection in its own words",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["SERVER_DENIED_CONNECTION"]),
            },
        ],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.complete-setup", "server.accept-logons"],
        topics: &[Topic::ServerDenied],
    };
}
