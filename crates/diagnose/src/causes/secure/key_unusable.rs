//! The cause `secure.key-unusable`.

use crate::prelude::*;

cause! {
    /// The server cannot use the private key of its Remote Desktop certificate.
    ///
    /// # What the user sees
    ///
    /// 0x904 with 0x7, or "an internal error has occurred", after "Securing remote connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server agrees to TLS and ends the connection at the first TLS message, whatever is offered in it: a
    /// Windows listener does that when its service may not read the key, when the key was imported without being
    /// kept, or when its kind is not one the listener can use. Schannel writes event 36870 at each attempt. A
    /// damaged certificate, a damaged key store and a device on the way look the same from outside.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server gives the service access to the key, or binds another certificate. Not
    /// the user and not the network.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Schannel events; Remote Desktop listener certificate configurations.
    pub static CAUSE = {
        id: "secure.key-unusable",
        family: "cert-key-unusable",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server cannot use the private key of its Remote Desktop certificate",
        prior: -5,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection was not reset, and a key that cannot be used makes a Windows host reset it",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.reset_at_hello_at_once(),
            },
            clues::CLOSED_AT_HELLO,
            clues::EVERY_HELLO_ENDED,
            clues::TLS_NEVER_UP,
            Clue {
                says: "{computer} logged {event}, {times}: the private key could not be used",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36870), ("Schannel", 36869)]),
            },
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsAlerted { alert, .. } => matches!(*alert, TlsAlert::INTERNAL_ERROR | TlsAlert::HANDSHAKE_FAILURE).then_some(true), _ => None }),
            },
            clues::SECURITY_LAYER_DROPPED,
            clues::WINDOWS_CHOICE,
            clues::HANDSHAKES_LOGGED,
        ],
        asks: &[&asks::SCHANNEL, &asks::CERTIFICATE_STORE, &asks::FROM_INSIDE],
        roots: &["secure.key-store-permissions"],
        remedies: &["server.grant-key-access", "server.rebind-certificate", "server.renew-certificate"],
    };
}
