//! The remedy `server.rebind-certificate`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Bind a certificate that the listener can use.
    ///
    /// # How
    ///
    /// Note the present thumbprint (SSLCertificateSHA1Hash of the listener). Set the thumbprint of a certificate
    /// with an RSA key, server authentication and a key that the service may read, or remove the value to go
    /// back to the automatic one. Restart the service.
    pub static REMEDY = {
        id: "server.rebind-certificate",
        side: Side::Server,
        title: "Bind a certificate that the listener can use",
        risk: Risk::Medium,
    };
}
