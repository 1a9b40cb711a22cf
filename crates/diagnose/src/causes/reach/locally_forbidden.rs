//! The cause `reach.locally-forbidden`.

use crate::prelude::*;

cause! {
    /// This machine forbids the program to connect.
    ///
    /// # What the user sees
    ///
    /// One program cannot connect at all; others on the same machine can. On a Mac: "Local Network" was not
    /// allowed for the program.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The system refused before anything was sent. The host and the network are not involved.
    ///
    /// # Who mends it, and how
    ///
    /// The user, or who manages this machine: allow the program in Privacy and Security, Local Network, or in
    /// the local firewall.
    ///
    /// # Sources
    ///
    /// connect(2) EACCES and EPERM; Apple TN3179.
    pub static CAUSE = {
        id: "reach.locally-forbidden",
        family: "client-os-network-permission",
        phase: Phase::Reach,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "This machine forbids the program to connect",
        prior: -4,
        clues: &[
            clues::FORBIDDEN_HERE,
            Clue {
                says: "no filter of Windows logged it",
                denies: "{computer} logged {event}, {times}: the filter of Windows on it dropped the connection on its way out",
                reads: &[FactKind::EventLogged],
                weight: Weight::None,
                against: Weight::Fair,
                look: |seen| View::not(seen.dropped_by_windows("%%14593")),
            },
        ],
        asks: &[&asks::OTHER_PROGRAM],
        remedies: &["client.allow-local-network"],
    };
}
