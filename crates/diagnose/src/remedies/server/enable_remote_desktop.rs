//! The remedy `server.enable-remote-desktop`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Switch Remote Desktop on.
    ///
    /// # How
    ///
    /// Settings, System, Remote Desktop; or fDenyTSConnections = 0, after noting its value. If a policy turns it
    /// off (gpresult shows which), change the policy. Home editions need another edition or another program.
    ///
    /// # What may go wrong
    ///
    /// Whoever can reach the port can now try to sign in.
    pub static REMEDY = {
        id: "server.enable-remote-desktop",
        side: Side::Server,
        title: "Switch Remote Desktop on",
        risk: Risk::Medium,
    };
}
