//! The remedy `server.restart-service`.

use crate::prescription::*;

remedy! {
    /// Restart the Remote Desktop service.
    ///
    /// # How
    ///
    /// Windows: Restart-Service TermService -Force. Linux: systemctl restart xrdp xrdp-sesman. If the service
    /// cannot be stopped, restart the host.
    ///
    /// # What may go wrong
    ///
    /// Open sessions are disconnected; on Windows they can be taken up again.
    pub static REMEDY = {
        id: "server.restart-service",
        side: Side::Server,
        title: "Restart the Remote Desktop service",
        risk: Risk::Medium,
        reversible: false,
        draft: |case| Draft::Steps(vec![restart_server(case)]),
    };
}
