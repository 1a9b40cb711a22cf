//! The remedy `server.match-security-layer`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the server accept what its clients can offer.
    ///
    /// # How
    ///
    /// Windows: SecurityLayer = 1 (negotiate) on the listener or in policy; xrdp: security_layer=negotiate. Note
    /// the present values.
    pub static REMEDY = {
        id: "server.match-security-layer",
        side: Side::Server,
        title: "Let the server accept what its clients can offer",
        risk: Risk::Medium,
        weakens: Some("Clients without NLA or TLS get in again; the strongest protection is no longer enforced."),
    };
}
