//! The cause `secure.slow-handshake`.

use crate::prelude::*;

cause! {
    /// The server is slow to set up TLS.
    ///
    /// # What the user sees
    ///
    /// "Securing remote connection" takes seconds.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The handshake came up and took far longer than the way does: a busy host, a slow key store, or a look-up
    /// that waits for a time-out.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 2.
    pub static CAUSE = {
        id: "secure.slow-handshake",
        family: "host-unhealthy",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server is slow to set up TLS",
        prior: -4,
        explains: true,
        clues: &[
            Clue {
                says: "the TLS handshake took {took}",
                denies: "the TLS handshake took {took}",
                reads: &[FactKind::TlsEstablished],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.all_as_client(|fact| match fact { Fact::TlsEstablished { took, .. } => Some(*took >= Micros::from_secs(3)), _ => None }),
            },
        ],
        asks: &[&asks::LOAD, &asks::SCHANNEL],
        remedies: &["server.relieve"],
    };
}
