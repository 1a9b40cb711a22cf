//! The remedy `server.log-off-sessions`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
