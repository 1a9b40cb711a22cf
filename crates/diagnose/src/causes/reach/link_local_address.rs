//! The cause `reach.link-local-address`.

use crate::prelude::*;

cause! {
    /// The host registered an address that works on its own cable only.
    ///
    /// # What the user sees
    ///
    /// Time-outs; the host seems to be on.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The address is from 169.254.0.0/16 or fe80::/10: what a machine gives itself when no DHCP server answers.
    /// Nobody outside its own segment can reach it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host mends its network settings or the DHCP service.
    ///
    /// # Sources
    ///
    /// RFC 3927; RFC 4862.
    pub static CAUSE = {
        id: "reach.link-local-address",
        family: "nic-or-ip-misconfig",
        phase: Phase::Reach,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host registered an address that works on its own cable only",
        prior: -6,
        clues: &[
            Clue {
                says: "the address is one that a machine gives itself when it gets none",
                denies: "the address is an ordinary one",
                reads: &[FactKind::NameResolved, FactKind::AddressGiven],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.gave_itself_an_address(),
            },
            Clue {
                says: "nothing comes back from it",
                denies: "it answers",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::NoRoute, FactKind::TcpOpened],
                weight: Weight::Fair,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::TcpSilent { .. } | Fact::TcpUnreachable { .. } | Fact::NoRoute { .. } => Some(true), Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::CONSOLE],
        remedies: &["server.repair-network", "name-service.correct-record"],
    };
}
