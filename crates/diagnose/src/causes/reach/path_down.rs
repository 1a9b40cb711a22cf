//! The cause `reach.path-down`.

use crate::prelude::*;

cause! {
    /// The way to the host's network is broken.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after twenty seconds or more; other hosts of that network
    /// fail too.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Every host behind the same way is silent. From here that cannot be told from a host that is off, unless a
    /// neighbour of it answers.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network or the VPN.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.5.2; RFC 1812.
    pub static CAUSE = {
        id: "reach.path-down",
        family: "route-or-vpn-down",
        phase: Phase::Reach,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "The way to the host's network is broken",
        prior: -6,
        clues: &[
            clues::HOST_SILENT,
            clues::OTHER_PORTS_SILENT,
            clues::OPEN_ELSEWHERE,
            clues::ORDINARY_ADDRESS,
        ],
        asks: &[&asks::VPN, &asks::FROM_ELSEWHERE],
        remedies: &["client.bring-up-vpn", "network.restore-route"],
    };
}
