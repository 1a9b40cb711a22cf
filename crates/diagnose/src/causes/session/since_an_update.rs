//! The cause `session.since-an-update`.

use crate::prelude::*;

cause! {
    /// An update changed something that Remote Desktop needs.
    ///
    /// # What the user sees
    ///
    /// Every patched machine fails since one day.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The date, and that machines without the update work. The list of known issues of the update names it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator installs the newer update or the known-issue rollback.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Windows release health.
    pub static CAUSE = {
        id: "session.since-an-update",
        family: "windows-update-regression",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "An update changed something that Remote Desktop needs",
        prior: -8,
        clues: &[
            Clue {
                says: "{computer} logged {event}: an update was installed, and services fail since",
                denies: "the update of {computer} ({event}) came after services had begun to fail, or long before",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::Fair,
                look: |seen| seen.failed_since_an_update(),
            },
        ],
        remedies: &["server.update"],
        topics: &[Topic::ServiceFault],
    };
}
