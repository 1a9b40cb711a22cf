//! The cause `session.does-not-start`.

use crate::prelude::*;

cause! {
    /// The desktop behind the connection does not start.
    ///
    /// # What the user sees
    ///
    /// A black or blue screen that closes, or 0x904 right after the logon.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Connection, security and logon work, and the log tells of the part that makes the desktop: an X server, a
    /// window manager, a display driver.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// xrdp-sesman(8); Microsoft Learn: LocalSessionManager events.
    pub static CAUSE = {
        id: "session.does-not-start",
        family: "session-backend-failed",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The desktop behind the connection does not start",
        prior: -4,
        clues: &[
            logged!(
                "its log", Strong, "X_TIMEOUT", "X_FAIL", "WM_EXIT", "PAM_SESSION", "XORG_FATAL", "XORG_NO_SCREENS",
                "XORG_NO_MODULE", "XORG_CONSOLE", "XORG_RUNNING", "XORG_VERSION", "XORG_BIND"
            ),
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-LocalSessionManager", 16), ("Microsoft-Windows-TerminalServices-LocalSessionManager", 17), ("Microsoft-Windows-TerminalServices-LocalSessionManager", 36)]),
            },
            Clue {
                says: "the service {service}, which starts sessions, does not run",
                denies: "the service {service} runs",
                reads: &[FactKind::ServiceFound],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.service(&["xrdp-sesman"], false),
            },
            Clue {
                says: "no X server for sessions is installed: {program} is missing",
                denies: "{program} is installed",
                reads: &[FactKind::ProgramFound],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.all(|fact| match fact { Fact::ProgramFound { name, path, .. } if matches!(name.as_str(), "xorgxrdp" | "Xvnc") => Some(path.is_none()), _ => None }),
            },
            Clue {
                says: "what starts a session, {path}, cannot be run: {state}",
                denies: "what starts a session, {path}, is there",
                reads: &[FactKind::FileFound],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::FileFound { role: model::FileRole::Session, exists, readable, .. } => Some(!exists || *readable == Some(false)), _ => None }),
            },
            Clue {
                says: "no session began",
                denies: "{computer} logged {event}, {times}: sessions do begin",
                reads: &[FactKind::EventLogged],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.event(&[("Microsoft-Windows-TerminalServices-LocalSessionManager", 22), ("Microsoft-Windows-TerminalServices-LocalSessionManager", 25)])),
            },
            logged!("its log", Strong, "SESMAN_FAIL"),
        ],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.repair-session-backend"],
    };
}
