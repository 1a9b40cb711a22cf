//! The cause `tcp.rejected-by-a-filter`.

use crate::prelude::*;

cause! {
    /// A filter answers in the host's place and refuses the connection.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once; from inside it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The reset looks like the host's own. What gives a filter away: another port of the host is silent or
    /// opens in a different time, or the same look from inside opens.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the filter.
    ///
    /// # Sources
    ///
    /// RFC 2979; RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.rejected-by-a-filter",
        family: "perimeter-firewall",
        phase: Phase::Tcp,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A filter answers in the host's place and refuses the connection",
        prior: -11,
        clues: &[
            clues::PORT_REFUSED,
            clues::SOMETHING_LISTENS,
            clues::OPEN_ELSEWHERE,
        ],
        asks: &[&asks::FROM_INSIDE, &asks::PATH_FIREWALL],
        remedies: &["network.open-port", "server.allow-in-firewall"],
    };
}
