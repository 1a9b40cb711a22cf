//! The remedy `server.restore-listener`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Restore the Remote Desktop listener.
    ///
    /// # How
    ///
    /// Export the key WinStations on the broken host, then import the key RDP-Tcp from a healthy host of the
    /// same Windows version. Replace a patched termsrv.dll by the system's own (sfc /scannow). Restart the
    /// service.
    ///
    /// # What may go wrong
    ///
    /// Without the export there is no way back.
    pub static REMEDY = {
        id: "server.restore-listener",
        side: Side::Server,
        title: "Restore the Remote Desktop listener",
        risk: Risk::High,
    };
}
