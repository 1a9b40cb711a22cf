//! The cause `authenticate.smart-card`.

use crate::prelude::*;

cause! {
    /// The smart card logon does not work.
    ///
    /// # What the user sees
    ///
    /// "The smart card certificate used for authentication was not trusted", "no valid certificates", or a wrong
    /// PIN.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says so with its status: a wrong PIN, a blocked card, an expired or untrusted certificate, or
    /// an account that may sign in with a card only.
    ///
    /// # Who mends it, and how
    ///
    /// The user for PIN and card; the administrator of the domain for trust.
    ///
    /// # Sources
    ///
    /// [MS-ERREF] 2.3.1.
    pub static CAUSE = {
        id: "authenticate.smart-card",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The smart card logon does not work",
        prior: -6,
        clues: &[
            Clue {
                says: "the server refused the logon with {error}",
                denies: "the server refused with {error}",
                reads: &[FactKind::CredSspRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::CredSspRefused { error, .. } => Some(matches!(error.meant().0, 0xC000_02F9 | 0xC000_02FA | 0xC000_0320 | 0xC000_0321 | 0xC000_0380..=0xC000_0387 | 0xC000_0389..=0xC000_038D)), _ => None }),
            },
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["client.use-certificate", "domain.reach-controllers"],
    };
}
