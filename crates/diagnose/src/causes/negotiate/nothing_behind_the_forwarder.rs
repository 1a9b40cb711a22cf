//! The cause `negotiate.nothing-behind-the-forwarder`.

use crate::prelude::*;

cause! {
    /// Something accepts the connection in the host's place, and nothing is behind it.
    ///
    /// # What the user sees
    ///
    /// The client waits or ends at once; with mstsc often 0x904 with 0x7.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The port opens and no Remote Desktop answers: the connection closes at once, after a fixed time, or stays
    /// silent. Port forwardings, load balancers, tunnels and container hosts accept before they know whether
    /// there is anything behind them. From outside a host whose service hangs looks alike.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the forwarder corrects where it sends the port, or starts what should be there.
    ///
    /// # Sources
    ///
    /// haproxy: timeout connect; ssh(1) -L; docker run --publish.
    pub static CAUSE = {
        id: "negotiate.nothing-behind-the-forwarder",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something accepts the connection in the host's place, and nothing is behind it",
        prior: -5,
        clues: &[
            Clue {
                says: "the connection was {how}, {waited} after {after}, without one byte in answer",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.unanswered(|how, _| Some(how == Ending::Closed)),
            },
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| match seen.unanswered(|how, _| (how == Ending::Closed).then_some(true)) {
                    // How connections to it end is one sign, however many ways of ending there are.
                    crate::Reading::Silent => seen.unanswered(|how, _| (how == Ending::Silence).then_some(true)),
                    _ => crate::Reading::Silent,
                },
            },
            Clue {
                says: "the connection was {how}, {waited} after {after}, without one byte in answer",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.unanswered(|how, _| (how == Ending::Reset).then_some(true)),
            },
            Clue {
                says: "the address is this machine itself, where forwardings end",
                denies: "the address is an ordinary one",
                reads: &[FactKind::NameResolved, FactKind::AddressGiven],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::NameResolved { addresses, .. } => addresses.iter().any(std::net::IpAddr::is_loopback).then_some(true), Fact::AddressGiven { address } => address.is_loopback().then_some(true), _ => None }),
            },
            clues::NO_REMOTE_DESKTOP,
            clues::NOBODY_WAS_ANSWERED,
            clues::OPENS_AT_ONCE,
        ],
        asks: &[&asks::FORWARDER, &asks::FROM_INSIDE],
        remedies: &["network.repair-forwarder"],
    };
}
