//! The remedy `server.exempt-security-software`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

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
    };
}
