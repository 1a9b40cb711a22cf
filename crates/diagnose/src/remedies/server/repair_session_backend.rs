//! The remedy `server.repair-session-backend`.

use crate::prescription::*;

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
        draft: |case| {
            let mut steps = Vec::new();
            if !case.windows() {
                steps.push(running("xrdp-sesman", "The session manager runs; xrdp asks it for every session."));
            }
            steps.push(person(
                Machine::Server,
                "Look in the log of the session manager (xrdp-sesman.log, ~/.xorgxrdp.*.log; event log TerminalServices-LocalSessionManager) which part failed: desktop, display driver, audio. Update or reinstall that part.",
                "The connection is good up to there.",
            ));
            Draft::Steps(steps)
        },
    };
}
