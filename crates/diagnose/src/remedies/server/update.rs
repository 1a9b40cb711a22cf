//! The remedy `server.update`.

use crate::prescription::*;

remedy! {
    /// Update the server.
    ///
    /// # How
    ///
    /// Install the current updates of the system or server program; note the version that was there.
    pub static REMEDY = {
        id: "server.update",
        side: Side::Server,
        title: "Update the server",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Server,
            "Note the version that is there, then install the current updates of the system or server program.",
            "The fault is in the version that is installed.",
        ),
    };
}
