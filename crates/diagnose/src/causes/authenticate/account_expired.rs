//! The cause `authenticate.account-expired`.

use crate::prelude::*;

cause! {
    /// The account is past its end date.
    ///
    /// # What the user sees
    ///
    /// "Your account has expired. Please see your system administrator."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the status, or its Security log does: the account had an end date. A disabled account
    /// and an expired password have statuses of their own.
    ///
    /// # Who mends it, and how
    ///
    /// An administrator of the domain sets a later end date.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: event 4625.
    pub static CAUSE = {
        id: "authenticate.account-expired",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account is past its end date",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_0193]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the account has expired",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0193]),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::NAME_EXPIRED)),
            clues::REVOKED,
        ],
        topics: &[Topic::AccountExpired],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.unlock-account", "client.use-other-credentials"],
    };
}
