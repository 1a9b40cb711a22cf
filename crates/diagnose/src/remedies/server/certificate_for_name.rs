//! The remedy `server.certificate-for-name`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Give the host a certificate for the name that people use.
    ///
    /// # How
    ///
    /// Issue it for every name and alias in its subject alternative names, and bind it to the listener. Or let
    /// people use the name that the certificate already has.
    pub static REMEDY = {
        id: "server.certificate-for-name",
        side: Side::Server,
        title: "Give the host a certificate for the name that people use",
        risk: Risk::Low,
    };
}
