//! The remedy `server.restore-port`.

use crate::prescription::*;

remedy! {
    /// Put the Remote Desktop port back, or tell the users the new one.
    ///
    /// # How
    ///
    /// The value PortNumber of the RDP-Tcp listener in the registry; save the key first. The firewall rule must
    /// name the same port. Restart the service.
    pub static REMEDY = {
        id: "server.restore-port",
        side: Side::Server,
        title: "Put the Remote Desktop port back, or tell the users the new one",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    xrdp(case, "port", Some("3389"), "xrdp listens on the usual port."),
                    restart_server(case),
                ]);
            }
            let mut steps = vec![set(
                registry(LISTENER, "PortNumber"),
                dword(u32::from(model::target::RDP_PORT)),
                "The listener is on the usual port again. Whoever uses the other one has to be told.",
            )];
            steps.extend(let_in(case, model::target::RDP_PORT));
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
