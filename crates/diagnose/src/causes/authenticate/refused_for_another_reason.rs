//! The cause `authenticate.refused-for-another-reason`.

use crate::prelude::*;

cause! {
    /// The server refuses the logon with a rare status.
    ///
    /// # What the user sees
    ///
    /// "An authentication error has occurred" with a number.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server sent a status that no other cause here explains. The Security log of the host, event 4625, and
    /// the Netlogon log say more.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.refused-for-another-reason",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server refuses the logon with a rare status",
        prior: -8,
        clues: &[
            Clue {
                says: "the server refused with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::CredSspRefused { error, .. } => (!KNOWN_STATUS.contains(&error.meant().0)).then_some(true), _ => None }),
            },
            clues::REFUSED_UNNAMED,
        ],
        asks: &[&asks::WITH_USER, &asks::FAILED_LOGONS],
        remedies: &["client.use-other-credentials", "server.update"],
    };
}
