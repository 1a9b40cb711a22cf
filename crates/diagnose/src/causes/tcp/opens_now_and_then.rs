//! The cause `tcp.opens-now-and-then`.

use crate::prelude::*;

cause! {
    /// The port opens on some attempts and not on others.
    ///
    /// # What the user sees
    ///
    /// It fails, and the second or third try works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same address opened at least once and failed at least once in this look. A full queue of half-open
    /// connections, a limit per source, a load balancer with a dead member and packet loss all do that; the
    /// manner helps: resets speak for a limit, silence for a full queue or loss.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or of the balancer.
    ///
    /// # Sources
    ///
    /// RFC 9293; listen(2).
    pub static CAUSE = {
        id: "tcp.opens-now-and-then",
        family: "connection-limit",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The port opens on some attempts and not on others",
        prior: -4,
        explains: true,
        clues: &[
            Clue {
                says: "{to} did not open on {tally} attempts and did on others",
                denies: "{to} fares the same each time",
                reads: &[FactKind::TcpRefused, FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.same_address_differs(),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::AGAIN, &asks::SESSIONS],
        remedies: &["server.raise-connection-limit", "server.relieve", "network.repair-forwarder"],
    };
}
