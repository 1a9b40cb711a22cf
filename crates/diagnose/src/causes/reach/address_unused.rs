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
            clues::HOST_SILENT,
            clues::NOBODY_THERE,
            clues::NOBODY_ON_THE_SEGMENT,
            clues::OTHER_PORTS_SILENT,
            Clue {
                says: "the host's own settings name another address: {setting} is {value}",
                denies: "the host's own settings name this address: {setting} is {value}",
                reads: &[FactKind::TcpSilent, FactKind::TcpUnreachable, FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.settings_name_other_addresses(),
            },
            clues::DEAD_ELSEWHERE,
            clues::ORDINARY_ADDRESS,
        ],
        asks: &[&asks::CONSOLE, &asks::LOOK_UP],
        remedies: &["server.repair-network", "name-service.correct-record"],
    };
}
