//! The cause `authenticate.logon-hours`.

use crate::prelude::*;

cause! {
    /// The account may not sign in at this hour.
    ///
    /// # What the user sees
    ///
    /// "Your account has time restrictions that prevent you from logging on at this time."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the status 0xC000006F, or its Security log does. At another hour the same logon works;
    /// other users get in now.
    ///
    /// # Who mends it, and how
    ///
    /// An administrator of the domain widens the hours of the account.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: event 4625.
    pub static CAUSE = {
        id: "authenticate.logon-hours",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account may not sign in at this hour",
        prior: -7,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_006F]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: outside the hours of the account",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_006F]),
            },
        ],
        topics: &[Topic::LogonHours],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.relax-account-limits"],
    };
}
