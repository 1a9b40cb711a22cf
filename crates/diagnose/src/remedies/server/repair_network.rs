//! The remedy `server.repair-network`.

use crate::prescription::*;

remedy! {
    /// Repair the host's network settings.
    ///
    /// # How
    ///
    /// At the console: is the adapter enabled and connected, has it an address by DHCP or the right one by hand,
    /// is the gateway right? Write the present values down first (ipconfig /all).
    ///
    /// # What may go wrong
    ///
    /// A wrong change cuts off whoever works remotely: do it at the console.
    pub static REMEDY = {
        id: "server.repair-network",
        side: Side::Server,
        title: "Repair the host's network settings",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Server,
            "At the console: is the adapter on and connected, has it an address by DHCP or the right one by hand, is the gateway right? Write the present values down first (ipconfig /all; ip addr, ip route).",
            "A wrong change cuts off whoever works remotely.",
        ),
    };
}
