//! The cause `resolve.hosts-file`.

use crate::prelude::*;

cause! {
    /// The hosts file of this machine sends the name elsewhere.
    ///
    /// # What the user sees
    ///
    /// It fails on this machine, or leads to another one than everybody else gets.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A line of the hosts file comes before every name server. It gives the name other addresses than the name
    /// servers do: often a line written for a test or a move, and forgotten. A hosts file that agrees with the name
    /// servers, or a name they do not know, is no fault.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever looks after this machine takes the line out, or corrects it.
    ///
    /// # Sources
    ///
    /// hosts(5); RFC 952.
    pub static CAUSE = {
        id: "resolve.hosts-file",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::Client,
        severity: Severity::Degrading,
        title: "The hosts file of this machine sends the name elsewhere",
        prior: -2,
        clues: &[
            Clue {
                says: "{file} gives {name} the address {addresses}, and a name server gives others",
                denies: "{file} gives {name} the address {addresses}, as a name server does",
                reads: &[FactKind::HostsFileSaid, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.hosts_file_differs(),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["client.correct-hosts-file", "client.use-right-name"],
    };
}
