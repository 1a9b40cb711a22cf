//! The remedy `gateway.renew-certificate`.

use crate::cause::Side;
use crate::remedy::{BLANK, Remedy, Risk, remedy};

remedy! {
    /// Give the gateway a certificate for its public name from a trusted authority.
    ///
    /// # How
    ///
    /// RD Gateway Manager, Properties, SSL Certificate. Keep the old one until clients were seen to accept the
    /// new one.
    pub static REMEDY = {
        id: "gateway.renew-certificate",
        side: Side::Gateway,
        title: "Give the gateway a certificate for its public name from a trusted authority",
        risk: Risk::Medium,
    };
}
