//! The cause `activate.closed`.

use crate::prelude::*;

/// `rn-user-requested` ([MS-RDPBCGR] 2.2.2.3): the user took leave, and the server answers.
const USER_REQUESTED: u8 = 3;

cause! {
    /// The server ends the connection before it shows a desktop.
    ///
    /// # What the user sees
    ///
    /// 0x904, or a window that opens and closes, right after the logon.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Settings, channels and licence are done, and the server leaves or closes without a reason before the first
    /// picture: what makes the desktop failed to start, or the server has no place for another session. A server
    /// that knows better sends Set Error Info, which is told as what it says.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server reads the log of what makes the desktop.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1 and 1.3.1.4.
    pub static CAUSE = {
        id: "activate.closed",
        family: "session-backend-failed",
        phase: Phase::Activate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server ends the connection before it shows a desktop",
        prior: -5,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}, and no picture had come",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| in_activation(after).then_some(matches!(how, Ending::Closed | Ending::Reset))),
            },
            Clue {
                says: "the server took its leave after {after}: {reason}",
                denies: "the server took its leave earlier or later",
                reads: &[FactKind::ServerDisconnected],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ServerDisconnected { after, reason } => Some(in_activation(*after) && *reason != USER_REQUESTED), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::SESSIONS],
        remedies: &["server.repair-session-backend", "server.restart-host"],
    };
}
