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
        ],
        remedies: &["server.update"],
        topics: &[Topic::ServiceFault],
    };
}
