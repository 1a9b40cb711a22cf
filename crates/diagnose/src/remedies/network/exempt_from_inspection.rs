//! The remedy `network.exempt-from-inspection`.

use crate::prescription::*;

remedy! {
    /// Exempt the connection from inspection.
    ///
    /// # How
    ///
    /// Make an exception for this host and port in the device that looks into connections, after its log has
    /// shown that it cut this one.
    ///
    /// # What may go wrong
    ///
    /// What is exempted is no longer inspected: name the host and the port.
    pub static REMEDY = {
        id: "network.exempt-from-inspection",
        side: Side::Network,
        title: "Exempt the connection from inspection",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Network,
            "On the device that looks into connections: exempt this host and its Remote Desktop port from inspection, after its log has shown that it cut this connection. Write the rule down that was there.",
            "The device reads TLS it does not understand, and cuts it.",
        ),
    };
}
