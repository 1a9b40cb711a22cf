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
            Clue {
                says: "no answer came from {to} in {waited}",
                denies: "{to} answers",
                reads: &[FactKind::TcpSilent, FactKind::TcpOpened, FactKind::TcpRefused, FactKind::OtherPortAnswered],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::TcpSilent { .. } => Some(true), Fact::TcpOpened { .. } | Fact::TcpRefused { .. } | Fact::OtherPortAnswered { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "other ports are silent too: {to}",
                denies: "other ports answer",
                reads: &[FactKind::TcpSilent],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| { let port = seen.target().port; seen.any(|fact| match fact { Fact::TcpSilent { to, .. } => (to.port() != port).then_some(true), _ => None }) },
            },
        ],
        asks: &[&asks::VPN, &asks::FROM_ELSEWHERE],
        remedies: &["client.bring-up-vpn", "network.restore-route"],
    };
}
