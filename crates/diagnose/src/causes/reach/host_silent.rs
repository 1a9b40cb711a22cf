//! The cause `reach.host-silent`.

use crate::prelude::*;

cause! {
    /// The host is off, asleep or hanging.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after twenty seconds or more.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Nothing at all came back, from this port or from others. A machine that is on answers most closed ports
    /// with a reset; one that is off, asleep or frozen answers nothing. From outside that looks the same as a
    /// broken way or a firewall that drops everything.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host: power it on, wake it, or restart it from the console.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.5.2.
    pub static CAUSE = {
        id: "reach.host-silent",
        family: "host-unhealthy",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host is off, asleep or hanging",
        prior: -5,
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
                says: "the last router, {from}, finds nobody at {to}",
                denies: "{from} says: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.icmp(|_, icmp| Some(matches!((icmp.v6, icmp.kind, icmp.code), (false, 3, 1) | (true, 1, 3)))),
            },
            Clue {
                says: "nobody on this segment has the address {to}",
                denies: "{to} cannot be reached",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::TcpUnreachable { icmp: None, .. } => Some(true), _ => None }),
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
        asks: &[&asks::CONSOLE, &asks::FROM_INSIDE],
        remedies: &["server.wake", "server.restart-host"],
    };
}
