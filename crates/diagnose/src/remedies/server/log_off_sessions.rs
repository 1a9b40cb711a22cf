//! The remedy `server.log-off-sessions`.

use crate::prescription::*;

remedy! {
    /// Log off sessions nobody uses.
    ///
    /// # How
    ///
    /// qwinsta shows them, logoff ID ends one. Ask the owners first.
    ///
    /// # What may go wrong
    ///
    /// Unsaved work in the session is lost.
    pub static REMEDY = {
        id: "server.log-off-sessions",
        side: Side::Server,
        title: "Log off sessions nobody uses",
        risk: Risk::Medium,
        reversible: false,
        draft: |_| ask(
            Machine::Server,
            "qwinsta shows the sessions (Linux: loginctl list-sessions). Ask the owners, then logoff ID (loginctl terminate-session ID). What was not saved in a session is lost.",
            "Sessions that nobody uses fill the places.",
        ),
    };
}
