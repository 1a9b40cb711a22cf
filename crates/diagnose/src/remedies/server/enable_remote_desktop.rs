//! The remedy `server.enable-remote-desktop`.

use crate::prescription::*;

remedy! {
    /// Switch Remote Desktop on.
    ///
    /// # How
    ///
    /// Settings, System, Remote Desktop; or fDenyTSConnections = 0, after noting its value. If a policy turns it
    /// off (gpresult shows which), change the policy. Home editions need another edition or another program.
    ///
    /// # What may go wrong
    ///
    /// Whoever can reach the port can now try to sign in.
    pub static REMEDY = {
        id: "server.enable-remote-desktop",
        side: Side::Server,
        title: "Switch Remote Desktop on",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    with_system("xrdp", "xrdp starts with the system."),
                    running("xrdp", "xrdp runs."),
                ]);
            }
            let mut steps = local_and_policy(TERMINAL, "fDenyTSConnections", 0, "Remote Desktop accepts connections.");
            steps.extend(let_in(case, case.listener_port().unwrap_or(case.target().port)));
            steps.push(not_disabled("TermService", Start::Manual, "The service may start; Manual is how Windows is delivered."));
            steps.push(running("TermService", "The service runs."));
            Draft::Steps(steps)
        },
    };
}
