//! The cause `authenticate.credssp-refused`.

use crate::prelude::*;

cause! {
    /// One side lacks the CredSSP update of 2018, or a policy forbids the other side.
    ///
    /// # What the user sees
    ///
    /// "This could be due to CredSSP encryption oracle remediation", or "the function requested is not
    /// supported".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server ended CredSSP with an error about the protocol instead of the account. Old images and relays
    /// still speak the version from before 2018, and patched sides refuse it. Where both sides speak a version that
    /// has the update, nobody refuses for the want of it: then the server takes no NTLM, or nothing that was offered.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the older side updates it. The policy level Vulnerable is no mend.
    ///
    /// # Sources
    ///
    /// CVE-2018-0886; [MS-CSSP] 2.2.1 and 3.1.5.
    pub static CAUSE = {
        id: "authenticate.credssp-refused",
        family: "credssp-oracle",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "One side lacks the CredSSP update of 2018, or a policy forbids the other side",
        prior: -5,
        clues: &[
            Clue {
                says: "the server refused with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0x8009_0302, 0xC000_00BB, 0x8009_0308, 0x8009_0305, 0x8009_030F, 0xC000_000D]),
            },
            Clue {
                says: "the server speaks CredSSP version {credssp}, from before the update",
                denies: "the server speaks CredSSP version {credssp}",
                reads: &[FactKind::CredSspRefused, FactKind::NtlmChallenged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::CredSspRefused { version, .. } | Fact::NtlmChallenged { version, .. } => (*version < 5 && *version > 0).then_some(true), _ => None }),
            },
            Clue {
                says: "one side speaks a version of CredSSP from before the update",
                denies: "both sides speak a version of CredSSP that has the update: the client offered {credssp}",
                reads: &[FactKind::CredSspOffered, FactKind::NtlmChallenged, FactKind::CredSspRefused],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| seen.credssp_of_both_has_the_update(),
            },
        ],
        asks: &[&asks::FAILED_LOGONS, &asks::POLICY],
        remedies: &["client.update-credssp", "server.update", "client.allow-encryption-oracle"],
    };
}
