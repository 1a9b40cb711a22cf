//! The remedy `server.wake`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
