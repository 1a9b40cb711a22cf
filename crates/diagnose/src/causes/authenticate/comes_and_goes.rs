//! The cause `authenticate.comes-and-goes`.

use crate::prelude::*;

cause! {
    /// NLA is answered on some connections and not on others.
    ///
    /// # What the user sees
    ///
    /// It fails, and the second or third try works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// In no other way different, some connections get the NLA challenge and some are ended before it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host or of the balancer.
    ///
    /// # Sources
    ///
    /// haproxy: maxconn.
    pub static CAUSE = {
        id: "authenticate.comes-and-goes",
        family: "connection-limit",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "NLA is answered on some connections and not on others",
        prior: -9,
        clues: &[
            Clue {
                says: "the connection was {how} after {after}, and other attempts got an answer",
                denies: "all attempts fare the same",
                reads: &[FactKind::Ended, FactKind::NtlmChallenged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.now_and_then(|observation| match &observation.fact { Fact::NtlmChallenged { .. } if seen.as_client(observation) => Some(false), Fact::Ended { after, .. } if seen.as_client(observation) && at_logon(*after, true).is_some() && *after != Message::CredSspAuthenticate => Some(true), _ => None }),
            },
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::AGAIN, &asks::SESSIONS],
        remedies: &["server.raise-connection-limit", "network.repair-forwarder"],
    };
}
