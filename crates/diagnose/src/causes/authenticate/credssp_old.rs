//! The cause `authenticate.credssp-old`.

use crate::prelude::*;

cause! {
    /// The server speaks CredSSP from before the update of 2018.
    ///
    /// # What the user sees
    ///
    /// "This could be due to CredSSP encryption oracle remediation", on clients with the update.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The version in the server's answer is older than 5. Patched clients refuse to hand their credentials to
    /// it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server installs its updates.
    ///
    /// # Sources
    ///
    /// CVE-2018-0886; [MS-CSSP] 2.2.1.
    pub static CAUSE = {
        id: "authenticate.credssp-old",
        family: "credssp-oracle",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server speaks CredSSP from before the update of 2018",
        prior: -3,
        clues: &[
            Clue {
                says: "the server speaks CredSSP version {credssp}",
                denies: "the server speaks CredSSP version {credssp}",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NtlmChallenged { version, .. } => Some(*version < 5), _ => None }),
            },
        ],
        asks: &[&asks::POLICY],
        remedies: &["server.update"],
    };
}
