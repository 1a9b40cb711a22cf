//! The remedy `server.enable-tls`.

use crate::prescription::*;

remedy! {
    /// Let the server offer TLS.
    ///
    /// # How
    ///
    /// xrdp: security_layer=negotiate or tls, with a certificate and key that its account may read. Windows:
    /// SecurityLayer = 2, or the policy "Require use of specific security layer" set to SSL. FreeRDP's server:
    /// without /sec:rdp. Restart the server.
    pub static REMEDY = {
        id: "server.enable-tls",
        side: Side::Server,
        title: "Let the server offer TLS",
        risk: Risk::Low,
        draft: |case| {
            let mut steps = if case.windows() {
                local_and_policy(LISTENER, "SecurityLayer", 2, "The listener offers TLS.")
            } else {
                vec![xrdp(case, "security_layer", Some("negotiate"), "xrdp offers TLS to those who ask for it.")]
            };
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
