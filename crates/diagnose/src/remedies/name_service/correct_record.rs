//! The remedy `name-service.correct-record`.

use crate::prescription::*;

remedy! {
    /// Correct the address record of the name.
    ///
    /// # How
    ///
    /// Compare the record with the host's address (ipconfig), change it, and wait for its lifetime or flush the
    /// caches. Scavenging keeps old records from coming back.
    pub static REMEDY = {
        id: "name-service.correct-record",
        side: Side::NameService,
        title: "Correct the address record of the name",
        risk: Risk::Low,
        draft: |_| Draft::Steps(vec![
            act(Machine::Server, Action::RegisterNames, "A member of a domain corrects its own record."),
            act(Machine::Client, Action::ForgetNames, "The old answer is forgotten here."),
            person(
                Machine::NameServer,
                "If the old address stays: write the record down, change it to the address of the host (ipconfig), and switch scavenging on for the zone.",
                "Old records come back until scavenging removes them.",
            ),
        ]),
    };
}
