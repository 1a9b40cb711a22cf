//! The remedy `server.sync-clock`.

use crate::prescription::*;

remedy! {
    /// Set the host's clock right.
    ///
    /// # How
    ///
    /// Windows: w32tm /resync; in a domain the controllers' clock counts. Virtual machines: let one source alone
    /// set the clock. Linux: timedatectl set-ntp true.
    pub static REMEDY = {
        id: "server.sync-clock",
        side: Side::Server,
        title: "Set the host's clock right",
        risk: Risk::Low,
        draft: |_| Draft::Steps(vec![
            act(Machine::Server, Action::SyncClock, "Kerberos and certificates need clocks that agree to within minutes."),
            person(
                Machine::Server,
                "If it is a virtual machine and goes wrong again: let one source alone set its clock, the hypervisor or the domain.",
                "Two sources pull it to and fro.",
            ),
        ]),
    };
}
