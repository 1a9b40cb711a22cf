//! The cause `secure.relay-loses-tls`.

use crate::prelude::*;

cause! {
    /// A relay agrees to TLS in the server's name and does not speak it.
    ///
    /// # What the user sees
    ///
    /// "A protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer to the first TLS message is no TLS. A relay that rewrites the negotiation, or hands the second
    /// message to another server than the first, does that.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the relay.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 5.4.5.
    pub static CAUSE = {
        id: "secure.relay-loses-tls",
        family: "proxy-misroute",
        phase: Phase::Secure,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A relay agrees to TLS in the server's name and does not speak it",
        prior: -8,
        clues: &[
            clues::NEITHER_TLS_NOR_RDP,
            Clue {
                says: "after agreeing to TLS the server sent {bytes}",
                denies: "the server sent TLS",
                reads: &[FactKind::NotTls],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.not_tls(true),
            },
        ],
        asks: &[&asks::FORWARDER, &asks::FROM_INSIDE],
        remedies: &["network.repair-forwarder"],
    };
}
