//! The remedy `client.use-other-program`.

use crate::prescription::*;

remedy! {
    /// Connect with the program that speaks the server's protocol.
    ///
    /// # How
    ///
    /// A VNC server needs a VNC client, an SSH server an SSH client.
    pub static REMEDY = {
        id: "client.use-other-program",
        side: Side::Client,
        title: "Connect with the program that speaks the server's protocol",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Connect with a program that speaks what the server speaks: a VNC client for VNC, an SSH client for SSH.",
            "What listens there is no Remote Desktop server.",
        ),
    };
}
