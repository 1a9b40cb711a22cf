//! The remedy `server.stronger-certificate`.

use crate::prescription::*;

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
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(new_key_pair(case));
            }
            if case.certificate().is_some_and(|certificate| certificate.self_signed) {
                return Draft::Steps(make_windows_certificate_again(case));
            }
            ask(
                Machine::Server,
                "Get a certificate with an RSA key of 2048 bits or more, signed with SHA-256, from your authority and bind it. Keep the old one until clients were seen to accept the new one.",
                "Clients refuse short keys and old signatures.",
            )
        },
    };
}
