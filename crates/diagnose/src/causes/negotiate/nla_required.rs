//! The cause `negotiate.nla-required`.

use crate::prelude::*;

cause! {
    /// The server accepts only NLA and the client does not offer it.
    ///
    /// # What the user sees
    ///
    /// "The remote computer requires Network Level Authentication, which your computer does not support" (0xB09,
    /// 2825), or a client that ends without a word.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code HYBRID_REQUIRED_BY_SERVER. It is well, and so is the network.
    ///
    /// # Who mends it, and how
    ///
    /// The user: a client that knows network level authentication (NLA), or NLA switched on in it. Switching NLA
    /// off on the server opens its logon screen to everybody and is the last resort.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2.
    pub static CAUSE = {
        id: "negotiate.nla-required",
        family: "nla-required-client-cannot",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The server accepts only NLA and the client does not offer it",
        prior: -3,
        clues: &[
            Clue {
                says: "the server refused {offered} with code {code}",
                denies: "the server answered {offered} with {chosen}",
                reads: &[FactKind::NegotiationRefused, FactKind::NegotiationChosen, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.refused_offer(NegFailure::HYBRID_REQUIRED_BY_SERVER, |offered| !offered.has_nla()),
            },
            Clue {
                says: "the client never offered NLA",
                denies: "the client offered {offered} on another connection: this one was its way to fall back",
                reads: &[FactKind::NegotiationOffered],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::NegotiationOffered { offered: Some(offered) } if offered.has_nla() => Some(false), _ => None }),
            },
            Clue {
                says: "{setting} is set to {value}: NLA is demanded",
                denies: "{setting} is set to {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.setting("", "UserAuthentication", |value| (value == 1).then_some(true)),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "the log of the client says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.log_of_refusal(NegFailure::HYBRID_REQUIRED_BY_SERVER),
            },
        ],
        asks: &[&asks::CLIENT_SETTINGS],
        remedies: &["client.offer-nla", "client.update", "server.allow-without-nla"],
    };
}
