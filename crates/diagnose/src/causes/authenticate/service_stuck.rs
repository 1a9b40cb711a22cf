//! The cause `authenticate.service-stuck`.

use crate::prelude::*;

cause! {
    /// The security service on the host is stuck.
    ///
    /// # What the user sees
    ///
    /// "Configuring remote session" or the logon lasts for ever.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TLS comes up and NLA is never answered: the host's security authority (LSASS) or the server program
    /// hangs, or is overloaded.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host restarts it.
    ///
    /// # Sources
    ///
    /// [MS-CSSP] 3.1.5.
    pub static CAUSE = {
        id: "authenticate.service-stuck",
        family: "termservice-down",
        phase: Phase::Authenticate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The security service on the host is stuck",
        prior: -7,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.ended(|how, after| at_logon(after, how == Ending::Silence)),
            },
        ],
        asks: &[&asks::LOAD, &asks::SERVICE, &asks::CONTROLLERS],
        remedies: &["server.restart-service", "server.restart-host"],
    };
}
