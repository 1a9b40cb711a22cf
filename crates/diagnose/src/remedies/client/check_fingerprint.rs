//! The remedy `client.check-fingerprint`.

use crate::prescription::*;

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
        draft: |case| {
            let shown = case.certificate().map_or_else(
                || "the one in the warning".to_owned(),
                |certificate| format!("{} (SHA-256), {} (SHA-1)", certificate.sha256, certificate.sha1),
            );
            ask(
                Machine::Client,
                format!("Ask the administrator of the host by telephone for the fingerprint of its certificate, and compare it with {shown}. Go on only when both are the same."),
                "A certificate that changed may be new, or another machine may have stepped between.",
            )
        },
    };
}
