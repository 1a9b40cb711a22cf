//! The cause `tcp.filter-lets-some-through`.

use crate::prelude::*;
use crate::view::forbids;

cause! {
    /// A filter on the way lets some connections through and forbids others.
    ///
    /// # What the user sees
    ///
    /// It fails at once, and the second or third try works; or the first works and those after it do not.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same address opened at least once, and at least once a device that is not the host said with an ICMP
    /// message that the connection is forbidden. A limit on connections for each minute or each source does that, and
    /// so do rules that learn who knocks. A host that refuses some itself says so in its own name; a balancer with a
    /// dead member resets or says nothing.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs that filter looks at its limits, and at what it counted against this address.
    ///
    /// # Sources
    ///
    /// RFC 1812 section 5.2.7.1 (codes 9, 10, 13); RFC 4443 section 3.1; nft(8), limit and ct count.
    pub static CAUSE = {
        id: "tcp.filter-lets-some-through",
        family: "perimeter-firewall",
        phase: Phase::Tcp,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "A filter on the way lets some connections through and forbids others",
        prior: -6,
        explains: true,
        clues: &[
            Clue {
                says: "{from} said of {to}: {icmp}; other connections to it opened",
                denies: "no device on the way forbade some connections and let others through",
                reads: &[FactKind::TcpUnreachable, FactKind::TcpOpened, FactKind::TcpRefused, FactKind::TcpSilent],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.turned_away_now_and_then(forbids),
            },
        ],
        asks: &[&asks::PATH_FIREWALL, &asks::AGAIN],
        remedies: &["network.open-port"],
    };
}
