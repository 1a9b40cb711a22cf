//! The remedy `server.free-port`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Move the other program off the port.
    ///
    /// # How
    ///
    /// netstat -ano (Linux: ss -ltnp) names the program. Give it another port, then restart the Remote Desktop
    /// service.
    pub static REMEDY = {
        id: "server.free-port",
        side: Side::Server,
        title: "Move the other program off the port",
        risk: Risk::Medium,
    };
}
