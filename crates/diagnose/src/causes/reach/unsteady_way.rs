//! The cause `reach.unsteady-way`.

use crate::prelude::*;

cause! {
    /// The time to the host and back varies widely.
    ///
    /// # What the user sees
    ///
    /// Typing and the picture come in jerks; at times the session hangs for a moment.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same connection opens now quickly and now late, without a packet being lost (those show a second or
    /// more). A long way is late every time. Wireless links, a line that somebody else fills, and tunnels over
    /// either do this; so does a host that is too busy to answer at once, which then also answers late.
    ///
    /// # Who mends it, and how
    ///
    /// The user tries a cable instead of wireless; whoever runs the line looks who fills it.
    ///
    /// # Sources
    ///
    /// RFC 6298; RFC 3393.
    pub static CAUSE = {
        id: "reach.unsteady-way",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Note,
        title: "The time to the host and back varies widely",
        prior: -4,
        clues: &[
            Clue {
                says: "connections open now quickly and now late: the latest took {took}",
                denies: "connections take about the same time to open, at most {took}",
                reads: &[FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.opens_unsteadily(),
            },
        ],
        asks: &[&asks::AGAIN, &asks::FROM_ELSEWHERE],
        remedies: &["network.shorten-path"],
    };
}
