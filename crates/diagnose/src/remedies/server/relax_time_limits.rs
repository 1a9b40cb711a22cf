//! The remedy `server.relax-time-limits`.

use crate::prescription::*;

remedy! {
    /// Change the time limits of sessions.
    ///
    /// # How
    ///
    /// In the policy "Session Time Limits" of the host or the farm: idle, active and disconnected sessions each
    /// have one. gpresult tells which policy wins. Limits free memory and licences: raise them rather than
    /// taking them away.
    pub static REMEDY = {
        id: "server.relax-time-limits",
        side: Side::Server,
        title: "Change the time limits of sessions",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Server,
            "See with gpresult which policy sets the time limits of sessions, note the present values, and raise the one that ended the session.",
            "Sessions last as long as they are needed.",
        ),
    };
}
