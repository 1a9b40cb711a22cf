//! The remedy `network.exempt-from-inspection`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
