//! The cause `reach.protocol-unknown`.

use crate::prelude::*;

cause! {
    /// The device at that address does not speak TCP to us.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer was "protocol unreachable": a router rule or a device without TCP. The address is most likely
    /// not the host that was meant.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address.
    ///
    /// # Sources
    ///
    /// RFC 792 (code 2); RFC 1122 section 3.2.2.1.
    pub static CAUSE = {
        id: "reach.protocol-unknown",
        family: "wrong-service-on-port",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The device at that address does not speak TCP to us",
        prior: -8,
        clues: &[
            Clue {
                says: "{from} says of {to}: {icmp}",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|_, icmp| Some((icmp.v6, icmp.kind, icmp.code) == (false, 3, 2))),
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::PATH_FIREWALL],
        remedies: &["client.use-right-name", "network.open-port"],
    };
}
