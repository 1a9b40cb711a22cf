//! The cause `secure.no-common-version`.

use crate::prelude::*;

cause! {
    /// Server and client have no TLS version in common.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred", "a security package error", or TLS_CONNECT_FAILED in FreeRDP.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server ends TLS with an alert that says so (protocol version), or with a general one, or with a
    /// reset; and it answers when another version is offered. Old Windows hosts know only TLS 1.0; hardened ones
    /// no longer do; so with clients.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the older side updates it. Opening the newer side to old TLS weakens it.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 6.2; RFC 8996.
    pub static CAUSE = {
        id: "secure.no-common-version",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Server and client have no TLS version in common",
        prior: -4,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, .. } => (*alert == TlsAlert::PROTOCOL_VERSION).then_some(true), _ => None }),
            },
            Clue {
                says: "the server answered with alert {alert}, as some do for a version they do not know",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted, FactKind::TlsOffered],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.alerted_where_a_version_is_left_out(&[TlsAlert::INTERNAL_ERROR, TlsAlert::HANDSHAKE_FAILURE]),
            },
            Clue {
                says: "the server, which is no Windows host, answered with alert {alert}, as OpenSSL does when its settings leave it no version",
                denies: "the server sent another alert",
                reads: &[FactKind::NegotiationChosen, FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.program_alerted(TlsAlert::INTERNAL_ERROR),
            },
            Clue {
                says: "our side ended with alert {alert}: {reason}",
                denies: "our side had another objection",
                reads: &[FactKind::TlsRejected],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsRejected { alert, .. } => (*alert == TlsAlert::PROTOCOL_VERSION).then_some(true), _ => None }),
            },
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection stayed open",
                reads: &[FactKind::Ended],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.ended(|how, after| (after == Message::ClientHello && matches!(how, Ending::Reset | Ending::Closed)).then_some(true)),
            },
            Clue {
                says: "with the newest version left out of the offer, the server fares the same",
                denies: "the server answers with {version}, which the client offers too: there is a version in common",
                reads: &[FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::TlsOffered, FactKind::SegmentsLimited],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.newest_not_borne()),
            },
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36871)]),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::SECURITY_LAYER_DROPPED,
            Clue {
                says: "{computer} logged {event}, {times}: it refused the version of TLS",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event_with("Schannel", 36888, &["AlertDesc"], &[70]),
            },
        ],
        asks: &[&asks::SCHANNEL, &asks::SERVER_LOG],
        remedies: &["server.enable-tls-versions", "client.update", "server.allow-old-tls"],
    };
}
