//! The remedy `server.configure-licensing`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Server,
            "Note the present mode and licence server (RD Licensing Diagnoser). Set both by policy (Licensing: Use the specified Remote Desktop license servers; Set the licensing mode) or in Server Manager, and see that the licence server is activated and has licences left. Until then mstsc /admin gives administrators a way in.",
            "A session host lets nobody in without licences once its days of grace are over.",
        ),
    };
}
