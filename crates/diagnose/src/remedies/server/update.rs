//! The remedy `server.update`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Update the server.
    ///
    /// # How
    ///
    /// Install the current updates of the system or server program; note the version that was there.
    pub static REMEDY = {
        id: "server.update",
        side: Side::Server,
        title: "Update the server",
        risk: Risk::Medium,
    };
}
