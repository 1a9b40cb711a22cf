//! The cause `session.replaced`.

use crate::prelude::*;

cause! {
    /// Another connection took the session over.
    ///
    /// # What the user sees
    ///
    /// "Your remote session has ended because another user connected to this computer."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so, or the host logged event 39 with the number of the other session. The same account
    /// was used elsewhere, or somebody signed in at the console: Windows that is no server has one desktop.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody: whoever connects last has it. Two people need two accounts, and a host that allows both.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_DISCONNECTED_BY_OTHERCONNECTION).
    pub static CAUSE = {
        id: "session.replaced",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Note,
        title: "Another connection took the session over",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["DISCONNECTED_BY_OTHERCONNECTION"]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: another session disconnected it",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-LocalSessionManager", 39)]),
            },
            logged!("its log", Strong, "GUACD_REPLACED"),
        ],
        topics: &[Topic::SessionReplaced],
        asks: &[&asks::SESSIONS],
        remedies: &["server.log-off-sessions", "server.several-sessions-per-user"],
    };
}
