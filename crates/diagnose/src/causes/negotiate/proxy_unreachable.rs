//! The cause `negotiate.proxy-unreachable`.

use crate::prelude::*;

cause! {
    /// The proxy on the way does not answer, or is none.
    ///
    /// # What the user sees
    ///
    /// Nothing opens through it, web pages neither.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The proxy's name has no address, its port does not open, or what answers there speaks another protocol: SOCKS where
    /// HTTP was asked for, or no proxy at all. Nothing is known of the host yet.
    ///
    /// # Who mends it, and how
    ///
    /// The user corrects the address, port or kind of the proxy; or whoever runs it starts it.
    ///
    /// # Sources
    ///
    /// RFC 9110 section 9.3.6; RFC 1928 section 3.
    pub static CAUSE = {
        id: "negotiate.proxy-unreachable",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The proxy on the way does not answer, or is none",
        prior: -6,
        clues: &[
            Clue {
                says: "{to} gave no answer in {waited}",
                denies: "the proxy answers",
                reads: &[FactKind::TcpSilent, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.proxy_leg(|fact| match fact { Fact::TcpSilent { .. } => Some(true), Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "{to} refused the connection: nothing listens there",
                denies: "the proxy answers",
                reads: &[FactKind::TcpRefused],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.proxy_leg(|fact| match fact { Fact::TcpRefused { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "no address was found for {name}",
                denies: "{name} has an address",
                reads: &[FactKind::NameNotResolved],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.proxy_leg(|fact| match fact { Fact::NameNotResolved { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "what answered is no proxy of this kind",
                denies: "the proxy answers as one",
                reads: &[FactKind::OtherServiceAnswered, FactKind::ProxyConnected, FactKind::ProxyRefused],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.proxy_leg(|fact| match fact { Fact::OtherServiceAnswered { .. } => Some(true), Fact::ProxyConnected { .. } | Fact::ProxyRefused { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "the connection ended {waited} after {after}",
                denies: "the connection ended later",
                reads: &[FactKind::Ended],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.proxy_leg(|fact| match fact { Fact::Ended { after: Message::ProxyRequest, .. } => Some(true), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["network.repair-forwarder", "client.use-other-settings"],
    };
}
