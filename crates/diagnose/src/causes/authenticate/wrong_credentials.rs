//! The cause `authenticate.wrong-credentials`.

use crate::prelude::*;

cause! {
    /// User name or password is wrong.
    ///
    /// # What the user sees
    ///
    /// "Your credentials did not work", or "the logon attempt failed".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status. A saved old password, the wrong domain before the name, and a
    /// keyboard layout are the usual reasons. The Security log, event 4625, Sub Status, tells an unknown name
    /// (0xC0000064) from a wrong password (0xC000006A). Said before the client has named anybody, the same status
    /// is no word on a name or a password. Servers built on FreeRDP, such as GNOME's, say 0xC00700EA of every logon
    /// they do not accept, and those built on IronRDP 0xC007030C. Without NLA some servers, IronRDP's among them, say
    /// nothing and close when user and password have come with the client information.
    ///
    /// # Who mends it, and how
    ///
    /// The user; the help desk if the password is lost.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1; Microsoft Learn: event 4625; FreeRDP: nla_server_authenticate in libfreerdp/core/nla.c;
    /// sspi-rs: construct_error in src/credssp/mod.rs; [MS-RDPBCGR] 2.2.1.11.1.1.
    pub static CAUSE = {
        id: "authenticate.wrong-credentials",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "User name or password is wrong",
        prior: -4,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| match seen.status_of_account(&[0xC000_006D, 0xC000_006A, 0xC000_0064, 0xC000_006B, 0x8009_030C, 0xC000_0073]) { Reading::Against(_) if matches!(seen.status(&[0xC007_00EA]), Reading::For(_)) => Reading::Silent, reading => reading },
            },
            Clue {
                says: "the server refused with {error}",
                denies: "the server refused with {error}{unnamed}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.status_of_account(&[0xC007_00EA]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: wrong name or password",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Microsoft-Windows-Security-Auditing", 4625, &["SubStatus", "Status"], &[0xC000_0064, 0xC000_006A, 0xC000_006D]),
            },
            logged!("its log", Fair, "AUTH_FAIL", "PAM_FAIL", "PASSWORD_FAIL", "GRD_WRONG_USER"),
            Clue {
                says: "{computer} logged {event}, {times}: wrong name or password",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 140)]),
            },
            Clue {
                says: "inside the session the server told that the logon failed: {notice}",
                denies: "the server told of another reason: {notice}",
                reads: &[FactKind::LogonNotified],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.notified(&[0]),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}, which brought user and password",
                denies: "the server went on with user and password",
                reads: &[FactKind::Ended, FactKind::ClientInformed, FactKind::LogonAccepted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.closed_on_logon_inside(),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::USER_UNKNOWN)),
            Clue {
                says: "the Kerberos server {kdc} refused the password: {said}",
                denies: "the Kerberos server {kdc} took the password: {said}",
                reads: &[FactKind::TicketAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.password_of_kerberos(),
            },
            Clue {
                says: "the host did not take the ticket of the domain",
                denies: "the domain gave a ticket for the password, and the host did not take that: {ticket}",
                reads: &[FactKind::LogonNegotiated],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::LogonNegotiated { error: Some(_), .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["client.use-other-credentials", "domain.reset-password", "client.forget-saved-password"],
    };
}
