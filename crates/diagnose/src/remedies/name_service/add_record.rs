//! The remedy `name-service.add-record`.

use crate::prescription::*;

remedy! {
    /// Add the address record of the host.
    ///
    /// # How
    ///
    /// On a domain member, ipconfig /registerdns lets the host do it itself; otherwise add the A and AAAA
    /// records by hand.
    pub static REMEDY = {
        id: "name-service.add-record",
        side: Side::NameService,
        title: "Add the address record of the host",
        risk: Risk::Low,
        draft: |_| Draft::Steps(vec![
            act(Machine::Server, Action::RegisterNames, "A member of a domain enters its own addresses."),
            person(
                Machine::NameServer,
                "If the record does not appear: add the A and AAAA records of the host by hand.",
                "Hosts outside the domain cannot enter themselves.",
            ),
        ]),
    };
}
