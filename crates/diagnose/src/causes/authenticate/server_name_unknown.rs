//! The cause `authenticate.server-name-unknown`.

use crate::prelude::*;

cause! {
    /// Kerberos does not know the host by the name used.
    ///
    /// # What the user sees
    ///
    /// "The target principal name is incorrect", or an endless question for credentials; by address it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server or the domain says so with its status: the name is an alias without registration, registered
    /// twice, or belongs to another machine.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the domain registers the name; the user takes the host's own full name.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: setspn.
    pub static CAUSE = {
        id: "authenticate.server-name-unknown",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "Kerberos does not know the host by the name used",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0x8009_0303, 0x8009_0322, 0xC000_0322, 0xC000_02FB, 0xC000_0388]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the name belongs to another account, or to several",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-Security-Kerberos", 4), ("Microsoft-Windows-Kerberos-Key-Distribution-Center", 7), ("Microsoft-Windows-Kerberos-Key-Distribution-Center", 11)]),
            },
            Clue {
                says: "asked for a ticket for the host, the Kerberos server {kdc} says: {said}",
                denies: "the Kerberos server {kdc} knows the host by this name",
                reads: &[FactKind::KdcAnswered, FactKind::TicketAnswered],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.unknown_to_kerberos(),
            },
            logged!("klist", Strong, "KRB_NO_NAME"),
        ],
        asks: &[&asks::BY_ADDRESS, &asks::CONTROLLERS, &asks::LOOK_UP],
        remedies: &["client.use-full-name-for-kerberos", "domain.register-name"],
    };
}
