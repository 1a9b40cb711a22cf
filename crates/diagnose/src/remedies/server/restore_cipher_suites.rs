//! The remedy `server.restore-cipher-suites`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Restore the default cipher suites.
    ///
    /// # How
    ///
    /// Export the policy "SSL Cipher Suite Order" and the SCHANNEL key, then set the policy to Not configured.
    /// Compare with a healthy host of the same version. Linux: remove a tls_ciphers line that is too strict or
    /// too old.
    pub static REMEDY = {
        id: "server.restore-cipher-suites",
        side: Side::Server,
        title: "Restore the default cipher suites",
        risk: Risk::Medium,
    };
}
