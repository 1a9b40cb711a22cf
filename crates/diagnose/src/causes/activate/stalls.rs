//! The cause `activate.stalls`.

use crate::prelude::*;

cause! {
    /// The session is never activated.
    ///
    /// # What the user sees
    ///
    /// A black screen after the logon, then a time-out.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Everything up to the capabilities is done, and the desktop is never sent: the display part of the host
    /// hangs or its driver failed.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "activate.stalls",
        family: "session-backend-failed",
        phase: Phase::Activate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The session is never activated",
        prior: -5,
        clues: &[
            Clue {
                says: "no picture came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| in_activation(after).then_some(how == Ending::Silence)),
            },
            logged!("the client's log", Strong, "ACTIVATION_TIMEOUT"),
        ],
        asks: &[&asks::SERVER_LOG],
        remedies: &["server.repair-session-backend", "server.restart-host"],
        topics: &[Topic::ActivationStall, Topic::GraphicsDriver, Topic::ServerStall],
    };
}
