//! The cause `secure.revocation-unknown`.

use crate::prelude::*;

cause! {
    /// This machine cannot find out whether the certificate was revoked.
    ///
    /// # What the user sees
    ///
    /// "A revocation check could not be performed for the certificate."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The certificate itself is in order. The client could not fetch the list of revocations or ask the
    /// authority: the address in the certificate leads into a network that this machine does not reach, often
    /// from outside a company.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the authority publishes the list where clients can reach it; a user brings up the VPN.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 4.2.1.13; Microsoft Learn: certificate revocation and RD Gateway.
    pub static CAUSE = {
        id: "secure.revocation-unknown",
        family: "route-or-vpn-down",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "This machine cannot find out whether the certificate was revoked",
        prior: -6,
        clues: &[
        ],
        topics: &[Topic::Revocation],
        asks: &[&asks::VPN, &asks::CERTIFICATE_STORE],
        remedies: &["client.bring-up-vpn", "server.renew-certificate"],
    };
}
