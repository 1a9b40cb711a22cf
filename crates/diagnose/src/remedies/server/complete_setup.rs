//! The remedy `server.complete-setup`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "gnome-remote-desktop: grdctl status; without user name and password, grdctl rdp set-credentials. FreeRDP's server: give it a SAM file (/sam-file). Then restart it.",
            "The program runs and cannot let anybody in yet.",
        ),
    };
}
