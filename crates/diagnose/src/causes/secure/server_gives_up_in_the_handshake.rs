//! The cause `secure.server-gives-up-in-the-handshake`.

use crate::prelude::*;

cause! {
    /// The server gives up in the middle of the TLS handshake.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "an internal error has occurred" after "Securing remote connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered in TLS and ended the connection before the handshake was over, without an alert: a
    /// signature or key exchange that failed inside, or a check of the client that it does not talk about.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 2.
    pub static CAUSE = {
        id: "secure.server-gives-up-in-the-handshake",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server gives up in the middle of the TLS handshake",
        prior: -7,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| (Message::ServerHello..Message::ServerFinished).contains(&after).then_some(matches!(how, Ending::Reset | Ending::Closed))),
            },
            clues::TLS_NEVER_UP_FOR_BOTH,
            logged!("its log", Strong, "TLS_PROTOCOL", "TLS_CIPHER_CFG", "TLS_PROTO_CFG", "TLS_CTX"),
            Clue {
                says: "{computer} logged {event}, {times}: it refused the handshake",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36888)]),
            },
        ],
        asks: &[&asks::SCHANNEL, &asks::SERVER_LOG, &asks::INSPECTION],
        remedies: &["server.replace-key-pair", "server.restore-cipher-suites", "server.update"],
    };
}
