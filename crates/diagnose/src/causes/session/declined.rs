//! The cause `session.declined`.

use crate::prelude::*;

cause! {
    /// Somebody else has the session and does not give it up.
    ///
    /// # What the user sees
    ///
    /// "Another user is signed in. If you continue, they will be disconnected" and then a refusal.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host logged that the user who is signed in declined. A Windows that is no server has one desktop;
    /// the other user keeps it.
    ///
    /// # Who mends it, and how
    ///
    /// The other user signs out, or an administrator ends that session.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: RemoteConnectionManager event 1151; [MS-RDPBCGR] 2.2.10.1.1.4.1.1.
    pub static CAUSE = {
        id: "session.declined",
        family: "connection-limit",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Somebody else has the session and does not give it up",
        prior: -7,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: the user who is signed in declined",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1151)]),
            },
        ],
        topics: &[Topic::SessionContention],
        asks: &[&asks::SESSIONS],
        remedies: &["server.log-off-sessions"],
    };
}
