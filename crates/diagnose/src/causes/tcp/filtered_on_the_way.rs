//! The cause `tcp.filtered-on-the-way`.

use crate::prelude::*;

cause! {
    /// A filter on the way drops connections to this port.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after twenty seconds or more; from inside it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answers on another port and is silent on this one. A router, a security group or a provider that
    /// blocks 3389 looks the same from here as the host's own firewall.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the filter opens the port for those who need it. A public port 3389 draws attacks within
    /// minutes: a VPN or a gateway is the better opening.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.5.2; RFC 2979.
    pub static CAUSE = {
        id: "tcp.filtered-on-the-way",
        family: "perimeter-firewall",
        phase: Phase::Tcp,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "A filter on the way drops connections to this port",
        prior: -6,
        clues: &[
            clues::PORT_SILENT,
            clues::HOST_IS_UP,
            Clue {
                says: "its address is a public one",
                denies: "its address is in a private network",
                reads: &[FactKind::NameResolved, FactKind::AddressGiven, FactKind::OtherPortAnswered],
                weight: Weight::Slight,
                against: Weight::Slight,
                look: |seen| View::not(seen.private_address()),
            },
            clues::OPEN_ELSEWHERE,
            clues::SOMETHING_LISTENS,
            clues::ORDINARY_ADDRESS,
        ],
        asks: &[&asks::FROM_INSIDE, &asks::PATH_FIREWALL],
        remedies: &["network.open-port", "client.bring-up-vpn", "network.allow-in-cloud"],
    };
}
