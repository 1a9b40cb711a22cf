//! The remedy `server.free-port`.

use crate::prescription::*;

remedy! {
    /// Move the other program off the port.
    ///
    /// # How
    ///
    /// netstat -ano (Linux: ss -ltnp) names the program. Give it another port, then restart the Remote Desktop
    /// service.
    pub static REMEDY = {
        id: "server.free-port",
        side: Side::Server,
        title: "Move the other program off the port",
        risk: Risk::Medium,
        draft: |case| {
            let (who, service) = if case.windows() { ("netstat -ano", "TermService") } else { ("ss -ltnp", "xrdp") };
            ask(
                Machine::Server,
                format!("Find the program on port {} ({who}), give it another port, then restart {service}.", case.target().port),
                "Two programs cannot listen on one port.",
            )
        },
    };
}
