//! The cause `session.programs-only`.

use crate::prelude::*;

cause! {
    /// The server offers single programs, and the client asked for a desktop.
    ///
    /// # What the user sees
    ///
    /// The connection ends after the logon with "the initial program cannot be started", or without a word.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the reason: it serves RemoteApp alone to this user. With the connection file of the
    /// farm it works.
    ///
    /// # Who mends it, and how
    ///
    /// The user takes the connection file from the farm, which names the program.
    ///
    /// # Sources
    ///
    /// [MS-RDPERP]; [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_REMOTEAPPSNOTENABLED).
    pub static CAUSE = {
        id: "session.programs-only",
        family: "client-config",
        phase: Phase::Session,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server offers single programs, and the client asked for a desktop",
        prior: -9,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["REMOTEAPPSNOTENABLED"]),
            },
        ],
        topics: &[Topic::RemoteApp],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.use-other-settings"],
    };
}
