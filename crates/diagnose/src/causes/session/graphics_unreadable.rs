//! The cause `session.graphics-unreadable`.

use crate::prelude::*;

cause! {
    /// The client cannot read what the server draws.
    ///
    /// # What the user sees
    ///
    /// The session opens and ends at once, or shows garbage; another client works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The client says so itself: its decoder met something it does not know, or failed inside.
    ///
    /// # Who mends it, and how
    ///
    /// The user takes another version of the client; its maker wants to know.
    ///
    /// # Sources
    ///
    /// [MS-RDPEGFX] 1.3.
    pub static CAUSE = {
        id: "session.graphics-unreadable",
        family: "client-bug",
        phase: Phase::Session,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client cannot read what the server draws",
        prior: -6,
        clues: &[
            Clue {
                says: "the client logged: {line}",
                denies: "the client logged nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.logged(&["EVT226_GFX"]),
            },
        ],
        remedies: &["client.update"],
        topics: &[Topic::GraphicsStream, Topic::ClientFault, Topic::Capabilities],
    };
}
