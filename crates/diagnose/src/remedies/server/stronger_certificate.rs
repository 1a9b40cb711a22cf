//! The remedy `server.stronger-certificate`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Replace the certificate by one with a strong key and signature.
    ///
    /// # How
    ///
    /// RSA with 2048 bits or more, signed with SHA-256. Keep the old one until clients were seen to accept the
    /// new one.
    pub static REMEDY = {
        id: "server.stronger-certificate",
        side: Side::Server,
        title: "Replace the certificate by one with a strong key and signature",
        risk: Risk::Medium,
    };
}
