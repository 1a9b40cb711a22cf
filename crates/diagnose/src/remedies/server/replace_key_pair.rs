//! The remedy `server.replace-key-pair`.

use crate::prescription::*;

remedy! {
    /// Give the server program a key and a certificate that belong together.
    ///
    /// # How
    ///
    /// Compare both: openssl x509 -noout -pubkey -in CERT and openssl pkey -pubout -in KEY must print the same.
    /// Keep copies of the old files, make a new pair (2048 bits or more), and restart the server program.
    pub static REMEDY = {
        id: "server.replace-key-pair",
        side: Side::Server,
        title: "Give the server program a key and a certificate that belong together",
        risk: Risk::Low,
        draft: |case| Draft::Steps(if case.windows() {
            make_windows_certificate_again(case)
        } else {
            new_key_pair(case)
        }),
    };
}
