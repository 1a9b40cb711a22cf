//! The remedy `server.start-service`.

use crate::prescription::*;

remedy! {
    /// Start the Remote Desktop service.
    ///
    /// # How
    ///
    /// Windows: Start-Service TermService; set its start type to Manual or Automatic if it was Disabled, after
    /// noting it. Linux: systemctl enable --now xrdp. Then look in the log why it had stopped.
    pub static REMEDY = {
        id: "server.start-service",
        side: Side::Server,
        title: "Start the Remote Desktop service",
        risk: Risk::Low,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    not_disabled("xrdp-sesman", Start::Automatic, "The session manager may start again."),
                    with_system("xrdp", "xrdp starts with the system."),
                    running("xrdp-sesman", "xrdp asks the session manager for every session."),
                    running("xrdp", "xrdp runs."),
                ]);
            }
            let why = "The service may start again; Manual is how Windows is delivered.";
            Draft::Steps(vec![
                not_disabled("TermService", Start::Manual, why),
                not_disabled("UmRdpService", Start::Manual, why),
                not_disabled("SessionEnv", Start::Manual, why),
                running("TermService", "Remote Desktop runs. Then look in the System log why it had stopped."),
            ])
        },
    };
}
