//! The cause `authenticate.large-packets-lost`.

use crate::prelude::*;

cause! {
    /// The logon's larger packets are lost on the way.
    ///
    /// # What the user sees
    ///
    /// A pause after the logon, then 0x904; small exchanges pass.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS came up and NLA is not answered. Where the certificate was short, the first large packets come in the
    /// logon. Packets that are sent again and again show it in a capture.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the tunnel or the filter.
    ///
    /// # Sources
    ///
    /// RFC 2923.
    pub static CAUSE = {
        id: "authenticate.large-packets-lost",
        family: "mtu-blackhole",
        phase: Phase::Authenticate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The logon's larger packets are lost on the way",
        prior: -8,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Silence)),
            },
            Clue {
                says: "packets were sent again and again: {by_server} by the server, {by_client} by the client, of {of}",
                denies: "hardly a packet was sent again",
                reads: &[FactKind::Retransmitted],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::Retransmitted { by_client, by_server, .. } => (by_client.saturating_add(*by_server) > 1).then_some(true), _ => None }),
            },
        ],
        asks: &[&asks::MTU, &asks::CAPTURE],
        remedies: &["network.lower-mtu"],
    };
}
