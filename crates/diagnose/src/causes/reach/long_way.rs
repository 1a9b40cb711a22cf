//! The cause `reach.long-way`.

use crate::prelude::*;

cause! {
    /// The way to the host is long.
    ///
    /// # What the user sees
    ///
    /// Typing and scrolling feel late.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A round trip takes more than three tenths of a second. The connection sequence needs about ten of them,
    /// so it opens late too. Satellite links and VPN detours across the world do that; so does an overloaded
    /// line.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network may choose a nearer way; otherwise it is distance.
    ///
    /// # Sources
    ///
    /// RFC 6298.
    pub static CAUSE = {
        id: "reach.long-way",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Note,
        title: "The way to the host is long",
        prior: -6,
        clues: &[
            Clue {
                says: "it took {took} to {to} and back",
                denies: "it took {took} to {to} and back",
                reads: &[FactKind::TcpOpened, FactKind::AnswerTook],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.far_away(),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE],
        remedies: &["network.shorten-path"],
    };
}
