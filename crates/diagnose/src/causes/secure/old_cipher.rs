//! The cause `secure.old-cipher`.

use crate::prelude::*;

cause! {
    /// The server chose a cipher that present-day clients refuse.
    ///
    /// # What the user sees
    ///
    /// New clients refuse the connection; old ones work.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The suite uses RC4, DES, 3DES, an export key or no encryption at all.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server restores the default list of suites.
    ///
    /// # Sources
    ///
    /// RFC 7465; RFC 9325 section 4.
    pub static CAUSE = {
        id: "secure.old-cipher",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server chose a cipher that present-day clients refuse",
        prior: -3,
        clues: &[
            Clue {
                says: "the server chose cipher suite {suite}",
                denies: "the server chose cipher suite {suite}",
                reads: &[FactKind::TlsEstablished],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::TlsEstablished { suite, .. } => Some(matches!(suite.0, 0x0000..=0x001B | 0xC007 | 0xC008 | 0xC011 | 0xC012 | 0x0060..=0x0066)), _ => None }),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::POLICY],
        remedies: &["server.restore-cipher-suites"],
    };
}
