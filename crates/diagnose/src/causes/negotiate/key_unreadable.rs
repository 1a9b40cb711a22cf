//! The cause `negotiate.key-unreadable`.

use crate::prelude::*;

cause! {
    /// The server program cannot read its TLS key or certificate, and TLS is demanded.
    ///
    /// # What the user sees
    ///
    /// The client ends at once; with mstsc 0x904 or "an internal error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code SSL_CERT_NOT_ON_SERVER. xrdp answers that when its account may
    /// not read the key file (on Debian: xrdp is no member of the group ssl-cert), when the file is missing, or
    /// when key or certificate are damaged. A Windows host with that fault answers nothing and resets at the
    /// first TLS message.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server lets the server's account read the key.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2; xrdp.ini(5), certificate and key_file.
    pub static CAUSE = {
        id: "negotiate.key-unreadable",
        family: "linux-tls-key-unreadable",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server program cannot read its TLS key or certificate, and TLS is demanded",
        prior: -3,
        clues: &[
            clues::NO_CERTIFICATE,
            Clue {
                says: "it is no Windows host",
                denies: "it is a Windows host, calling itself {computer}",
                reads: &[FactKind::NtlmChallenged],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NtlmChallenged { challenge, .. } => (challenge.version.is_some_and(|(major, minor, _)| (major, minor) >= (6, 2))).then_some(false), _ => None }),
            },
            clues::KEY_FILE_UNREADABLE,
            clues::KEY_FILE_DENIED,
            Clue {
                says: "the setting {setting} is {value}",
                denies: "the setting {setting} is {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.setting_text("[Globals]", "security_layer", |value| (!value.eq_ignore_ascii_case("tls")).then_some(false)),
            },
            clues::KEY_FILE_LOGGED,
        ],
        asks: &[&asks::XRDP_LOG, &asks::CERTIFICATE_STORE],
        remedies: &["server.let-server-read-key", "server.replace-key-pair"],
    };
}
