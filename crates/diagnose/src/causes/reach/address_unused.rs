//! The cause `reach.address-unused`.

use crate::prelude::*;

cause! {
    /// Nobody has that address: the host's network card is off, or it has another address.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) after some seconds.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host may be running and working for the person in front of it. Its adapter is disabled, unplugged, in
    /// another VLAN, or got another address than the one registered. Routers then say that the host cannot be
    /// found, or nothing comes back.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host, at its console.
    ///
    /// # Sources
    ///
    /// RFC 1122 section 3.2.2.1; RFC 826.
    pub static CAUSE = {
        id: "reach.address-unused",
        family: "nic-or-ip-misconfig",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Nobody has that address: the host's network card is off, or it has another address",
        prior: -7,
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
        asks: &[&asks::CONSOLE, &asks::LOOK_UP],
        remedies: &["server.repair-network", "name-service.correct-record"],
    };
}
