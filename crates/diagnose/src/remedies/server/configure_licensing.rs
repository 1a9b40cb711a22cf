//! The remedy `server.configure-licensing`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Configure licensing on the session host.
    ///
    /// # How
    ///
    /// Note the present mode and licence server (RD Licensing Diagnoser). Set both by policy or Server Manager,
    /// and see that the licence server is activated and has licences. Until then, mstsc /admin gives
    /// administrators a way in.
    pub static REMEDY = {
        id: "server.configure-licensing",
        side: Side::Server,
        title: "Configure licensing on the session host",
        risk: Risk::Medium,
    };
}
