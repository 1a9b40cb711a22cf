//! The cause `tcp.banned-after-many`.

use crate::prelude::*;

cause! {
    /// The host, or a filter before it, bans an address that opens many connections.
    ///
    /// # What the user sees
    ///
    /// Everything fails from one address, for minutes or hours, after it worked; from another network it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A test that was asked for (--load) met a limit, closed all its connections, and was not answered afterwards. A
    /// plain limit lets the next one in again as soon as there is room.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator looks for the ban and lifts it; addresses behind which many people work, such as a gateway or
    /// an office, are exempted.
    ///
    /// # Sources
    ///
    /// fail2ban: jail.conf(5); nft(8), sets with a timeout.
    pub static CAUSE = {
        id: "tcp.banned-after-many",
        family: "ip-banned",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "An address that opens many connections is banned",
        prior: -3,
        clues: &[
            Clue {
                says: "{waited} after all connections of the test were closed the host did not answer",
                denies: "{waited} after all connections of the test were closed the host answered again",
                reads: &[FactKind::AnsweredAfterLoad],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::AnsweredAfterLoad { again, .. } => Some(!again), _ => None }),
            },
        ],
        asks: &[&asks::BANS, &asks::FROM_ELSEWHERE],
        remedies: &["server.unban"],
    };
}
