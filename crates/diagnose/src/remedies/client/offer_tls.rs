//! The remedy `client.offer-tls`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Let the client offer TLS.
    ///
    /// # How
    ///
    /// FreeRDP: remove /sec:rdp or /sec:nla, so that all are offered. Relays and web clients: security mode
    /// "any" or "TLS".
    pub static REMEDY = {
        id: "client.offer-tls",
        side: Side::Client,
        title: "Let the client offer TLS",
        risk: Risk::Low,
    };
}
