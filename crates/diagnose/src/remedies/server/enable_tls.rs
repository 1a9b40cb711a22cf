//! The remedy `server.enable-tls`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the server offer TLS.
    ///
    /// # How
    ///
    /// xrdp: security_layer=negotiate or tls, with a certificate and key that its account may read. Windows:
    /// SecurityLayer = 2, or the policy "Require use of specific security layer" set to SSL. FreeRDP's server:
    /// without /sec:rdp. Restart the server.
    pub static REMEDY = {
        id: "server.enable-tls",
        side: Side::Server,
        title: "Let the server offer TLS",
        risk: Risk::Low,
    };
}
