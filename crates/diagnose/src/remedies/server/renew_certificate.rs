//! The remedy `server.renew-certificate`.

use crate::prescription::*;

remedy! {
    /// Have the Remote Desktop certificate made again.
    ///
    /// # How
    ///
    /// Windows: export the certificate under Remote Desktop in certlm.msc, delete it there, then restart the
    /// service: it makes a new one. A certificate from an authority is renewed there and bound again. Linux:
    /// replace the files named in the server's settings.
    ///
    /// # What may go wrong
    ///
    /// Clients that remember the old certificate will ask once.
    pub static REMEDY = {
        id: "server.renew-certificate",
        side: Side::Server,
        title: "Have the Remote Desktop certificate made again",
        risk: Risk::Medium,
        draft: |case| Draft::Steps(if case.windows() {
            make_windows_certificate_again(case)
        } else {
            new_key_pair(case)
        }),
    };
}
