//! The cause `reach.filter-prohibits`.

use crate::prelude::*;
use crate::view::forbids;

cause! {
    /// A filter on the way forbids the connection and says so.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The refusal came as an ICMP message from a router, not from the host: it is a rule, not a fault. A rule
    /// that answers instead of dropping is a kindness.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs that firewall opens the port for those who need it, and for nobody else.
    ///
    /// # Sources
    ///
    /// RFC 1812 section 5.2.7.1 (codes 9, 10, 13); RFC 4443 section 3.1.
    pub static CAUSE = {
        id: "reach.filter-prohibits",
        family: "perimeter-firewall",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A filter on the way forbids the connection and says so",
        prior: -4,
        clues: &[
            Clue {
                says: "{from} says of {to}: {icmp}",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|to, icmp| Some(forbids(to, icmp))),
            },
            clues::NO_ADDRESS_OPENS,
        ],
        asks: &[&asks::PATH_FIREWALL, &asks::FROM_INSIDE],
        remedies: &["network.open-port"],
    };
}
