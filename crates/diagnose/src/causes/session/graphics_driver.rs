//! The cause `session.graphics-driver`.

use crate::prelude::*;

cause! {
    /// The remote display driver of the host fails.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error" right after the logon; a black screen for a while, then the end.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The logon worked (event 1149) and the server names its display driver: it did not report in time, or
    /// failed as it started. An update of the graphics driver, or a policy for hardware graphics in sessions,
    /// is often behind it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host updates the graphics driver, or keeps sessions from using it (policy "use
    /// hardware graphics adapters").
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_CLOSE_STACK_ON_DRIVER_NOT_READY and its neighbours).
    pub static CAUSE = {
        id: "session.graphics-driver",
        family: "session-backend-failed",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The remote display driver of the host fails",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["CLOSE_STACK_ON_DRIVER_NOT_READY", "CLOSE_STACK_ON_DRIVER_FAILURE", "CLOSE_STACK_ON_DRIVER_IFACE_FAILURE", "GRAPHICSSUBSYSTEMRESETFAILED", "GRAPHICSSUBSYSTEMFAILED"]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the graphics of the session could not be started",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 1), ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 3)]),
            },
        ],
        topics: &[Topic::GraphicsDriver],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.repair-session-backend", "server.update"],
    };
}
