//! The cause `negotiate.listener-broken`.

use crate::prelude::*;

cause! {
    /// The Remote Desktop listener accepts connections and fails on each.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error has occurred" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port opens, and the connection ends at its first message without an answer. A patched or mismatched
    /// termsrv.dll, a broken listener key in the registry or a listener whose security provider cannot load do
    /// that. Local attempts on the host fail in the same way.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Remote Desktop listener.
    pub static CAUSE = {
        id: "negotiate.listener-broken",
        family: "listener-broken",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The Remote Desktop listener accepts connections and fails on each",
        prior: -7,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "no answer came in {waited}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| (after == Message::ConnectionRequest).then_some(how != Ending::Silence)),
            },
            clues::NO_REMOTE_DESKTOP_CONFIRMED,
        ],
        asks: &[&asks::SERVICE, &asks::ARRIVED, &asks::LISTENING],
        remedies: &["server.restore-listener", "server.restart-service"],
    };
}
