//! The cause `resolve.server-lame`.

use crate::prelude::*;

cause! {
    /// A name server this machine asks knows nothing of the name and asks nobody.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer", for all names outside the server's own.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server answers without an error and without an address, says that it is not responsible for the name, and
    /// either names others to be asked or does not ask others for its clients. Such a server belongs between name
    /// servers and not into the settings of a machine; or the servers that should be responsible for the domain do not
    /// know that they are (a lame delegation).
    ///
    /// # Who mends it, and how
    ///
    /// Whoever hands out the settings of the network names a server that asks others; the administrator of the domain
    /// sets the delegation right.
    ///
    /// # Sources
    ///
    /// RFC 1034 section 4.3.1; RFC 8499 section 7 (lame delegation).
    pub static CAUSE = {
        id: "resolve.server-lame",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "A name server this machine asks knows nothing of the name and asks nobody",
        prior: -9,
        clues: &[
            Clue {
                says: "{server}, which this machine asks, is not responsible for {name} and asks nobody else",
                denies: "{server}, which this machine asks, answers for {name} or asks others",
                reads: &[FactKind::SettingFound, FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.own_name_servers(|why| Some(why == Some(NameFailure::Lame))),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["client.repair-resolver", "name-service.repair-server"],
    };
}
