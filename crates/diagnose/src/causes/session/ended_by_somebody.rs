//! The cause `session.ended-by-somebody`.

use crate::prelude::*;

cause! {
    /// An administrator ended the session.
    ///
    /// # What the user sees
    ///
    /// "Your Remote Desktop session has ended", with a reason.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said goodbye with the reason that an administrator, or a tool that speaks for one, disconnected or
    /// signed out this session. A limit, a restart and another connection have reasons of their own.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody: ask who did it, and why.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1.
    pub static CAUSE = {
        id: "session.ended-by-somebody",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Note,
        title: "An administrator ended the session",
        prior: -6,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["RPC_INITIATED_DISCONNECT", "RPC_INITIATED_LOGOFF"]),
            },
            Clue {
                says: "{gateway} ended {step} with {code}",
                denies: "{gateway} gave another reason",
                reads: &[FactKind::GatewayStepped],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.gateway_closed(0x04D4),
            },
        ],
        asks: &[&asks::SESSIONS],
        remedies: &["server.log-off-sessions", "server.several-sessions-per-user"],
        topics: &[Topic::AdminAction],
    };
}
