//! The cause `session.cut`.

use crate::prelude::*;

cause! {
    /// The session was cut in the middle.
    ///
    /// # What the user sees
    ///
    /// A session that freezes, then "reconnecting".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The session ran, and the connection ended by a reset or in silence without a goodbye. Address translation
    /// that forgets idle connections, a wireless change, a VPN that renews its keys do that.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network.
    ///
    /// # Sources
    ///
    /// RFC 5382; [MS-RDPBCGR] 5.5.
    pub static CAUSE = {
        id: "session.cut",
        family: "middlebox-reset",
        phase: Phase::Session,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The session was cut in the middle",
        prior: -5,
        clues: &[
            Clue {
                says: "the connection was {how} in the session, {waited} after its last data",
                denies: "the connection ended in good order",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (after == Message::SessionData && matches!(how, Ending::Reset | Ending::Silence | Ending::Unreachable)).then_some(true)),
            },
            Clue {
                says: "the reset took another number of hops ({ttl} left) than the server's other packets ({usual})",
                denies: "the reset came the way the server's packets come",
                reads: &[FactKind::Ended, FactKind::ResetFromElsewhere],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| match seen.ended(|_, after| (after == Message::SessionData).then_some(true)) {
                    crate::Reading::For(_) => seen.any_as_client(|fact| match fact { Fact::ResetFromElsewhere { .. } => Some(true), _ => None }),
                    _ => crate::Reading::Silent,
                },
            },
        ],
        asks: &[&asks::CAPTURE, &asks::FROM_ELSEWHERE],
        remedies: &["network.restore-route"],
    };
}
