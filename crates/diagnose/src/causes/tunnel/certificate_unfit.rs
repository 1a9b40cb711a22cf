//! The cause `tunnel.certificate-unfit`.

use crate::prelude::*;

cause! {
    /// The RD Gateway's certificate does not fit.
    ///
    /// # What the user sees
    ///
    /// "This computer can't verify the identity of the RD Gateway"; there is no way to go on.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Clients are stricter with a gateway than with a host: its certificate must be trusted, in time and for
    /// the name that is entered.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the gateway.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Certificates for RD Gateway.
    pub static CAUSE = {
        id: "tunnel.certificate-unfit",
        family: "gateway-cert",
        phase: Phase::Tunnel,
        side: Side::Gateway,
        severity: Severity::Blocking,
        title: "The RD Gateway's certificate does not fit",
        prior: -5,
        clues: &[
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["gateway.renew-certificate"],
        topics: &[Topic::GatewayCertificate],
    };
}
