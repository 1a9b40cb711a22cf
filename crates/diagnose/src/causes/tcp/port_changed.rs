//! The cause `tcp.port-changed`.

use crate::prelude::*;

cause! {
    /// Remote Desktop listens on another port of the host.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once, for some or for all.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answered with a reset. Some administrators move the port; the value PortNumber of the listener
    /// says where to.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host tells the port, or puts it back.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Change the listening port for Remote Desktop.
    pub static CAUSE = {
        id: "tcp.port-changed",
        family: "port-changed-or-conflict",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Remote Desktop listens on another port of the host",
        prior: -9,
        clues: &[
            clues::PORT_REFUSED,
            Clue {
                says: "the listener's {setting} is {value}",
                denies: "the listener's {setting} is {value}",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| { let asked = u64::from(seen.port()); seen.setting("RDP-Tcp", "PortNumber", |value| Some(value != asked)) },
            },
            Clue {
                says: "{computer} logged {event}: the port of the listener was set to another one",
                denies: "the port of the listener was set to this one",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.listener_port_set(),
            },
            clues::NOTHING_LISTENS,
        ],
        asks: &[&asks::LISTENING, &asks::DEFAULT_PORT],
        remedies: &["client.use-right-port", "server.restore-port"],
    };
}
