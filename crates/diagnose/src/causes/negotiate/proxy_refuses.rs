//! The cause `negotiate.proxy-refuses`.

use crate::prelude::*;

cause! {
    /// The proxy on the way refuses to connect to the host.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once, while web pages open.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The proxy itself answers, with a status of HTTP (403: not allowed, 405: it opens no connections at all) or a
    /// reply of SOCKS 5 (2: not allowed, 7: it opens no connections). Many web proxies let through only port 443. One
    /// that wants a logon, or that cannot reach the host, says so in other numbers.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the proxy allows the host and its port, or the client goes another way.
    ///
    /// # Sources
    ///
    /// RFC 9110 section 9.3.6; RFC 1928 section 6.
    pub static CAUSE = {
        id: "negotiate.proxy-refuses",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The proxy on the way refuses to connect to the host",
        prior: -4,
        clues: &[
            Clue {
                says: "the proxy {proxy} refused to connect to {asked} and answered {status}",
                denies: "no proxy refused",
                reads: &[FactKind::ProxyRefused, FactKind::ProxyConnected],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ProxyRefused { answer, .. } => Some(!matches!(answer, 407 | 254 | 255 | 500 | 502..=504 | 1 | 3..=6)), Fact::ProxyConnected { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["network.let-through-proxy"],
    };
}
