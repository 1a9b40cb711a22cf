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
                look: |seen| seen.unanswered(|how, after| (after == Message::ConnectionRequest && !seen.ended_late()).then_some(how != Ending::Silence)),
            },
            clues::NO_REMOTE_DESKTOP_CONFIRMED,
            clues::NOBODY_WAS_ANSWERED,
            Clue {
                says: "{computer} logged {event}, {times}: the listener failed",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1035), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1036), ("TermService", 1035), ("TermService", 1036)]),
            },
            Clue {
                says: "the service loads {value} in place of the termsrv.dll of Windows",
                denies: "the service loads the termsrv.dll of Windows",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.setting_text(r"\Services\TermService\Parameters", "ServiceDll", |value| Some(!value.to_ascii_lowercase().ends_with(r"\system32\termsrv.dll"))),
            },
            Clue {
                says: "the connection ended only after the request was sent",
                denies: "the connection ended before anything was asked",
                reads: &[FactKind::Ended],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.ended_before_asked()),
            },
        ],
        asks: &[&asks::SERVICE, &asks::ARRIVED, &asks::LISTENING],
        remedies: &["server.restore-listener", "server.restart-service"],
    };
}
