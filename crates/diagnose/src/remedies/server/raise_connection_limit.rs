//! The remedy `server.raise-connection-limit`.

use crate::prescription::*;

remedy! {
    /// Raise the limit of connections.
    ///
    /// # How
    ///
    /// Windows: the policy "Limit number of connections" or MaxInstanceCount of the listener; xrdp: MaxSessions
    /// in sesman.ini. Note the present value. Keep scanners away with a firewall first: a higher limit alone
    /// feeds them.
    pub static REMEDY = {
        id: "server.raise-connection-limit",
        side: Side::Server,
        title: "Raise the limit of connections",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    set(
                        Key::Ini { file: "/etc/xrdp/sesman.ini".to_owned(), section: "Sessions".to_owned(), key: "MaxSessions".to_owned() },
                        Value::Text("50".to_owned()),
                        "As many sessions as xrdp is delivered with. Keep scanners away with a firewall first: a higher limit alone feeds them.",
                    ),
                    restart("xrdp-sesman", "The session manager reads the new limit. Sessions that run stay."),
                ]);
            }
            let mut steps = local_and_policy(
                LISTENER,
                "MaxInstanceCount",
                u32::MAX,
                "No limit of connections but that of the licence, as Windows is delivered. Keep scanners away with a firewall first: a higher limit alone feeds them.",
            );
            steps.push(restart_server(case));
            Draft::Steps(steps)
        },
    };
}
