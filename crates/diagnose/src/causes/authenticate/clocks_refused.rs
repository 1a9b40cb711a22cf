//! The cause `authenticate.clocks-refused`.

use crate::prelude::*;

cause! {
    /// The clocks are too far apart for the logon.
    ///
    /// # What the user sees
    ///
    /// "There is a time or date difference between the client and server".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status, the Kerberos server where it is asked for a ticket, or the host where it is
    /// shown one: a ticket that is not valid yet for the host comes from a clock that is ahead of the host's. Kerberos
    /// allows five minutes. A client goes on to NTLM, which some hosts do not take.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the machine whose clock is wrong.
    ///
    /// # Sources
    ///
    /// RFC 4120 section 5.9.1; [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.clocks-refused",
        family: "clock-skew",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "The clocks are too far apart for the logon",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused, FactKind::LogonNegotiated],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| match seen.ticket_out_of_time() { Reading::For(_) => Reading::Silent, _ => seen.status(&[0xC000_0133, 0x8009_0324]) },
            },
            Clue {
                says: "the host did not take the ticket of the domain: {ticket}",
                denies: "the host took the ticket of the domain",
                reads: &[FactKind::LogonNegotiated],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.ticket_out_of_time(),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::CLOCKS)),
            logged!("Kerberos", Strong, "KRB_CLOCK"),
        ],
        asks: &[&asks::CLOCKS],
        remedies: &["domain.sync-clocks", "server.sync-clock", "client.sync-clock"],
    };
}
