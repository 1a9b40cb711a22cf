//! The remedy `name-service.repair-server`.

use crate::prescription::*;

remedy! {
    /// Repair the name server.
    ///
    /// # How
    ///
    /// Look whether it runs, reaches its forwarders and root servers, and whether the zone is loaded; its own
    /// log says which.
    pub static REMEDY = {
        id: "name-service.repair-server",
        side: Side::NameService,
        title: "Repair the name server",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::NameServer,
            "See whether the name server runs, reaches its forwarders and has the zone loaded; its own log says which.",
            "Everybody who asks it waits or gets no answer.",
        ),
    };
}
