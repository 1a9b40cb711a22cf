//! The cause `secure.client-refuses-certificate`.

use crate::prelude::*;

cause! {
    /// The client refuses the server's certificate.
    ///
    /// # What the user sees
    ///
    /// The connection ends at once, with a word of a certificate or none. Other programs, which ask or do not look at
    /// the certificate, connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server did its part: it showed a certificate, and the client answered with a TLS alert about it. The alert
    /// says what the client holds against it: unknown CA, that it does not trust the issuer, as with the certificate
    /// that Windows makes for itself; expired, that it is out of its time, by the client's clock; bad certificate,
    /// most often that it is for another name. What else is wrong with the certificate stands beside, where it can be
    /// seen. Microsoft's own client asks the user and sends no alert.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server gives it a certificate for the name that is used, in its time, from an
    /// authority that the clients trust. Where the certificate is the right one, the client has to be told to trust
    /// its issuer.
    ///
    /// # Sources
    ///
    /// RFC 5246 section 7.2.2; RFC 8446 section 6.2.
    pub static CAUSE = {
        id: "secure.client-refuses-certificate",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The client refuses the server's certificate",
        prior: -5,
        clues: &[
            Clue {
                says: "the client answered the certificate with alert {alert}",
                denies: "the client's alert, {alert}, is about no certificate",
                reads: &[FactKind::TlsRejected],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.certificate_refused(),
            },
            logged!("the client's log", Decisive, "CERT_REFUSED"),
            logged!("its log", Strong, "GUACD_TLS"),
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.certificate-for-name", "server.renew-certificate", "client.trust-certificate"],
    };
}
