//! The cause `authenticate.logon-refused`.

use crate::prelude::*;

cause! {
    /// The server refused the logon, and its reason is encrypted.
    ///
    /// # What the user sees
    ///
    /// "Your credentials did not work", or the client asks again.
    ///
    /// # How to tell it from its neighbours
    ///
    /// NLA went on up to the logon, and the server's last answer is too small for anything but an error code.
    /// Which one it is, only the two ends can read: the client shows it, and the host's Security log has it in
    /// event 4625.
    ///
    /// # Who mends it, and how
    ///
    /// The user tries name and password once with care; then the help desk looks at event 4625.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 2.2.1 (errorCode).
    pub static CAUSE = {
        id: "authenticate.logon-refused",
        family: "account-or-right-denied",
        phase: Phase::Authenticate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server refused the logon, and its reason is encrypted",
        prior: -3,
        clues: &[
            Clue {
                says: "the server's last NLA answer is too small to hold more than an error code",
                denies: "the server's last NLA answer is large enough for more than an error code",
                reads: &[FactKind::CredSspAnswerTooSmall],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::CredSspAnswerTooSmall { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "its log counts connections that were refused for a wrong name or password",
                denies: "its log counts none that was refused",
                reads: &[FactKind::ConnectionsLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::ConnectionsLogged { wrong_credentials, seen, .. } => (*wrong_credentials > 0 && wrong_credentials.saturating_mul(2) >= *seen).then_some(true), _ => None }),
            },
            Clue {
                says: "no session ran",
                denies: "a session ran",
                reads: &[FactKind::SessionRan],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::SessionRan { .. } => Some(false), _ => None }),
            },
            logged!("its log", Fair, "NLA_NTSTATUS", "GUACD_CREDENTIALS", "LOGIN_FAIL"),
        ],
        asks: &[&asks::FAILED_LOGONS],
        remedies: &["client.use-other-credentials", "domain.unlock-account", "domain.reset-password", "client.forget-saved-password"],
        topics: &[Topic::AuthenticationFailed],
    };
}
