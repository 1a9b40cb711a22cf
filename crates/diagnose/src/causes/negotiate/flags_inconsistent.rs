//! The cause `negotiate.flags-inconsistent`.

use crate::prelude::*;

cause! {
    /// The client's offer contradicts itself.
    ///
    /// # What the user sees
    ///
    /// The client ends at once, with every server or with new ones only.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code INCONSISTENT_FLAGS: protocols that need each other were offered
    /// apart. Unusual; a client or relay that rewrites the offer does it.
    ///
    /// # Who mends it, and how
    ///
    /// The maker of the client or relay; the user takes a newer version.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.flags-inconsistent",
        family: "client-bug",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client's offer contradicts itself",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused(NegFailure::INCONSISTENT_FLAGS),
            },
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.update"],
    };
}
