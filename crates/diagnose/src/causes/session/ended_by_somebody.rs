//! The cause `session.ended-by-somebody`.

use crate::prelude::*;

cause! {
    /// Somebody or a rule ended the session in good order.
    ///
    /// # What the user sees
    ///
    /// "Your Remote Desktop session has ended", with a reason.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said goodbye with a reason: an administrator, another connection of the same user, an idle or
    /// time limit, a restart.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody, or whoever set the limit.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1.
    pub static CAUSE = {
        id: "session.ended-by-somebody",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Note,
        title: "Somebody or a rule ended the session in good order",
        prior: -6,
        clues: &[
        ],
        asks: &[&asks::SESSIONS],
        remedies: &["server.log-off-sessions", "server.several-sessions-per-user"],
        topics: &[Topic::AdminAction, Topic::SessionReplaced, Topic::IdleLimit, Topic::SessionLimit, Topic::ServerRestart],
    };
}
