//! The cause `negotiate.refused-for-an-unknown-reason`.

use crate::prelude::*;

cause! {
    /// The server refuses the protocols offered with a reason no specification names.
    ///
    /// # What the user sees
    ///
    /// The client ends at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A refusal was sent in good form, and its code has no name. A server of another make, or a newer one, has
    /// a reason of its own: its log says which. One that turns the request away below, in X.224, is more likely
    /// another service.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.refused-for-an-unknown-reason",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server refuses the protocols offered with a reason no specification names",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationRefused { code, .. } => Some(code.name().is_none()), Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "the request was turned away in X.224: {bytes}",
                denies: "what answered is no refusal of X.224: {bytes}",
                reads: &[FactKind::OtherServiceAnswered],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.turned_away(),
            },
        ],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.update", "server.match-security-layer"],
    };
}
