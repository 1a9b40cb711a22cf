//! The cause `negotiate.proxy-wants-logon`.

use crate::prelude::*;

cause! {
    /// The proxy on the way wants a logon.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once, while a browser, which knows user and password, opens pages.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The proxy answers 407, or, over SOCKS 5, takes none of the ways to log on that it was offered, and nobody had
    /// logged on. Remote Desktop clients can log on to few proxies, and ask nobody.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the proxy lets the host pass without a logon, or the client is given one (here: --proxy with USER@).
    ///
    /// # Sources
    ///
    /// RFC 9110 section 15.5.8; RFC 1928 section 3; RFC 1929.
    pub static CAUSE = {
        id: "negotiate.proxy-wants-logon",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The proxy on the way wants a logon",
        prior: -6,
        clues: &[
            Clue {
                says: "the proxy {proxy} answered {status}{wants}",
                denies: "the proxy's answer was another one",
                reads: &[FactKind::ProxyRefused, FactKind::ProxyConnected],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ProxyRefused { answer, logon, .. } => Some(logon.is_none() && matches!(answer, 407 | 254 | 255)), Fact::ProxyConnected { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["network.let-through-proxy"],
    };
}
