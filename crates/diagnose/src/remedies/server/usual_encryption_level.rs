//! The remedy `server.usual-encryption-level`.

use crate::prescription::*;

remedy! {
    /// Ask for the usual level of encryption.
    ///
    /// # How
    ///
    /// MinEncryptionLevel = 2 (client compatible) on the listener or in policy; 4 is FIPS, which many clients
    /// cannot meet. It counts for RDP's own security; with TLS the suites decide.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.3.2; Microsoft Learn: Win32_TSGeneralSetting.
    pub static REMEDY = {
        id: "server.usual-encryption-level",
        side: Side::Server,
        title: "Ask for the usual level of encryption",
        risk: Risk::Medium,
        weakens: Some("Clients with weaker encryption get in again."),
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    xrdp(case, "crypt_level", Some("high"), "The level xrdp is delivered with."),
                    restart_server(case),
                ]);
            }
            let mut steps = local_and_policy(LISTENER, "MinEncryptionLevel", 2, "The strongest encryption that the client knows is used, instead of one it may not know.");
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
