//! The cause `secure.server-stalls`.

use crate::prelude::*;

cause! {
    /// The server agrees to TLS and then stalls.
    ///
    /// # What the user sees
    ///
    /// "Securing remote connection" that lasts, then 0x108 or 0x904.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The negotiation is answered and the first TLS message is not. An overloaded host, a key in a slow or
    /// absent hardware module, or a look-up for revocation that waits does that. Large packets lost on the way
    /// look the same; a look with small ones tells.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 2.
    pub static CAUSE = {
        id: "secure.server-stalls",
        family: "host-unhealthy",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server agrees to TLS and then stalls",
        prior: -7,
        clues: &[
            clues::SILENT_IN_HANDSHAKE,
            Clue {
                says: "the answer before it was slow already: {first}",
                denies: "the answers before it were quick",
                reads: &[FactKind::AnswerTook],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::AnswerTook { message: Message::ConnectionConfirm, first, .. } => (*first > Micros::from_millis(700)).then_some(true), _ => None }),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::TAKEN,
            Clue {
                says: "all that the server sent arrived",
                denies: "the server did send more, and it was lost: {after_a_gap} came while an earlier one was missing",
                reads: &[FactKind::PathMeasured, FactKind::Ended],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.server_packets_missing()),
            },
            clues::HELLO_TIMED_OUT,
            clues::STOPPED_COMING,
            clues::NOT_BY_THE_BYTE,
        ],
        asks: &[&asks::LOAD, &asks::SCHANNEL, &asks::MTU],
        remedies: &["server.relieve", "server.restart-service"],
    };
}
