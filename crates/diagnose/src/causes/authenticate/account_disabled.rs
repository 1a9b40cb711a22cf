//! The cause `authenticate.account-disabled`.

use crate::prelude::*;

cause! {
    /// The account is disabled.
    ///
    /// # What the user sees
    ///
    /// "Your account has been disabled", or "the user's account has expired".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status.
    ///
    /// # Who mends it, and how
    ///
    /// The help desk.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.account-disabled",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account is disabled",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_0072, 0xC000_0198, 0xC000_0199, 0xC000_019A]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the account is disabled",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0072]),
            },
            clues::REVOKED,
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.unlock-account"],
    };
}
