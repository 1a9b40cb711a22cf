//! The cause `authenticate.account-restricted`.

use crate::prelude::*;

cause! {
    /// A restriction of the account forbids this logon.
    ///
    /// # What the user sees
    ///
    /// "A user account restriction is preventing you from logging on".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status: an empty password over the network, a workstation list, an hour of
    /// the day, or a policy that protects the account from delegation.
    ///
    /// # Who mends it, and how
    ///
    /// The help desk changes the restriction, or the user connects as allowed.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: Protected Users.
    pub static CAUSE = {
        id: "authenticate.account-restricted",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "A restriction of the account forbids this logon",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_006E, 0xC000_0247, 0xC000_0248]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: a restriction of the account",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_006E]),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::POLICY)),
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.relax-account-limits", "client.use-other-credentials"],
    };
}
