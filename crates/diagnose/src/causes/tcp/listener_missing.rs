//! The cause `tcp.listener-missing`.

use crate::prelude::*;

cause! {
    /// The service runs on the host, and its listener is missing.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once, though the service list says that all is well.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answered with a reset. On the host, qwinsta shows no line "rdp-tcp Listen". Removed listener
    /// settings, a termsrv.dll that was patched, or an update that replaced it are the usual reasons.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host restores the listener's settings and files.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Remote Desktop listener; RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.listener-missing",
        family: "listener-broken",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The service runs on the host, and its listener is missing",
        prior: -9,
        clues: &[
            clues::PORT_REFUSED,
            clues::NOTHING_LISTENS,
            Clue {
                says: "the service {service} runs all the same",
                denies: "the service {service} does not run",
                reads: &[FactKind::ServiceFound],
                weight: Weight::Fair,
                against: Weight::Decisive,
                look: |seen| seen.service(&["TermService", "xrdp", "gnome-remote-desktop", "freerdp-shadow", "krdp"], true),
            },
            clues::PORT_TESTED,
            Clue {
                says: "the session manager of the host lists the listener {service} as down",
                denies: "the session manager of the host lists the listener {service} as listening",
                reads: &[FactKind::ServiceFound],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.service(&["rdp-tcp"], false),
            },
            Clue {
                says: "the listener is switched off: {setting} is {value}",
                denies: "the listener is switched on: {setting} is {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.setting("RDP-Tcp", "fEnableWinStation", |value| Some(value == 0)),
            },
            Clue {
                says: "its log says that it does not listen: {line}",
                denies: "its log says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.logged(&["GRD_NO_CERTIFICATE", "GRD_NO_METHOD"]),
            },
        ],
        asks: &[&asks::LISTENING, &asks::SERVICE],
        remedies: &["server.restore-listener", "server.start-service"],
    };
}
