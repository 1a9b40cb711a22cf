//! The remedy `server.match-security-layer`.

use crate::prescription::*;

remedy! {
    /// Let the server accept what its clients can offer.
    ///
    /// # How
    ///
    /// Windows: SecurityLayer = 1 (negotiate) on the listener or in policy; xrdp: security_layer=negotiate. Note
    /// the present values.
    pub static REMEDY = {
        id: "server.match-security-layer",
        side: Side::Server,
        title: "Let the server accept what its clients can offer",
        risk: Risk::Medium,
        weakens: Some("Clients without NLA or TLS get in again; the strongest protection is no longer enforced."),
        draft: |case| {
            let mut steps = if case.windows() {
                local_and_policy(LISTENER, "SecurityLayer", 1, "The listener agrees with each client on what both can do.")
            } else {
                vec![xrdp(case, "security_layer", Some("negotiate"), "xrdp agrees with each client on what both can do.")]
            };
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
