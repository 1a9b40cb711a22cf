//! The cause `tcp.connects-to-itself`.

use crate::prelude::*;

cause! {
    /// The client is told to connect to the machine it runs on.
    ///
    /// # What the user sees
    ///
    /// "Your computer could not connect to another console session on the remote computer because you already
    /// have a console session in progress" (0x708).
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name or address leads back to the machine itself. Windows does not open a Remote Desktop session to
    /// its own console.
    ///
    /// # Who mends it, and how
    ///
    /// The user gives the name of the other machine; behind a local forwarding, another port than 3389 or
    /// another address than 127.0.0.1.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: IMsTscAxEvents::OnDisconnected.
    pub static CAUSE = {
        id: "tcp.connects-to-itself",
        family: "client-config",
        phase: Phase::Tcp,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client is told to connect to the machine it runs on",
        prior: -6,
        clues: &[
        ],
        remedies: &["client.use-right-name"],
        topics: &[Topic::SelfConnect],
    };
}
