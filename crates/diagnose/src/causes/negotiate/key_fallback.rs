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
        prior: -4,
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
            Clue {
                says: "TLS was never chosen",
                denies: "the server can do {chosen}",
                reads: &[FactKind::NegotiationChosen],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NegotiationChosen { chosen, .. } => (*chosen != Protocols::RDP).then_some(false), _ => None }),
            },
            Clue {
                says: "{reader} cannot read {path}",
                denies: "{reader} can read {path}",
                reads: &[FactKind::FileFound],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::FileFound { role: model::fact::FileRole::Key | model::fact::FileRole::Certificate, readable: Some(readable), .. } => Some(!readable), _ => None }),
            },
            Clue {
                says: "its log says: {line}",
                denies: "its log says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.logged(&["CFG_KEY", "CFG_CERT", "NEG_NO_CERT", "TLS_KEY_LOAD", "TLS_CERT_LOAD"]),
            },
        ],
        asks: &[&asks::XRDP_LOG],
        remedies: &["server.let-server-read-key"],
    };
}
