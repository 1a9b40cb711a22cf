//! The cause `secure.certificate-revoked`.

use crate::prelude::*;

cause! {
    /// The server's certificate has been revoked by its authority.
    ///
    /// # What the user sees
    ///
    /// "The certificate has been revoked" or "it is not safe to connect"; there is no way to go on.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The handshake completes with a client that does not ask. The client logs Schannel event 36883, or says
    /// that the certificate was revoked. A list of revocations that cannot be fetched is another thing: then
    /// the client says that it could not check.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server binds a new certificate, and asks the authority why the old one was
    /// revoked.
    ///
    /// # Sources
    ///
    /// RFC 5280 section 5; Microsoft Learn: Schannel events.
    pub static CAUSE = {
        id: "secure.certificate-revoked",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server's certificate has been revoked by its authority",
        prior: -7,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: the certificate is revoked",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36883)]),
            },
        ],
        topics: &[Topic::CertificateRevoked],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.renew-certificate", "server.rebind-certificate"],
    };
}
