//! The cause `negotiate.contradicts-itself`.

use crate::prelude::*;

cause! {
    /// The server refuses the very thing it demands.
    ///
    /// # What the user sees
    ///
    /// No client gets in; the words of the dialog tell people to do what they already do.
    ///
    /// # How to tell it from its neighbours
    ///
    /// It demands NLA where NLA was offered, or refuses TLS where none was offered. No server means that by
    /// itself: a device in between rewrites the offer or the answer, or a server program has a fault. A client
    /// that lacks NLA is refused with the same code and did not offer it.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the device in between, or the server program; looked at from the network of the host it
    /// shows which.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.1.1 and 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.contradicts-itself",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server refuses the very thing it demands",
        prior: -8,
        clues: &[
            Clue {
                says: "{offered} was offered and refused with code {code}, which asks for what was offered",
                denies: "{offered} was offered and refused with code {code}",
                reads: &[FactKind::NegotiationRefused],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationRefused { offered, code } => { let offered = (*offered)?; Some((*code == NegFailure::HYBRID_REQUIRED_BY_SERVER && offered.has_nla()) || (*code == NegFailure::SSL_NOT_ALLOWED_BY_SERVER && offered == Protocols::RDP)) } _ => None }),
            },
        ],
        asks: &[&asks::FROM_INSIDE, &asks::SERVER_LOG],
        remedies: &["network.exempt-from-inspection", "server.update"],
    };
}
