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
            clues::SILENT_AT_LARGE_WORDS,
            clues::SILENT_AT_FIRST_WORDS,
            clues::LARGE_SEGMENTS_LOST,
            clues::SENT_AGAIN,
            clues::SENT_IN_VAIN,
            clues::STOPPED_COMING,
            clues::NOT_BY_CHANCE,
        ],
        asks: &[&asks::MTU, &asks::CAPTURE],
        remedies: &["network.lower-mtu", "client.lower-mtu", "server.lower-mtu"],
    };
}
