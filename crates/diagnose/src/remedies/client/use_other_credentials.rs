//! The remedy `client.use-other-credentials`.

use crate::prescription::*;

remedy! {
    /// Sign in with the right user name and password.
    ///
    /// # How
    ///
    /// Write the domain before the name (CORP\name, or name@corp.example; .\name for an account of the host
    /// itself). Remove a saved password that is old (cmdkey /list, cmdkey /delete).
    ///
    /// # What may go wrong
    ///
    /// Each wrong try counts towards a lock-out: try once, then ask.
    pub static REMEDY = {
        id: "client.use-other-credentials",
        side: Side::Client,
        title: "Sign in with the right user name and password",
        risk: Risk::Low,
        draft: |_| ask(
            Machine::Client,
            r#"Sign in once with the domain before the name (CORP\name, name@corp.example, or .\name for an account of the host). If that fails, ask instead of trying again."#,
            "Each wrong try counts towards a lock-out.",
        ),
    };
}
