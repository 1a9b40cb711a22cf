//! The remedy `server.wake`.

use crate::prescription::*;

remedy! {
    /// Switch the host on, or wake it.
    ///
    /// # How
    ///
    /// By its power button, its management controller, the hypervisor or the cloud portal. Then keep it from
    /// sleeping (powercfg /change standby-timeout-ac 0), after noting the present value.
    pub static REMEDY = {
        id: "server.wake",
        side: Side::Server,
        title: "Switch the host on, or wake it",
        risk: Risk::Low,
        draft: |case| {
            let host = if case.host().is_empty() { "NAME" } else { case.host() };
            ask(
                Machine::Server,
                format!("Switch the host on: power button or management controller; Hyper-V: Start-VM; VMware: govc vm.power -on; Azure: az vm start -g GROUP -n {host}. Then keep it from sleeping: powercfg /change standby-timeout-ac 0, after noting the present value (powercfg /query)."),
                "Nothing answers for it on the network.",
            )
        },
    };
}
