//! The remedy `server.switch-off-udp`.

use crate::prescription::*;

remedy! {
    /// Let the host use TCP alone.
    ///
    /// # How
    ///
    /// The policy "Select RDP transport protocols" set to TCP only: SelectTransport = 1 under
    /// HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: policy "Select RDP transport protocols".
    pub static REMEDY = {
        id: "server.switch-off-udp",
        side: Side::Server,
        title: "Let the host use TCP alone",
        risk: Risk::Medium,
        draft: |case| {
            if !case.windows() {
                return ask(
                    Machine::Server,
                    "xrdp speaks no UDP; nothing has to be switched off there.",
                    "Sessions of xrdp run over TCP already.",
                );
            }
            Draft::Steps(vec![
                set(
                    policy(POLICY, "SelectTransport"),
                    dword(1),
                    "The host offers TCP alone, so that no client waits for UDP. On lossy lines sessions are less smooth.",
                ),
                restart_server(case),
            ])
        },
    };
}
