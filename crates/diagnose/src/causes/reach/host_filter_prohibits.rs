//! The cause `reach.host-filter-prohibits`.

use crate::prelude::*;

cause! {
    /// The host's own firewall forbids the connection and says so.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The refusal came as an ICMP message from the host's own address: the host is up and its firewall rejects
    /// this port. Linux firewalls set to reject do that; Windows drops in silence instead.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host allows the port for those who need it.
    ///
    /// # Sources
    ///
    /// RFC 1122 section 3.2.2.1; RFC 1812 section 5.2.7.1.
    pub static CAUSE = {
        id: "reach.host-filter-prohibits",
        family: "host-firewall",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host's own firewall forbids the connection and says so",
        prior: -4,
        clues: &[
            Clue {
                says: "the host itself says: {icmp}",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|to, icmp| Some(icmp.from == Some(to) && (icmp.is_prohibition() || matches!((icmp.v6, icmp.kind, icmp.code), (false, 3, 3) | (true, 1, 4))))),
            },
            clues::NO_ADDRESS_OPENS,
        ],
        asks: &[&asks::HOST_FIREWALL],
        remedies: &["server.allow-in-firewall"],
    };
}
