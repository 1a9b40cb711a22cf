//! The cause `authenticate.ends-at-once`.

use crate::prelude::*;

cause! {
    /// The server program offers NLA and cannot carry it out.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7 after the certificate question, or "an authentication error has occurred".
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and the first NLA message is answered by a close. Server programs do that when no user or
    /// password was set up in them, when their password file is missing, or when a library for NLA is. A Windows
    /// host sends an error instead of closing.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server completes its set-up; its log names what is missing.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5; grdctl(1); freerdp-shadow-cli(1).
    pub static CAUSE = {
        id: "authenticate.ends-at-once",
        family: "server-app-misconfig",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server program offers NLA and cannot carry it out",
        prior: -4,
        clues: &[
            Clue {
                says: "the connection was closed {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Closed)),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection stayed open",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (at_logon(after, true).is_some() && how == Ending::Reset).then_some(true)),
            },
            Clue {
                says: "the server answered NLA with something else: {bytes}",
                denies: "the answer can be read",
                reads: &[FactKind::Unreadable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Unreadable { message, .. } => (*message >= Message::CredSspNegotiate && *message <= Message::CredSspAuthenticate).then_some(true), _ => None }),
            },
            clues::NLA_NEVER_ANSWERED,
            logged!("its log", Strong, "GRD_NO_CREDENTIALS", "GRD_KEYRING", "NLA_BEGIN"),
        ],
        asks: &[&asks::SERVER_LOG, &asks::FAILED_LOGONS],
        remedies: &["server.complete-setup", "server.update"],
    };
}
