//! The cause `negotiate.chose-what-was-not-offered`.

use crate::prelude::*;

cause! {
    /// The server chose a security protocol that the client did not offer.
    ///
    /// # What the user sees
    ///
    /// The client ends at once, with a protocol error.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server may only choose from what it was offered. A server that knows one protocol alone and does not
    /// look at the offer does this, and so does a relay that rewrites it.
    ///
    /// # Who mends it, and how
    ///
    /// The maker or administrator of the server or relay; the client can offer what the server wants.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.1.
    pub static CAUSE = {
        id: "negotiate.chose-what-was-not-offered",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server chose a security protocol that the client did not offer",
        prior: -4,
        clues: &[
            Clue {
                says: "{offered} was offered and the server chose {chosen}",
                denies: "{offered} was offered and the server chose {chosen} of it",
                reads: &[FactKind::NegotiationChosen],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationChosen { offered, chosen, .. } => offered.map(|offered| !offered.has(*chosen)), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::CLIENT_SETTINGS],
        remedies: &["client.offer-nla", "server.update"],
    };
}
