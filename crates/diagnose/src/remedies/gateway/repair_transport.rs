//! The remedy `gateway.repair-transport`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Repair the gateway's web server or the proxy before it.
    ///
    /// # How
    ///
    /// The proxy must pass the methods RDG_IN_DATA and RDG_OUT_DATA and WebSocket upgrades under
    /// /remoteDesktopGateway/; the web server must have the gateway's module and NTLM or Negotiate for it.
    pub static REMEDY = {
        id: "gateway.repair-transport",
        side: Side::Gateway,
        title: "Repair the gateway's web server or the proxy before it",
        risk: Risk::Medium,
    };
}
