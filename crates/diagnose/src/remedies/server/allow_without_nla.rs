//! The remedy `server.allow-without-nla`.

use crate::prescription::*;

remedy! {
    /// Accept connections without NLA, for a while.
    ///
    /// # How
    ///
    /// UserAuthentication = 0 on the listener, or the policy "Require user authentication by using NLA" off.
    /// Note the value and put it back once the client was replaced.
    pub static REMEDY = {
        id: "server.allow-without-nla",
        side: Side::Server,
        title: "Accept connections without NLA, for a while",
        risk: Risk::Medium,
        weakens: Some("The logon screen opens to everybody who reaches the port, before any password is asked."),
        draft: |case| {
            if !case.windows() {
                return ask(
                    Machine::Server,
                    "FreeRDP's server: start it without NLA (-sec-nla). gnome-remote-desktop knows no other way in.",
                    "The client cannot do NLA.",
                );
            }
            let mut steps = local_and_policy(LISTENER, "UserAuthentication", 0, "Clients without NLA are let in to the logon screen.");
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
