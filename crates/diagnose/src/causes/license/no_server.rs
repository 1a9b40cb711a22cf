//! The cause `license.no-server`.

use crate::prelude::*;

cause! {
    /// The host finds no licence server, or its licensing was never set up.
    ///
    /// # What the user sees
    ///
    /// "The remote session was disconnected because there are no Remote Desktop License Servers available"; with
    /// /admin it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The log of the host tells of the licence server or of the end of the grace period. Only hosts with the
    /// session host role need it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Troubleshoot Remote Desktop licensing.
    pub static CAUSE = {
        id: "license.no-server",
        family: "rds-license-missing",
        phase: Phase::License,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host finds no licence server, or its licensing was never set up",
        prior: -4,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: no licence server, or no licensing mode",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1069), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1128), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1130), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1131)]),
            },
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["LICENSE_NO_LICENSE_SERVER"]),
            },
            Clue {
                says: "the server ended licensing with {license}",
                denies: "the server ended licensing with {license}",
                reads: &[FactKind::LicenseAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.license_error(&[6]),
            },
        ],
        asks: &[&asks::LICENSING, &asks::WITHOUT_LICENCE],
        remedies: &["server.configure-licensing"],
    };
}
