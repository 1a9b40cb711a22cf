//! The cause `secure.old-tls-only`.

use crate::prelude::*;

cause! {
    /// The server knows no TLS newer than 1.1.
    ///
    /// # What the user sees
    ///
    /// New clients refuse the connection, or warn; old ones work.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS 1.2 was offered and the server chose an older version. Windows Server 2008 R2 without its update, or
    /// settings that leave only old versions, do that.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server enables TLS 1.2.
    ///
    /// # Sources
    ///
    /// RFC 8996.
    pub static CAUSE = {
        id: "secure.old-tls-only",
        family: "tls-version-cipher",
        phase: Phase::Secure,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server knows no TLS newer than 1.1",
        prior: -2,
        clues: &[
            Clue {
                says: "the server chose {version}",
                denies: "the server can do {version}",
                reads: &[FactKind::TlsEstablished],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| View::not(seen.any(|fact| match fact { Fact::TlsEstablished { version, .. } => Some(version.0 >= TlsVersion::TLS1_2.0), _ => None })),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::POLICY],
        remedies: &["server.enable-tls-versions"],
    };
}
