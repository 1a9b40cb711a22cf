//! The cause `tcp.rejected-on-the-host`.

use crate::prelude::*;

cause! {
    /// The host's own firewall refuses connections to this port.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// From outside it looks like a port on which nothing listens, or a filter on the way that says no. On the
    /// host the service runs and listens, and a rule of the host's packet filter rejects the port. A connection
    /// from the host to itself gets through.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host lets the port in.
    ///
    /// # Sources
    ///
    /// nft(8), reject statement; iptables-extensions(8), REJECT.
    pub static CAUSE = {
        id: "tcp.rejected-on-the-host",
        family: "host-firewall",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host's firewall refuses connections to this port",
        prior: -12,
        clues: &[
            Clue {
                says: "{to} refused the connection in {took}",
                denies: "{to} opens",
                reads: &[FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::TcpRefused { .. } => Some(true), Fact::TcpOpened { to, .. } => (!to.ip().is_loopback()).then_some(false), _ => None }),
            },
            Clue {
                says: "{filter} on the host refuses new connections to port {port}: {rule}",
                denies: "{filter} on the host lets new connections to port {port} in",
                reads: &[FactKind::FilterFound],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.filtered(Filtering::Rejects, false),
            },
            Clue {
                says: "{filter} on the host refuses some new connections to port {port}: {rule}",
                denies: "no rule refuses some of them",
                reads: &[FactKind::FilterFound],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.filtered(Filtering::Rejects, true),
            },
            clues::SOMETHING_LISTENS,
        ],
        asks: &[&asks::HOST_FIREWALL, &asks::LISTENING],
        remedies: &["server.allow-in-firewall"],
    };
}
