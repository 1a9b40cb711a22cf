//! The cause `authenticate.slow`.

use crate::prelude::*;

cause! {
    /// The server is slow to answer NLA.
    ///
    /// # What the user sees
    ///
    /// A pause after the logon was typed.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS was quick and the NLA answer took seconds: the host asks something that does not answer at once, most
    /// often its domain.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or the domain.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5.
    pub static CAUSE = {
        id: "authenticate.slow",
        family: "nla-kerberos-path",
        phase: Phase::Authenticate,
        side: Side::Domain,
        severity: Severity::Degrading,
        title: "The server is slow to answer NLA",
        prior: -5,
        explains: true,
        clues: &[
            Clue {
                says: "the NLA challenge took {first}",
                denies: "the NLA challenge took {first}",
                reads: &[FactKind::AnswerTook],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::AnswerTook { message: Message::CredSspChallenge, first, .. } => Some(*first >= Micros::from_secs(2)), _ => None }),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::CONTROLLERS, &asks::LOAD],
        remedies: &["domain.reach-controllers", "server.relieve"],
    };
}
