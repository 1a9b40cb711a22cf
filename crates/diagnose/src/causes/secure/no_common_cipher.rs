//! The cause `secure.no-common-cipher`.

use crate::prelude::*;

cause! {
    /// Server and client have no cipher suite in common.
    ///
    /// # What the user sees
    ///
    /// "An internal error has occurred", or TLS_CONNECT_FAILED in FreeRDP.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answers the first TLS message with the alert handshake failure or insufficient security.
    /// Schannel writes event 36874. A cipher list that was hardened on one side, or a certificate whose key fits
    /// none of the suites, does that.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever changed the list; often a policy on the server.
    ///
    /// # Sources
    ///
    /// RFC 5246 section 7.2.2; Microsoft Learn: Schannel event 36874.
    pub static CAUSE = {
        id: "secure.no-common-cipher",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Server and client have no cipher suite in common",
        prior: -5,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server answered with alert {alert}",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.alerted(&[TlsAlert::HANDSHAKE_FAILURE, TlsAlert::INSUFFICIENT_SECURITY]),
            },
            Clue {
                says: "{computer} logged {event}, {times}: no cipher suite in common",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36874)]),
            },
            clues::TLS_NEVER_UP_FOR_CLIENT,
            clues::SECURITY_LAYER_DROPPED,
            Clue {
                says: "{computer} logged {event}, {times}: it refused the handshake",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event_with("Schannel", 36888, &["AlertDesc"], &[40, 71]),
            },
            Clue {
                says: "the server answers to no other version either",
                denies: "with the newest version left out of the offer, the server answers with {version}: there is a suite in common",
                reads: &[FactKind::TlsEstablished, FactKind::TlsChosen, FactKind::TlsAlerted, FactKind::Ended, FactKind::TlsOffered, FactKind::SegmentsLimited],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.newest_not_borne()),
            },
        ],
        asks: &[&asks::SCHANNEL, &asks::SERVER_LOG, &asks::POLICY],
        roots: &["secure.hardened-by-policy"],
        remedies: &["server.restore-cipher-suites", "client.update"],
    };
}
