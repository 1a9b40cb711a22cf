//! The remedy `domain.sync-clocks`.

use crate::prescription::*;

remedy! {
    /// Bring all clocks of the domain together.
    ///
    /// # How
    ///
    /// The controller with the PDC role takes its time from a trusted source, all others from the domain: w32tm
    /// /query /source on each.
    pub static REMEDY = {
        id: "domain.sync-clocks",
        side: Side::Domain,
        title: "Bring all clocks of the domain together",
        risk: Risk::Low,
        draft: |_| Draft::Steps(vec![
            act(Machine::Client, Action::SyncClock, "The client takes its time from the domain."),
            act(Machine::Server, Action::SyncClock, "So does the host."),
            person(
                Machine::Controller,
                "On the controller with the PDC role: w32tm /query /source must name a trusted source; on all others, a controller.",
                "All clocks of a domain follow that one.",
            ),
        ]),
    };
}
