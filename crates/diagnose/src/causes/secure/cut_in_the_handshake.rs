//! The cause `secure.cut-in-the-handshake`.

use crate::prelude::*;

cause! {
    /// TLS is cut in the middle of its handshake.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error has occurred" after "Securing remote connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered in TLS, and before the handshake was over the connection was closed or reset.
    /// Inspection devices that read the certificate and dislike it cut there.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device; the server's log tells whether it gave up itself.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 2.
    pub static CAUSE = {
        id: "secure.cut-in-the-handshake",
        family: "middlebox-reset",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "TLS is cut in the middle of its handshake",
        prior: -7,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| (Message::ServerHello..Message::ServerFinished).contains(&after).then_some(matches!(how, Ending::Reset | Ending::Closed | Ending::Unreachable))),
            },
            clues::TLS_NEVER_UP_FOR_BOTH,
            clues::RESET_FROM_ELSEWHERE,
            clues::RESET_TOO_SOON,
        ],
        asks: &[&asks::INSPECTION, &asks::SCHANNEL, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
