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
    /// The proxy itself answers, with a status of HTTP (403: not allowed, 407: it wants a logon, 502 and 504: the
    /// host did not answer it) or a reply of SOCKS 5 (2: not allowed, 3 and 4: unreachable, 5: refused).
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
                reads: &[FactKind::ProxyRefused],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ProxyRefused { .. } => Some(true), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["network.repair-forwarder"],
    };
}
