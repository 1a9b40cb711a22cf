//! The cause `negotiate.host-overloaded`.

use crate::prelude::*;

cause! {
    /// The host is too busy or too broken to answer.
    ///
    /// # What the user sees
    ///
    /// "Connecting" that lasts; other services of the host are slow too.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port opens and no answer comes in time. A slow host answers in the end, a hanging service never does:
    /// try with more time.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host looks at processor, memory and disk.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "negotiate.host-overloaded",
        family: "host-unhealthy",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is too busy or too broken to answer",
        prior: -8,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.unanswered(|how, _| Some(how == Ending::Silence)),
            },
            Clue {
                says: "opening the connection already took {took}",
                denies: "the connection opened in {took}",
                reads: &[FactKind::TcpOpened],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::TcpOpened { took, .. } => (*took > Micros::from_millis(900)).then_some(true), _ => None }),
            },
            clues::NO_REMOTE_DESKTOP,
        ],
        asks: &[&asks::LOAD, &asks::AGAIN],
        remedies: &["server.relieve", "server.restart-host"],
    };
}
