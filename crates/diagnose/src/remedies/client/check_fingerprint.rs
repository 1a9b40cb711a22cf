//! The remedy `client.check-fingerprint`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Compare the certificate's fingerprint with the server's before going on.
    ///
    /// # How
    ///
    /// Ask the administrator of the server for the fingerprint over another way (telephone), and compare it with
    /// the one in the warning.
    pub static REMEDY = {
        id: "client.check-fingerprint",
        side: Side::Client,
        title: "Compare the certificate's fingerprint with the server's before going on",
        risk: Risk::Low,
    };
}
