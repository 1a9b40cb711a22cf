//! The cause `negotiate.service-hangs`.

use crate::prelude::*;

cause! {
    /// The Remote Desktop service on the host accepts connections and hangs.
    ///
    /// # What the user sees
    ///
    /// "Connecting" that never ends, or 0x108 after a long wait.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The system accepts the connection and the service never reads it: silence, no close. A restart of the
    /// service or of the host mends it; if it comes back, look for what blocks it (a full disk, a driver, a
    /// debugger, exhausted memory).
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// listen(2); [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "negotiate.service-hangs",
        family: "termservice-down",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The Remote Desktop service on the host accepts connections and hangs",
        prior: -4,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}, and a hanging service ends nothing",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.unanswered(|how, after| (how == Ending::Silence || after == Message::TcpHandshake || !seen.ended_late()).then_some(how == Ending::Silence)),
            },
            Clue {
                says: "the connection was {how} only {waited} after {after}: somebody's time ran out",
                denies: "the connection was {how} {waited} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.request_timed_out(),
            },
            clues::NO_REMOTE_DESKTOP,
            Clue {
                says: "its log says nothing of a message that never came",
                denies: "its log says that it waited for the first message: {line}",
                reads: &[FactKind::LogSaid],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.logged(&["FIRST_BYTES_MISSING"])),
            },
            clues::TAKEN,
            clues::SERVICE_TIMED_OUT,
            clues::OPENS_AT_ONCE,
        ],
        asks: &[&asks::SERVICE, &asks::FROM_INSIDE, &asks::LOAD],
        remedies: &["server.restart-service", "server.restart-host"],
    };
}
