//! The remedy `gateway.renew-certificate`.

use crate::prescription::*;

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
        draft: |_| ask(
            Machine::Gateway,
            "Get a certificate for the public name of the gateway from a trusted authority, and choose it in RD Gateway Manager, Properties, SSL Certificate. Keep the old one until clients were seen to accept the new one.",
            "Clients check it before anything else, and a gateway cannot be accepted with a click.",
        ),
    };
}
