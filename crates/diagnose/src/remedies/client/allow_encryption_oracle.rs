//! The remedy `client.allow-encryption-oracle`.

use crate::prescription::*;

remedy! {
    /// Accept a server without the CredSSP update, for a while.
    ///
    /// # How
    ///
    /// Set AllowEncryptionOracle = 2 under
    /// HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters on the client, long
    /// enough to update the server through it. Then take it back.
    ///
    /// # Sources
    ///
    /// CVE-2018-0886; Microsoft Learn: CredSSP updates.
    pub static REMEDY = {
        id: "client.allow-encryption-oracle",
        side: Side::Client,
        title: "Accept a server without the CredSSP update, for a while",
        risk: Risk::Medium,
        weakens: Some("Whoever stands on the way can misuse the logon that this machine sends (CVE-2018-0886)."),
        draft: |_| Draft::Steps(vec![
            on_client(set(
                policy(
                    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters",
                    "AllowEncryptionOracle",
                ),
                dword(2),
                "This client talks to servers without the update of 2018 again: long enough to update the server.",
            )),
            person(
                Machine::Server,
                "Update the server now, through the connection that this opens, then undo this plan.",
                "The weakness stays as long as the setting does.",
            ),
        ]),
    };
}
