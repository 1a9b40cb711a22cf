//! The cause `negotiate.connection-limit`.

use crate::prelude::*;

cause! {
    /// The host is at its limit of connections and drops new ones.
    ///
    /// # What the user sees
    ///
    /// It fails now and then, or when many people work; with mstsc 0x904.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Some attempts get an answer and others are closed at once, in no other way different. Servers that allow
    /// one session reset the second. Event 1006 on Windows tells of many half-open connections.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host raises the limit, logs off dead sessions, or keeps scanners away from the
    /// port.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Limit number of connections; [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "negotiate.connection-limit",
        family: "connection-limit",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is at its limit of connections and drops new ones",
        prior: -6,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}, and other attempts got an answer",
                denies: "every attempt got an answer",
                reads: &[FactKind::Ended, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.now_and_then(|observation| match &observation.fact { Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } if seen.as_client(observation) => Some(false), Fact::Ended { how: Ending::Closed | Ending::Reset, after: Message::TcpHandshake | Message::ConnectionRequest, .. } if seen.as_client(observation) => Some(true), _ => None }),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "no answer came in {waited}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.unanswered(|how, _| (matches!(how, Ending::Closed | Ending::Reset) && !seen.ended_late()).then_some(true)),
            },
            Clue {
                says: "{computer} logged {event}, {times}: too many connections",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1006), ("TermDD", 71)]),
            },
            Clue {
                says: "only connections beside others were {how}",
                denies: "a connection that had the host to itself was {how}",
                reads: &[FactKind::Ended, FactKind::TcpOpened, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Fair,
                against: Weight::Fair,
                look: |seen| seen.only_beside_others(),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::AGAIN, &asks::SESSIONS],
        remedies: &["server.raise-connection-limit", "server.log-off-sessions", "server.relieve"],
    };
}
