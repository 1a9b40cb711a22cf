//! The cause `tcp.few-at-once`.

use crate::prelude::*;

cause! {
    /// The host takes a limited number of connections at once.
    ///
    /// # What the user sees
    ///
    /// Nothing, until many work at the same time; then the next one is refused, reset or left without an answer, with
    /// mstsc 0x904.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A test that was asked for (--load) held connections one beside the other until one more was not taken. How it was
    /// not taken helps: a refusal before anything was said comes from a filter or a full queue, a reset or close after
    /// it from the server's own limit, silence from a server that is busy. A limit protects a host and is no fault by
    /// itself; it is one when fewer people than work there fit below it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host, or of the filter before it, raises the limit when it is too low.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Limit number of connections; xrdp.ini(5); nft(8), ct count.
    pub static CAUSE = {
        id: "tcp.few-at-once",
        family: "connection-limit",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Note,
        title: "The host takes a limited number of connections at once",
        prior: -2,
        clues: &[
            Clue {
                says: "{held} connections at once were taken, and the next one {limit}",
                denies: "{held} connections at once were taken",
                reads: &[FactKind::ConnectionsHeld],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::ConnectionsHeld { silent: false, limit, .. } => Some(limit.is_some()), _ => None }),
            },
        ],
        asks: &[&asks::SESSIONS],
        remedies: &["server.raise-connection-limit", "server.log-off-sessions"],
    };
}
