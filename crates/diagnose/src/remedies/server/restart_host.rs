//! The remedy `server.restart-host`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
