//! The remedy `client.use-other-program`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
