//! The remedy `server.exempt-security-software`.

use crate::prescription::*;

remedy! {
    /// Make an exception for Remote Desktop in the host's security software.
    ///
    /// # How
    ///
    /// Add the Remote Desktop service and its port in the product, after its log has shown that it cut the
    /// connection.
    ///
    /// # What may go wrong
    ///
    /// An exception that is too wide protects less.
    pub static REMEDY = {
        id: "server.exempt-security-software",
        side: Side::Server,
        title: "Make an exception for Remote Desktop in the host's security software",
        risk: Risk::Medium,
        draft: |_| ask(
            Machine::Server,
            "In the host's security software: make an exception for the Remote Desktop service (svchost.exe with TermService) and its port, after its log has shown that it cut the connection.",
            "Each product has its own place for exceptions.",
        ),
    };
}
