//! The cause `authenticate.reset-on-the-way`.

use crate::prelude::*;

cause! {
    /// Something on the way cuts the connection when the logon begins.
    ///
    /// # What the user sees
    ///
    /// 0x904 after the certificate question; from another network it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and the first encrypted message is answered by a reset. Devices that judge a connection by
    /// its first encrypted data cut there; so does software on the host. A close in good order is rather the
    /// server's own.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 3360.
    pub static CAUSE = {
        id: "authenticate.reset-on-the-way",
        family: "middlebox-reset",
        phase: Phase::Authenticate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way cuts the connection when the logon begins",
        prior: -6,
        clues: &[
            Clue {
                says: "the connection was reset {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Reset)),
            },
            Clue {
                says: "the reset took another number of hops ({ttl} left) than the server's other packets ({usual})",
                denies: "the reset came the way the server's packets come",
                reads: &[FactKind::ResetFromElsewhere],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ResetFromElsewhere { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "the reset came after {waited}, sooner than the host can answer",
                denies: "the reset took as long as an answer of the host",
                reads: &[FactKind::Ended, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.reset_sooner_than_a_round_trip(),
            },
            Clue {
                says: "NLA never answered the client",
                denies: "NLA answered the client",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NtlmChallenged { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FROM_INSIDE, &asks::INSPECTION, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
