//! The remedy `server.allow-in-firewall`.

use crate::prescription::*;

remedy! {
    /// Allow Remote Desktop in the host's firewall.
    ///
    /// # How
    ///
    /// Windows: Enable-NetFirewallRule -Name RemoteDesktop-UserMode-In-TCP, RemoteDesktop-UserMode-In-UDP
    /// (names, unlike titles, are the same in every language). Limit the rule to the networks that need it.
    /// Linux: allow the port in the firewall in use.
    pub static REMEDY = {
        id: "server.allow-in-firewall",
        side: Side::Server,
        title: "Allow Remote Desktop in the host's firewall",
        risk: Risk::Low,
        draft: |case| Draft::Steps(let_in(case, case.listener_port().unwrap_or(case.target().port))),
    };
}
