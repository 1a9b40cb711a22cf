//! The remedy `server.restore-listener`.

use crate::prescription::*;

remedy! {
    /// Restore the Remote Desktop listener.
    ///
    /// # How
    ///
    /// Export the key WinStations on the broken host, then import the key RDP-Tcp from a healthy host of the
    /// same Windows version. Replace a patched termsrv.dll by the system's own (sfc /scannow). Restart the
    /// service.
    ///
    /// # What may go wrong
    ///
    /// Without the export there is no way back.
    pub static REMEDY = {
        id: "server.restore-listener",
        side: Side::Server,
        title: "Restore the Remote Desktop listener",
        risk: Risk::High,
        draft: |case| {
            if !case.windows() {
                return Draft::Steps(vec![
                    with_system("xrdp", "xrdp starts with the system."),
                    restart_server(case),
                ]);
            }
            Draft::Steps(vec![
                set(registry(LISTENER, "fEnableWinStation"), dword(1), "The listener is switched on."),
                set(
                    registry(LISTENER, "LanAdapter"),
                    dword(0),
                    "It listens on every adapter. A number of an adapter that is gone leaves it deaf.",
                ),
                set(
                    registry(r"SYSTEM\CurrentControlSet\Services\TermService\Parameters", "ServiceDll"),
                    Value::Registry(RegistryValue::Expand(r"%SystemRoot%\System32\termsrv.dll".to_owned())),
                    "The service is Windows' own, not a patched one.",
                ),
                not_disabled("TermService", Start::Manual, "The service may start; Manual is how Windows is delivered."),
                restart_server(case),
                person(
                    Machine::Server,
                    "If qwinsta still shows no line rdp-tcp: sfc /scannow, and import the key WinStations\\RDP-Tcp from a healthy host of the same Windows version, after exporting the present one.",
                    "More of the listener is missing than a few values.",
                ),
            ])
        },
    };
}
