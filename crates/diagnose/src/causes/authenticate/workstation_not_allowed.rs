//! The cause `authenticate.workstation-not-allowed`.

use crate::prelude::*;

cause! {
    /// The account may not sign in from this computer.
    ///
    /// # What the user sees
    ///
    /// "The system administrator has limited the computers you can log on with."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the status 0xC0000070, or its Security log does. The account has a list of computers;
    /// with NLA the name of the computer that connects has to be in it, beside that of the host.
    ///
    /// # Who mends it, and how
    ///
    /// An administrator of the domain adds the name of the computer that connects to the list of the account.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: event 4625.
    pub static CAUSE = {
        id: "authenticate.workstation-not-allowed",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account may not sign in from this computer",
        prior: -7,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_0070]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: from a computer the account is not allowed on",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0070]),
            },
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["domain.relax-account-limits", "client.use-other-credentials"],
    };
}
