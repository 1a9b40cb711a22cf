//! The remedy `server.restore-port`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Put the Remote Desktop port back, or tell the users the new one.
    ///
    /// # How
    ///
    /// The value PortNumber of the RDP-Tcp listener in the registry; save the key first. The firewall rule must
    /// name the same port. Restart the service.
    pub static REMEDY = {
        id: "server.restore-port",
        side: Side::Server,
        title: "Put the Remote Desktop port back, or tell the users the new one",
        risk: Risk::Medium,
    };
}
