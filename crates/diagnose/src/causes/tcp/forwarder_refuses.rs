//! The cause `tcp.forwarder-refuses`.

use crate::prelude::*;

cause! {
    /// A port forwarding that should lead to the host is gone.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once, to an address that is not the host's own.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The reset comes from the router, jump host or container host that owns the address: no rule sends this
    /// port on, or the tunnel behind it has ended.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the forwarding.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.forwarder-refuses",
        family: "proxy-misroute",
        phase: Phase::Tcp,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A port forwarding that should lead to the host is gone",
        prior: -11,
        clues: &[
            clues::PORT_REFUSED,
            Clue {
                says: "the address is this machine itself or a public one, as forwardings have",
                denies: "the address is an ordinary one of a private network",
                reads: &[FactKind::NameResolved, FactKind::AddressGiven],
                weight: Weight::Slight,
                against: Weight::Slight,
                look: |seen| seen.any(|fact| { let forwarded = |a: &std::net::IpAddr| a.is_loopback() || !names::is_private(*a); match fact { Fact::NameResolved { addresses, .. } => Some(addresses.iter().any(forwarded)), Fact::AddressGiven { address } => Some(forwarded(address)), _ => None } }),
            },
            clues::SOMETHING_LISTENS,
            clues::OPEN_ELSEWHERE,
        ],
        asks: &[&asks::FORWARDER, &asks::LISTENING],
        remedies: &["network.repair-forwarder"],
    };
}
