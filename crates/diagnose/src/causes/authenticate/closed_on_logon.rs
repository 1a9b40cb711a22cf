//! The cause `authenticate.closed-on-logon`.

use crate::prelude::*;

cause! {
    /// The server closed on the logon and gave no reason.
    ///
    /// # What the user sees
    ///
    /// "Your credentials did not work", or the client asks again; FreeRDP says that the connection was closed.
    ///
    /// # How to tell it from its neighbours
    ///
    /// NLA was answered up to the challenge, name and password were sent, and the connection was closed instead of an
    /// answer. Servers before Windows 8, and FreeRDP's before version 3, say in this way that the user or the
    /// password is wrong, or that the account may not log on; what it was stands in the server's log alone. One
    /// such logon is enough: each counts towards a lock-out.
    ///
    /// # Who mends it, and how
    ///
    /// The user tries the name with its domain, and the password with care; then the help desk looks at event 4625.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 2.2.1 (errorCode, from version 3 on) and 3.1.5.
    pub static CAUSE = {
        id: "authenticate.closed-on-logon",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server closed on the logon and gave no reason",
        prior: -3,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}, where an answer to it was due",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| match after {
                    Message::CredSspAuthenticate => Some(matches!(how, Ending::Closed | Ending::Reset)),
                    Message::CredSspNegotiate | Message::CredSspChallenge => Some(false),
                    _ => None,
                }),
            },
            Clue {
                says: "no logon was accepted",
                denies: "a logon was accepted",
                reads: &[FactKind::LogonAccepted],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::LogonAccepted { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["client.use-other-credentials", "domain.unlock-account", "domain.reset-password", "client.forget-saved-password"],
    };
}
