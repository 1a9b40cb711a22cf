//! The cause `negotiate.two-services`.

use crate::prelude::*;

cause! {
    /// Two different services answer at one address and port.
    ///
    /// # What the user sees
    ///
    /// It fails with 0x904 or a protocol error, and the second or third try works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Some connections get an answer of Remote Desktop, others one of another service, in no other way different. A
    /// balancer has a member that is none, two hosts share one address, or a forwarding was changed while it was looked
    /// at. Where every connection meets the other service, the port or the forwarding is simply the wrong one.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the balancer or forwarder takes the wrong member out, or gives one of the hosts another address.
    ///
    /// # Sources
    ///
    /// haproxy: option tcp-check; RFC 5227 section 2.4 (two hosts with one address).
    pub static CAUSE = {
        id: "negotiate.two-services",
        family: "proxy-misroute",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Two different services answer at this address",
        prior: -4,
        clues: &[
            Clue {
                says: "{service} answered on {tally} connections, and a Remote Desktop server on others",
                denies: "the same service answered on every connection",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.two_services(),
            },
        ],
        asks: &[&asks::AGAIN, &asks::FORWARDER],
        remedies: &["network.repair-forwarder"],
    };
}
