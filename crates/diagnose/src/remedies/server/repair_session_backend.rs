//! The remedy `server.repair-session-backend`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Repair what draws the session.
    ///
    /// # How
    ///
    /// Look in the log of the session manager (xrdp-sesman.log, event log of
    /// TerminalServices-LocalSessionManager) which part failed: desktop, display driver, audio. Update or
    /// reinstall that part.
    pub static REMEDY = {
        id: "server.repair-session-backend",
        side: Side::Server,
        title: "Repair what draws the session",
        risk: Risk::Medium,
    };
}
