//! The remedy `domain.register-name`.

use crate::prescription::*;

remedy! {
    /// Register the name the host is called by.
    ///
    /// # How
    ///
    /// setspn -L HOST shows the names; setspn -S TERMSRV/ALIAS HOST adds one; setspn -X finds names registered
    /// twice.
    pub static REMEDY = {
        id: "domain.register-name",
        side: Side::Domain,
        title: "Register the name the host is called by",
        risk: Risk::Low,
        draft: |case| ask(
            Machine::Controller,
            format!("See what is registered (setspn -L COMPUTER, setspn -X for names registered twice), then add the name people use: setspn -S TERMSRV/{} COMPUTER (taken back with setspn -D).", if case.host().is_empty() { "NAME" } else { case.host() }),
            "Kerberos gives tickets only for names that are registered once.",
        ),
    };
}
