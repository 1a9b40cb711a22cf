//! The remedy `server.complete-setup`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Complete the set-up of the server program.
    ///
    /// # How
    ///
    /// gnome-remote-desktop: grdctl status shows whether user name and password are set (grdctl rdp
    /// set-credentials). FreeRDP's server: give it a SAM file. Then restart it.
    pub static REMEDY = {
        id: "server.complete-setup",
        side: Side::Server,
        title: "Complete the set-up of the server program",
        risk: Risk::Low,
    };
}
