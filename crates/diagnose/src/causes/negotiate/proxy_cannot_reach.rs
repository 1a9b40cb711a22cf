//! The cause `negotiate.proxy-cannot-reach`.

use crate::prelude::*;

cause! {
    /// The proxy on the way cannot reach the host.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" after some seconds, through a proxy that works for other hosts.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The proxy takes the request and tells that its own connection failed: 502, 503 or 504, or over SOCKS 5 a general
    /// failure, a network or host that cannot be reached, a refused connection. It does not know the name, has no way to
    /// the host, or the host does not listen.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the proxy or the host: look from the proxy's own place in the network.
    ///
    /// # Sources
    ///
    /// RFC 9110 sections 15.6.3 to 15.6.5; RFC 1928 section 6.
    pub static CAUSE = {
        id: "negotiate.proxy-cannot-reach",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The proxy on the way cannot reach the host",
        prior: -6,
        clues: &[
            Clue {
                says: "the proxy {proxy} took the request for {asked} and answered {status}",
                denies: "the proxy's answer was another one",
                reads: &[FactKind::ProxyRefused, FactKind::ProxyConnected],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ProxyRefused { answer, .. } => Some(matches!(answer, 500 | 502..=504 | 1 | 3..=6)), Fact::ProxyConnected { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FROM_INSIDE, &asks::FORWARDER],
        remedies: &["network.repair-forwarder"],
    };
}
