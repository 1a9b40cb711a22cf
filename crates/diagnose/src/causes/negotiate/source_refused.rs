//! The cause `negotiate.source-refused`.

use crate::prelude::*;

cause! {
    /// The host accepts the connection and drops it because of where it comes from.
    ///
    /// # What the user sees
    ///
    /// 0x904 at once for this network; others connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The connection ends as soon as it is open, before anything was asked. Address lists of a server program
    /// or of TCP wrappers, and guards against password guessing, work that way.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host takes the address off the list.
    ///
    /// # Sources
    ///
    /// hosts_access(5); fail2ban.
    pub static CAUSE = {
        id: "negotiate.source-refused",
        family: "ip-banned",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host accepts the connection and drops it because of where it comes from",
        prior: -9,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}, before anything was asked",
                denies: "the connection was {how} {waited} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.ended_before_asked(),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "no answer came in {waited}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.unanswered(|how, after| (after == Message::ConnectionRequest && how != Ending::Silence && !seen.ended_late()).then_some(true)),
            },
            clues::NO_REMOTE_DESKTOP_CONFIRMED,
            clues::NOBODY_WAS_ANSWERED,
            clues::BAN_LOGGED,
        ],
        asks: &[&asks::FROM_ELSEWHERE, &asks::BANS],
        remedies: &["server.unban"],
    };
}
