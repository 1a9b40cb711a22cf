//! The cause `negotiate.key-fallback`.

use crate::prelude::*;

cause! {
    /// The server program cannot read its TLS key and falls back to RDP's own security.
    ///
    /// # What the user sees
    ///
    /// The client connects without a lock sign, or ends (clients set to TLS or NLA only); the first connection
    /// after an update fails.
    ///
    /// # How to tell it from its neighbours
    ///
    /// xrdp in its usual setting, negotiate, answers with RDP security when its account may not read the key
    /// file (on Debian: xrdp is no member of the group ssl-cert). Its log says "Cannot read private key file". A
    /// server set to RDP security on purpose looks the same from outside.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server lets the server's account read the key.
    ///
    /// # Sources
    ///
    /// xrdp.ini(5): security_layer, certificate, key_file.
    pub static CAUSE = {
        id: "negotiate.key-fallback",
        family: "linux-tls-key-unreadable",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server program cannot read its TLS key and falls back to RDP's own security",
        prior: -3,
        explains: true,
        clues: &[
            Clue {
                says: "{offered} was offered and the server chose {chosen}",
                denies: "{offered} was offered and the server chose {chosen}",
                reads: &[FactKind::NegotiationChosen],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationChosen { offered, chosen, .. } => Some(*chosen == Protocols::RDP && offered.unwrap_or(Protocols::RDP).has(Protocols::TLS)), _ => None }),
            },
            clues::TLS_NEVER_CHOSEN,
            clues::KEY_FILE_UNREADABLE,
            clues::KEY_FILE_DENIED,
            Clue {
                says: "the setting {setting} is {value}",
                denies: "the setting {setting} is {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.setting_text("[Globals]", "security_layer", |value| value.eq_ignore_ascii_case("tls").then_some(false)),
            },
            clues::KEY_FILE_LOGGED,
        ],
        asks: &[&asks::XRDP_LOG],
        remedies: &["server.let-server-read-key"],
    };
}
