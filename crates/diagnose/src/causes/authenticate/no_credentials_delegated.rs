//! The cause `authenticate.no-credentials-delegated`.

use crate::prelude::*;

cause! {
    /// A policy keeps the client from handing its credentials to this host.
    ///
    /// # What the user sees
    ///
    /// "Your system administrator does not allow the use of saved credentials", or no credentials arrive.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The status says that no credentials were given. A delegation policy names the hosts that may get them.
    ///
    /// # Who mends it, and how
    ///
    /// Who manages the client's policies.
    ///
    /// # Sources
    ///
    /// [MS-ERREF]; Microsoft Learn: Credentials Delegation.
    pub static CAUSE = {
        id: "authenticate.no-credentials-delegated",
        family: "security-policy-hardening",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "A policy keeps the client from handing its credentials to this host",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.status(&[0x8009_030E, 0xC000_005F, 0x8009_0345]),
            },
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["domain.delegate-credentials"],
    };
}
