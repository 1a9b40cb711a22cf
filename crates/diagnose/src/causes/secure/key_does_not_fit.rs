//! The cause `secure.key-does-not-fit`.

use crate::prelude::*;

cause! {
    /// The server program's key does not fit its certificate, or is one it will not use.
    ///
    /// # What the user sees
    ///
    /// "A protocol error", or "wrong version number" in FreeRDP.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server agreed to TLS and then sent something that is no TLS. xrdp does that when key and certificate
    /// do not belong together, or when the key is too small for its library: it goes on in plain RDP. Its log
    /// names it: "do not match", "ee key too small".
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server gives it a pair that belongs together.
    ///
    /// # Sources
    ///
    /// xrdp.ini(5): certificate, key_file; openssl-ciphers(1): security levels.
    pub static CAUSE = {
        id: "secure.key-does-not-fit",
        family: "linux-tls-key-unreadable",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server program's key does not fit its certificate, or is one it will not use",
        prior: -3,
        clues: &[
            clues::RDP_WITHOUT_TLS,
            Clue {
                says: "after agreeing to TLS the server sent {bytes}",
                denies: "the server sent TLS",
                reads: &[FactKind::NotTls],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.not_tls(false),
            },
            logged!("its log", Strong, "TLS_KEY_MISMATCH", "TLS_KEY_ENCRYPTED", "TLS_CERT_LOAD", "TLS_KEY_LOAD"),
            Clue {
                says: "the key {key} does not belong to the certificate {certificate}",
                denies: "the key {key} belongs to the certificate {certificate}",
                reads: &[FactKind::KeyCompared],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::KeyCompared { belongs: Some(belongs), .. } => Some(!belongs), _ => None }),
            },
            Clue {
                says: "TLS never came up",
                denies: "TLS came up on another connection",
                reads: &[FactKind::TlsEstablished],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::TlsEstablished { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::XRDP_LOG, &asks::SERVER_LOG],
        remedies: &["server.replace-key-pair"],
    };
}
