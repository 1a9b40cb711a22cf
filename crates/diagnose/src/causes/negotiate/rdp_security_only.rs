//! The cause `negotiate.rdp-security-only`.

use crate::prelude::*;

cause! {
    /// The server offers no more than RDP's own security.
    ///
    /// # What the user sees
    ///
    /// The client connects without a lock sign, asks whether to go on without knowing the server, or ends
    /// (clients set to TLS or NLA only).
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS and NLA were offered and the server chose neither. Its security layer is set to RDP; an xrdp that
    /// cannot read its key falls back to the same without a word, and its log alone tells the two apart.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server sets its security layer to negotiate or TLS.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.3 and 5.4.5.
    pub static CAUSE = {
        id: "negotiate.rdp-security-only",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Degrading,
        title: "The server offers no more than RDP's own security",
        prior: -5,
        explains: true,
        clues: &[
            Clue {
                says: "{offered} was offered and the server chose {chosen}",
                denies: "{offered} was offered and the server chose {chosen}",
                reads: &[FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationChosen { offered, chosen, .. } => Some(*chosen == Protocols::RDP && offered.unwrap_or(Protocols::RDP) != Protocols::RDP), Fact::NegotiationPlain { offered } => Some(offered.unwrap_or(Protocols::RDP) != Protocols::RDP), _ => None }),
            },
            clues::TLS_NEVER_CHOSEN,
            Clue {
                says: "{setting} is set to {value}: RDP security alone",
                denies: "{setting} is set to {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.setting("", "SecurityLayer", |value| Some(value == 0)),
            },
            Clue {
                says: "the setting {setting} is {value}",
                denies: "the setting {setting} is {value}: TLS was meant",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.setting_text("[Globals]", "security_layer", |value| Some(value.eq_ignore_ascii_case("rdp"))),
            },
        ],
        asks: &[&asks::XRDP_LOG, &asks::POLICY],
        remedies: &["server.enable-tls"],
    };
}
