//! The cause `authenticate.password-expired`.

use crate::prelude::*;

cause! {
    /// The password has expired or must be changed first.
    ///
    /// # What the user sees
    ///
    /// "You must change your password before logging on the first time", or "the password has expired"; NLA
    /// gives no way to change it.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. With NLA there is no dialog for a new password on the way in.
    ///
    /// # Who mends it, and how
    ///
    /// The user sets a new password at another place; the help desk.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.password-expired",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The password has expired or must be changed first",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_0071, 0xC000_0224, 0xC000_006C]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the password has expired",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0071, 0xC000_0224]),
            },
            Clue {
                says: "inside the session the server told that the logon failed: {notice}",
                denies: "the server told of another reason: {notice}",
                reads: &[FactKind::LogonNotified],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.notified(&[1]),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::PASSWORD_EXPIRED)),
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.reset-password"],
    };
}
