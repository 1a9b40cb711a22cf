//! The remedy `client.allow-local-network`.

use crate::prescription::*;

remedy! {
    /// Allow the program to use the network.
    ///
    /// # How
    ///
    /// macOS: System Settings, Privacy and Security, Local Network: switch the program on. Windows and Linux:
    /// allow the program in the firewall of this machine.
    pub static REMEDY = {
        id: "client.allow-local-network",
        side: Side::Client,
        title: "Allow the program to use the network",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Allow the program that connects to use the local network (macOS: System Settings, Privacy and Security, Local Network).",
            "Only the person at this machine can give a program that permission.",
        ),
    };
}
