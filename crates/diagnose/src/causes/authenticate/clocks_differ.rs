//! The cause `authenticate.clocks-differ`.

use crate::prelude::*;

cause! {
    /// The clocks of this machine and the server differ by more than Kerberos allows.
    ///
    /// # What the user sees
    ///
    /// Logons by name fail or fall back, "a time or date difference", certificates that look expired.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server's clock stands in its NLA challenge. More than five minutes apart, Kerberos refuses; NTLM
    /// still works within limits. Which of the two is wrong, a third clock tells.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the machine whose clock is wrong.
    ///
    /// # Sources
    ///
    /// [MS-NLMP] 2.2.2.1 (MsvAvTimestamp); RFC 4120 section 5.9.1.
    pub static CAUSE = {
        id: "authenticate.clocks-differ",
        family: "clock-skew",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The clocks of this machine and the server differ by more than Kerberos allows",
        prior: -2,
        clues: &[
            Clue {
                says: "the server's clock is {apart} away from this machine's",
                denies: "the server's clock is {apart} away from this machine's",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NtlmChallenged { challenge, seen_at, .. } => Some(challenge.clock?.0.abs_diff(seen_at.0) > 300), _ => None }),
            },
            Clue {
                says: "the clock of the Kerberos server {kdc} is {apart} away from this machine's",
                denies: "the clock of the Kerberos server {kdc} is {apart} away from this machine's",
                reads: &[FactKind::KdcAnswered],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::KdcAnswered { clock, seen_at, .. } => Some((*clock)?.0.abs_diff(seen_at.0) > 300), _ => None }),
            },
        ],
        asks: &[&asks::CLOCKS],
        remedies: &["server.sync-clock", "client.sync-clock"],
    };
}
