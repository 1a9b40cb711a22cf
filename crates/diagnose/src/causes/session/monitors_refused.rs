//! The cause `session.monitors-refused`.

use crate::prelude::*;

cause! {
    /// The monitors the client asks for do not make a desktop the server accepts.
    ///
    /// # What the user sees
    ///
    /// With one monitor it works, with several the connection ends at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the reason: too many monitors, too large a desktop, or places that do not fit together.
    ///
    /// # Who mends it, and how
    ///
    /// The user connects with fewer monitors, or lays them out again.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.3.6 and 2.2.5.1.1.
    pub static CAUSE = {
        id: "session.monitors-refused",
        family: "client-config",
        phase: Phase::Session,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The monitors the client asks for do not make a desktop the server accepts",
        prior: -9,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["BADMONITORDATA", "VIRTUALDESKTOPTOOLARGE", "MONITORGEOMETRYVALIDATIONFAILED", "INVALIDMONITORCOUNT"]),
            },
        ],
        topics: &[Topic::MonitorLayout],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.use-other-settings"],
    };
}
