//! The cause `tcp.silent-ones-keep-others-out`.

use crate::prelude::*;

cause! {
    /// Connections that say nothing keep others out.
    ///
    /// # What the user sees
    ///
    /// It fails now and then for everybody: while a scanner, a monitor or an attacker holds connections to the port open.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A test that was asked for (--load) held connections that said nothing, and one that asked beside them got no
    /// answer. A server that waits long for the first message, or that serves one connection after the other, can be
    /// kept busy by a few such connections.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator limits connections for each source in a filter before the host, keeps the port from networks
    /// that have no business there, and updates a server that waits too long.
    ///
    /// # Sources
    ///
    /// RFC 4732 section 2.1; listen(2).
    pub static CAUSE = {
        id: "tcp.silent-ones-keep-others-out",
        family: "connection-limit",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Note,
        title: "Connections that say nothing keep others out",
        prior: -2,
        clues: &[
            Clue {
                says: "beside {held} connections that said nothing the next one {limit}",
                denies: "beside {held} connections that said nothing the next one {limit}",
                reads: &[FactKind::ConnectionsHeld],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::ConnectionsHeld { silent: true, limit, .. } => Some(limit.is_some()), _ => None }),
            },
        ],
        asks: &[&asks::SESSIONS, &asks::PATH_FIREWALL],
        remedies: &["server.raise-connection-limit", "server.relieve"],
    };
}
