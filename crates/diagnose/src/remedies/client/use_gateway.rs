//! The remedy `client.use-gateway`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Enter the gateway as gateway, and the host as host.
    ///
    /// # How
    ///
    /// In mstsc: Show Options, Advanced, Settings under "Connect from anywhere". The name of the gateway goes
    /// there, the name of the host stays on the first page.
    pub static REMEDY = {
        id: "client.use-gateway",
        side: Side::Client,
        title: "Enter the gateway as gateway, and the host as host",
        risk: Risk::Low,
    };
}
