//! The remedy `client.trust-certificate`.

use crate::prescription::*;

remedy! {
    /// Let this machine trust the issuer of the server's certificate.
    ///
    /// # How
    ///
    /// Put the issuing authority's certificate, got over a trusted way, into the computer's store of trusted
    /// root authorities, by policy for all machines.
    ///
    /// # What may go wrong
    ///
    /// Trust the authority, not a certificate that just appeared in a warning.
    pub static REMEDY = {
        id: "client.trust-certificate",
        side: Side::Client,
        title: "Let this machine trust the issuer of the server's certificate",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            "Get the certificate of the issuing authority over a trusted way, and put it into the computer's store of trusted root authorities (certlm.msc, or by policy for all machines).",
            "Trust the authority, never a certificate that just appeared in a warning.",
        ),
    };
}
