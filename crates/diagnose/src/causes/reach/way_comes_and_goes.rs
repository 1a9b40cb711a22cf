//! The cause `reach.way-comes-and-goes`.

use crate::prelude::*;
use crate::view::forbids;

cause! {
    /// The way to the host comes and goes.
    ///
    /// # What the user sees
    ///
    /// It fails at once, and the second or third try works; sessions freeze and are taken up again.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same address opened at least once, and at least once a router said with an ICMP message that it knows no way
    /// to it. A route that flaps does that, a tunnel that is torn down and set up again, and two routers of which one
    /// has a bad table. A filter says that it forbids the connection; a host that is off is found by nobody.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the router that said so looks at its routes and at what they hang on.
    ///
    /// # Sources
    ///
    /// RFC 792; RFC 1812 section 5.2.7.1; RFC 2439.
    pub static CAUSE = {
        id: "reach.way-comes-and-goes",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The way to the host comes and goes",
        prior: -6,
        explains: true,
        clues: &[
            Clue {
                says: "{from} said of {to}: {icmp}; other connections to it opened",
                denies: "no router knew the way at one time and not at another",
                reads: &[FactKind::TcpUnreachable, FactKind::TcpOpened, FactKind::TcpRefused, FactKind::TcpSilent],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.turned_away_now_and_then(|to, icmp| icmp.from != Some(to) && !forbids(to, icmp)),
            },
        ],
        asks: &[&asks::AGAIN, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route"],
    };
}
