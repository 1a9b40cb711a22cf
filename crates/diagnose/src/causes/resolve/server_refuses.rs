//! The cause `resolve.server-refuses`.

use crate::prelude::*;

cause! {
    /// A name server this machine asks refuses to answer it.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer", for some or all names, at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answers, and the answer is that it will not (REFUSED). It serves other networks, or other names: a
    /// name server inside a company asked through a VPN whose addresses it does not know, one of a provider asked from
    /// another provider's line, or one that answers for its own domains alone. A server that fails says SERVFAIL.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the name server admits the network of this machine, or the network hands out a server that serves
    /// it; on a laptop, leave and join the network or VPN again.
    ///
    /// # Sources
    ///
    /// RFC 1035 section 4.1.1 (RCODE 5); RFC 8499 section 3.
    pub static CAUSE = {
        id: "resolve.server-refuses",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "A name server this machine asks refuses to answer it",
        prior: -8,
        clues: &[
            Clue {
                says: "{server}, which this machine asks, refuses to answer for {name}",
                denies: "{server}, which this machine asks, does not refuse",
                reads: &[FactKind::SettingFound, FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.own_name_servers(|why| Some(why == Some(NameFailure::Refused))),
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::VPN],
        remedies: &["client.repair-resolver", "name-service.repair-server", "client.bring-up-vpn"],
    };
}
