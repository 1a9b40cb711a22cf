//! The cause `settings.silent`.

use crate::prelude::*;

cause! {
    /// The server does not answer when the session is set up.
    ///
    /// # What the user sees
    ///
    /// "Configuring remote session" that never ends.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Security is done, and the settings are never answered: the part of the server that makes sessions hangs.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "settings.silent",
        family: "session-backend-failed",
        phase: Phase::Settings,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server does not answer when the session is set up",
        prior: -7,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| in_settings(after).then_some(how == Ending::Silence)),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::LOAD],
        remedies: &["server.repair-session-backend", "server.restart-service"],
    };
}
