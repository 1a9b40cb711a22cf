//! The remedy `server.enable-tls-versions`.

use crate::prescription::*;

remedy! {
    /// Enable TLS 1.2 and newer on the server.
    ///
    /// # How
    ///
    /// Windows: remove the values that disable them under SCHANNEL\Protocols, after exporting the key; Windows
    /// Server 2008 R2 needs its update for TLS 1.2 in Remote Desktop. xrdp: ssl_protocols=TLSv1.2, TLSv1.3.
    pub static REMEDY = {
        id: "server.enable-tls-versions",
        side: Side::Server,
        title: "Enable TLS 1.2 and newer on the server",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    xrdp(case, "ssl_protocols", Some("TLSv1.2, TLSv1.3"), "xrdp speaks the versions that clients of today speak."),
                    restart_server(case),
                ]);
            }
            let mut steps = schannel_default("TLS 1.2");
            steps.extend(schannel_default("TLS 1.3"));
            steps.push(restart_windows("Windows reads the versions of TLS when it starts. Windows Server 2008 R2 needs KB3080079 as well."));
            Draft::Steps(steps)
        },
    };
}
