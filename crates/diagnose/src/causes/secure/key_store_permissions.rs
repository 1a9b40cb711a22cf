//! The cause `secure.key-store-permissions`.

use crate::prelude::*;

cause! {
    /// Permissions on the host's key store keep Windows from its Remote Desktop key.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7, or "an internal error has occurred", after "Securing remote connection"; often since a
    /// hardening or a clean-up.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same as with a key that cannot be used, since it is one. What tells: events 1057 and 1058 with
    /// "access denied", or a folder MachineKeys whose permissions differ from a healthy host's. New certificates
    /// fail as well.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server restores the permissions by SID. Renaming or emptying the folder loses
    /// other programs' keys.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Default permissions for the MachineKeys folders; events 1057 and 1058.
    pub static CAUSE = {
        id: "secure.key-store-permissions",
        family: "machinekeys-acl",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Permissions on the host's key store keep Windows from its Remote Desktop key",
        prior: -6,
        clues: &[
            clues::RESET_AT_HELLO_AT_ONCE,
            clues::CLOSED_AT_HELLO,
            clues::EVERY_HELLO_ENDED,
            clues::TLS_NEVER_UP,
            Clue {
                says: "{computer} logged {event}, {times}: the certificate could not be made or replaced",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1057), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1058), ("TermService", 1057), ("TermService", 1058)]),
            },
            Clue {
                says: "{reader}, as which the service runs, may not read the key {path}",
                denies: "{reader}, as which the service runs, may read the key {path}",
                reads: &[FactKind::FileFound],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.windows_key_closed(),
            },
            clues::WINDOWS_CHOICE,
            clues::HANDSHAKES_LOGGED,
        ],
        asks: &[&asks::CERTIFICATE_EVENTS, &asks::SCHANNEL, &asks::CERTIFICATE_STORE],
        remedies: &["server.repair-key-store", "server.renew-certificate"],
    };
}
