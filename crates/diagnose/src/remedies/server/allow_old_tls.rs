//! The remedy `server.allow-old-tls`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Accept an old TLS version from old clients, for a while.
    ///
    /// # How
    ///
    /// Only where the client cannot be updated, for one host, inside a trusted network, with an end date.
    pub static REMEDY = {
        id: "server.allow-old-tls",
        side: Side::Server,
        title: "Accept an old TLS version from old clients, for a while",
        risk: Risk::Medium,
        weakens: Some("TLS 1.0 and 1.1 can be attacked on the way."),
    };
}
