//! The remedy `server.start-service`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Start the Remote Desktop service.
    ///
    /// # How
    ///
    /// Windows: Start-Service TermService; set its start type to Manual or Automatic if it was Disabled, after
    /// noting it. Linux: systemctl enable --now xrdp. Then look in the log why it had stopped.
    pub static REMEDY = {
        id: "server.start-service",
        side: Side::Server,
        title: "Start the Remote Desktop service",
        risk: Risk::Low,
    };
}
