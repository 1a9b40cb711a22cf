//! The cause `authenticate.answer-unknown`.

use crate::prelude::*;

cause! {
    /// The server answers NLA in another way than NTLM.
    ///
    /// # What the user sees
    ///
    /// Nothing, when the client can do it too.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer carries a token that is no NTLM challenge: Kerberos only, or a package of its own. What comes
    /// of it shows with a user.
    ///
    /// # Who mends it, and how
    ///
    /// Nobody, unless the logon fails.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 2.2.1.
    pub static CAUSE = {
        id: "authenticate.answer-unknown",
        family: "server-app-misconfig",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Note,
        title: "The server answers NLA in another way than NTLM",
        prior: -5,
        clues: &[
            Clue {
                says: "the server's token is no NTLM challenge",
                denies: "the server's token is an NTLM challenge",
                reads: &[FactKind::CredSspAnswered],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::CredSspAnswered { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "no NTLM challenge came",
                denies: "an NTLM challenge came",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| seen.any(|fact| match fact { Fact::NtlmChallenged { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::WITH_USER, &asks::FAILED_LOGONS],
        remedies: &["client.use-full-name-for-kerberos"],
    };
}
