//! The cause `authenticate.account-locked`.

use crate::prelude::*;

cause! {
    /// The account is locked after too many wrong passwords.
    ///
    /// # What the user sees
    ///
    /// "The account has been locked because there were too many logon attempts".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. Something goes on guessing or using an old password: event 4740 on a
    /// controller names the machine.
    ///
    /// # Who mends it, and how
    ///
    /// The help desk.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.account-locked",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account is locked after too many wrong passwords",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_0234]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the account is locked",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0234]),
            },
            clues::REVOKED,
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.unlock-account"],
    };
}
