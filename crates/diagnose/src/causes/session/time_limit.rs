//! The cause `session.time-limit`.

use crate::prelude::*;

cause! {
    /// A time limit of the host ended the session.
    ///
    /// # What the user sees
    ///
    /// "The session ended because it was idle" or "because its time limit was reached"; always after the same
    /// time.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server named the idle or the session limit. A cut on the way names nothing.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever set the limit: a policy, or the settings of the account or the farm.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 (ERRINFO_IDLE_TIMEOUT, ERRINFO_LOGON_TIMEOUT).
    pub static CAUSE = {
        id: "session.time-limit",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Note,
        title: "A time limit of the host ended the session",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["IDLE_TIMEOUT", "LOGON_TIMEOUT"]),
            },
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} gave another reason",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.gateway_closed(0x59F6),
            },
        ],
        topics: &[Topic::IdleLimit, Topic::SessionLimit],
        asks: &[&asks::POLICY],
        remedies: &["server.relax-time-limits"],
    };
}
