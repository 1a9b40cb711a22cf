//! The remedy `server.accept-logons`.

use crate::prescription::*;

remedy! {
    /// Let the host accept new sessions again.
    ///
    /// # How
    ///
    /// A host that was set to drain (chglogon /drain, TSServerDrainMode) turns new sessions away. chglogon
    /// /query shows it, chglogon /enable ends it.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: change logon.
    pub static REMEDY = {
        id: "server.accept-logons",
        side: Side::Server,
        title: "Let the host accept new sessions again",
        risk: Risk::Low,
        draft: |case| {
            if !case.windows() {
                return ask(
                    Machine::Server,
                    "See that /etc/nologin and /run/nologin are not there: while one is, only root may sign in.",
                    "The system turns new sessions away.",
                );
            }
            Draft::Steps(vec![
                if_present(set(
                    registry(TERMINAL, "TSServerDrainMode"),
                    dword(0),
                    "The host no longer drains: new sessions are accepted.",
                )),
                if_present(set(
                    registry(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", "WinStationsDisabled"),
                    sz("0"),
                    "Logons over Remote Desktop are not switched off.",
                )),
            ])
        },
    };
}
