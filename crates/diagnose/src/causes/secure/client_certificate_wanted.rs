//! The cause `secure.client-certificate-wanted`.

use crate::prelude::*;
use crate::view::about_the_clients_certificate;

cause! {
    /// The server's TLS wants a certificate of the client.
    ///
    /// # What the user sees
    ///
    /// The connection ends after "Securing remote connection".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answered with an alert about the client's certificate, at a moment at which the client could have
    /// sent one, or with the alert that asks for one. Remote Desktop does not use client certificates in TLS: a TLS
    /// relay or tunnel in front of the host wants one.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs that relay gives the user a certificate, or another way in.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 4.3.2.
    pub static CAUSE = {
        id: "secure.client-certificate-wanted",
        family: "security-layer-mismatch",
        phase: Phase::Secure,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server's TLS wants a certificate of the client",
        prior: -5,
        clues: &[
            Clue {
                says: "the server answered with alert {alert}",
                denies: "the server sent another alert",
                reads: &[FactKind::TlsAlerted],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::TlsAlerted { alert, after } => about_the_clients_certificate(*alert, *after).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::FORWARDER],
        remedies: &["client.use-certificate"],
    };
}
