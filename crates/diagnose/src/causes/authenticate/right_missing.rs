//! The cause `authenticate.right-missing`.

use crate::prelude::*;

cause! {
    /// The account may not sign in over Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// "The connection was denied because the user account is not authorized for remote login".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status: the credentials are right, and the right to sign in this way is
    /// missing or denied. With NLA the right to reach the computer from the network counts too.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or the domain.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: Allow log on through Remote Desktop Services.
    pub static CAUSE = {
        id: "authenticate.right-missing",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The account may not sign in over Remote Desktop",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status_of_account(&[0xC000_015B, 0xC000_0155, 0xC000_0022, 0xC000_0061, 0xC000_0413, 0xC00A_002B, 0xC00A_0037]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the right to sign in is missing",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_015B]),
            },
            logged!("its log", Strong, "AUTH_GROUP"),
            Clue {
                says: "{computer} logged {event}, {times}: the user is not among those who may sign in over Remote Desktop",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-Security-Auditing", 4825)]),
            },
            logged!("the client's log", Strong, "EARLY_AUTH", "GUACD_ACCOUNT"),
            Clue {
                says: "the server accepted the password and then the user not: {authorization}",
                denies: "the server accepted the password, and the user may connect",
                reads: &[FactKind::LogonAuthorized],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::LogonAuthorized { result } => Some(*result != 0), _ => None }),
            },
        ],
        asks: &[&asks::FAILED_LOGONS, &asks::POLICY],
        remedies: &["domain.grant-logon"],
    };
}
