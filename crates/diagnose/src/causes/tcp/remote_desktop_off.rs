//! The cause `tcp.remote-desktop-off`.

use crate::prelude::*;

cause! {
    /// Remote Desktop is switched off on the host, or its edition of Windows has none.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answered with a reset. Home editions of Windows cannot be connected to at all; on others the
    /// switch is in Settings, and a group policy overrides it. A stopped service looks the same from outside.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Remote Desktop - allow access to your PC; RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.remote-desktop-off",
        family: "rdp-disabled-or-edition",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Remote Desktop is switched off on the host, or its edition of Windows has none",
        prior: -6,
        clues: &[
            clues::PORT_REFUSED,
            Clue {
                says: "{setting} is set to {value}: Remote Desktop is off",
                denies: "{setting} is set to {value}: Remote Desktop is on",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.setting("", "fDenyTSConnections", |value| Some(value != 0)),
            },
            clues::PORT_TESTED,
            clues::NOTHING_LISTENS,
        ],
        asks: &[&asks::SWITCH, &asks::LISTENING],
        remedies: &["server.enable-remote-desktop"],
    };
}
