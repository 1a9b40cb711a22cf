//! The remedy `server.restore-cipher-suites`.

use crate::prescription::*;

remedy! {
    /// Restore the default cipher suites.
    ///
    /// # How
    ///
    /// Export the policy "SSL Cipher Suite Order" and the SCHANNEL key, then set the policy to Not configured.
    /// Compare with a healthy host of the same version. Linux: remove a tls_ciphers line that is too strict or
    /// too old.
    pub static REMEDY = {
        id: "server.restore-cipher-suites",
        side: Side::Server,
        title: "Restore the default cipher suites",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    xrdp(case, "tls_ciphers", None, "xrdp offers what OpenSSL offers by itself."),
                    restart_server(case),
                ]);
            }
            let list = |path: &str, why: &str| if_present(set(policy(path, "Functions"), Value::Absent, why));
            Draft::Steps(vec![
                list(
                    r"SOFTWARE\Policies\Microsoft\Cryptography\Configuration\SSL\00010002",
                    "The policy \"SSL Cipher Suite Order\" leaves nothing that both sides know; without it the list of Windows counts.",
                ),
                restart_windows("Windows reads the suites when it starts."),
            ])
        },
    };
}
