//! The cause `authenticate.kerberos-encryption`.

use crate::prelude::*;

cause! {
    /// Client, host and domain have no Kerberos encryption in common.
    ///
    /// # What the user sees
    ///
    /// An authentication error with 0x80090342, "the encryption type requested is not supported by the KDC"; by
    /// its address the host can be reached, because NTLM is taken then.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server names the status, or the controllers log events 14, 16 or 27 of the Kerberos Key Distribution
    /// Center: RC4 was switched off on one side, or an account has no AES keys because its password is older
    /// than that. A name that Kerberos does not know has other statuses.
    ///
    /// # Who mends it, and how
    ///
    /// An administrator of the domain allows AES on both sides and sets a new password for the account that
    /// lacks its keys.
    ///
    /// # Sources
    ///
    /// [MS-KILE] 3.1.5.2; Microsoft Learn: event 27 of Kerberos-Key-Distribution-Center.
    pub static CAUSE = {
        id: "authenticate.kerberos-encryption",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Blocking,
        title: "Client, host and domain have no Kerberos encryption in common",
        prior: -7,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0x8009_0342]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: no common encryption for a ticket",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-Kerberos-Key-Distribution-Center", 14), ("Microsoft-Windows-Kerberos-Key-Distribution-Center", 16), ("Microsoft-Windows-Kerberos-Key-Distribution-Center", 27)]),
            },
            clues::kdc_says(|seen| seen.kerberos(KerberosError::ENCRYPTION)),
        ],
        asks: &[&asks::CONTROLLERS, &asks::POLICY],
        remedies: &["domain.reset-password", "domain.allow-logon-protocol"],
    };
}
