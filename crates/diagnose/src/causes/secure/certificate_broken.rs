//! The cause `secure.certificate-broken`.

use crate::prelude::*;

cause! {
    /// The server's Remote Desktop certificate is damaged, missing or was not renewed.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7, or "an internal error has occurred", after "Securing remote connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server agrees to TLS and ends the connection at the first TLS message. A thumbprint that names no
    /// certificate, or a certificate that expired while its replacement failed, does that. From outside it looks
    /// like a key that cannot be used.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server has the certificate made again.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Remote Desktop listener certificate configurations.
    pub static CAUSE = {
        id: "secure.certificate-broken",
        family: "rdp-cert-stale",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server's Remote Desktop certificate is damaged, missing or was not renewed",
        prior: -7,
        clues: &[
            clues::RESET_AT_HELLO_AT_ONCE,
            clues::CLOSED_AT_HELLO,
            clues::EVERY_HELLO_ENDED,
            Clue {
                says: "TLS never came up",
                denies: "TLS came up on another connection, with the server's certificate",
                reads: &[FactKind::TlsEstablished],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::TlsEstablished { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "the certificate the listener is told to use ({setting}) is in none of its stores",
                denies: "the certificate the listener is told to use is in its store",
                reads: &[FactKind::SettingFound],
                weight: Weight::Decisive,
                against: Weight::Fair,
                look: |seen| seen.bound_to_nothing(),
            },
            Clue {
                says: "the certificate in use has no private key on this machine: {key}",
                denies: "the private key of the certificate in use is known to this machine",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.certificate_without_key(),
            },
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1051), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1059), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1064), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1065), ("Schannel", 36872)]),
            },
            clues::WINDOWS_CHOICE,
            clues::HANDSHAKES_LOGGED,
        ],
        asks: &[&asks::CERTIFICATE_EVENTS, &asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate", "server.rebind-certificate"],
    };
}
