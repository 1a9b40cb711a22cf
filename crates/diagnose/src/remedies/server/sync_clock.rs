//! The remedy `server.sync-clock`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
