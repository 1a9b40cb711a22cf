//! The cause `secure.certificate-chain-incomplete`.

use crate::prelude::*;

cause! {
    /// The server does not send the certificates between its own and the authority.
    ///
    /// # What the user sees
    ///
    /// A warning that the identity cannot be verified, on some machines; on others, which know the intermediate
    /// authority, none.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The certificate was issued by an authority and came alone.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server completes the chain.
    ///
    /// # Sources
    ///
    /// RFC 8446 section 4.4.2.
    pub static CAUSE = {
        id: "secure.certificate-chain-incomplete",
        family: "cert-untrusted-or-mismatch",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Note,
        title: "The server does not send the certificates between its own and the authority",
        prior: -6,
        clues: &[
            Clue {
                says: "the certificate {name}, issued by {issuer}, came without any other",
                denies: "the certificate {name} is signed by itself or came with its chain",
                reads: &[FactKind::CertificateSeen],
                weight: Weight::Fair,
                against: Weight::Decisive,
                look: |seen| seen.certificate(|certificate, _| Some(!certificate.self_signed && certificate.chain == 0)),
            },
            Clue {
                says: "the certificate is {trust}",
                denies: "the certificate is {trust}",
                reads: &[FactKind::CertificateTrust],
                weight: Weight::Fair,
                against: Weight::Strong,
                look: |seen| seen.any(|fact| match fact { Fact::CertificateTrust { trust } => Some(*trust == Trust::UnknownIssuer), _ => None }),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the chain of certificates is not complete",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Schannel", 36889)]),
            },
        ],
        asks: &[&asks::CERTIFICATE_STORE],
        remedies: &["server.send-chain"],
    };
}
