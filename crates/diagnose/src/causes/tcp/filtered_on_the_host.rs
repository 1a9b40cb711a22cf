//! The cause `tcp.filtered-on-the-host`.

use crate::prelude::*;

cause! {
    /// The host's firewall drops connections to this port.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after twenty seconds or more.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answers on another port and is silent on this one, so it is up and something drops these
    /// packets. From here the host's own firewall cannot be told from one on the way. If a neighbour in the same
    /// network fails too, it is the host's.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host: the rule "Remote Desktop - User Mode (TCP-In)" on for the profile in use;
    /// on Linux the firewall's rule for the port.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.5.2.
    pub static CAUSE = {
        id: "tcp.filtered-on-the-host",
        family: "host-firewall",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host's firewall drops connections to this port",
        prior: -5,
        clues: &[
            clues::PORT_SILENT,
            Clue {
                says: "{filter} on the host drops new connections to port {port}: {rule}",
                denies: "{filter} on the host lets new connections to port {port} in",
                reads: &[FactKind::FilterFound],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.filtered(Filtering::Drops, false),
            },
            Clue {
                says: "{filter} on the host drops some new connections to port {port}: {rule}",
                denies: "no rule drops some of them",
                reads: &[FactKind::FilterFound],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.filtered(Filtering::Drops, true),
            },
            Clue {
                says: "the rule {setting} of the Windows firewall does not let connections to Remote Desktop in",
                denies: "the rule {setting} of the Windows firewall lets connections to Remote Desktop in",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.windows_firewall(),
            },
            clues::HOST_IS_UP,
            Clue {
                says: "its address is in a private network, with fewer filters on the way",
                denies: "its address is a public one",
                reads: &[FactKind::NameResolved, FactKind::AddressGiven, FactKind::OtherPortAnswered],
                weight: Weight::Slight,
                against: Weight::Slight,
                look: |seen| seen.private_address(),
            },
            clues::PORT_TESTED,
            clues::FILTERED_BY_WINDOWS,
            clues::SOMETHING_LISTENS,
            clues::ORDINARY_ADDRESS,
        ],
        asks: &[&asks::HOST_FIREWALL, &asks::FROM_INSIDE],
        remedies: &["server.allow-in-firewall"],
    };
}
