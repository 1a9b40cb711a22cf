//! The cause `negotiate.proxy-refuses-logon`.

use crate::prelude::*;

cause! {
    /// The proxy on the way does not take this user and password.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A user logged on to the proxy, and it answers 407 all the same, or says over SOCKS 5 that user and password are
    /// wrong. The host was not asked.
    ///
    /// # Who mends it, and how
    ///
    /// The user, with the right name and password of the proxy, or whoever runs it.
    ///
    /// # Sources
    ///
    /// RFC 9110 section 15.5.8; RFC 1929.
    pub static CAUSE = {
        id: "negotiate.proxy-refuses-logon",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The proxy on the way does not take this user and password",
        prior: -6,
        clues: &[
            Clue {
                says: "the user logged on to the proxy {proxy} ({logon}), and it answered {status}",
                denies: "the proxy's answer was another one",
                reads: &[FactKind::ProxyRefused, FactKind::ProxyConnected],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ProxyRefused { answer, logon, .. } => Some(logon.is_some() && matches!(answer, 407 | 254)), Fact::ProxyConnected { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::FORWARDER],
        remedies: &["client.use-other-credentials", "network.let-through-proxy"],
    };
}
