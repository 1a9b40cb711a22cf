//! The remedy `server.allow-old-tls`.

use crate::prescription::*;

remedy! {
    /// Accept an old TLS version from old clients, for a while.
    ///
    /// # How
    ///
    /// Only where the client cannot be updated, for one host, inside a trusted network, with an end date.
    pub static REMEDY = {
        id: "server.allow-old-tls",
        side: Side::Server,
        title: "Accept an old TLS version from old clients, for a while",
        risk: Risk::Medium,
        weakens: Some("TLS 1.0 and 1.1 can be attacked on the way."),
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    xrdp(case, "ssl_protocols", Some("TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"), "Clients that know nothing newer get in again."),
                    restart_server(case),
                ]);
            }
            let why = "Clients that know nothing newer get in again.";
            let mut steps = schannel_on("TLS 1.0", why);
            steps.extend(schannel_on("TLS 1.1", why));
            steps.push(restart_windows("Windows reads the versions of TLS when it starts."));
            Draft::Steps(steps)
        },
    };
}
