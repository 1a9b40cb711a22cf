//! The remedy `server.restart-host`.

use crate::prescription::*;

remedy! {
    /// Restart the host.
    ///
    /// # How
    ///
    /// From the console, the hypervisor or the cloud portal, after those who work on it were told. Save what the
    /// console shows first.
    ///
    /// # What may go wrong
    ///
    /// Unsaved work of everybody on the host is lost.
    pub static REMEDY = {
        id: "server.restart-host",
        side: Side::Server,
        title: "Restart the host",
        risk: Risk::Medium,
        reversible: false,
        draft: |_| ask(
            Machine::Server,
            "Restart the host from the console, the hypervisor (Restart-VM, govc vm.power -r) or the cloud portal (az vm restart), after those who work on it were told. Keep a picture of what the console shows.",
            "Nothing less reaches it.",
        ),
    };
}
