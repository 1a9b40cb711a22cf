//! The remedy `client.forget-license`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Remove the licence that this client has stored.
    ///
    /// # How
    ///
    /// Export the key HKLM\SOFTWARE\Microsoft\MSLicensing, delete its subkeys HardwareID and Store, and start
    /// mstsc once as administrator. FreeRDP: the folder licenses in its configuration.
    pub static REMEDY = {
        id: "client.forget-license",
        side: Side::Client,
        title: "Remove the licence that this client has stored",
        risk: Risk::Low,
    };
}
