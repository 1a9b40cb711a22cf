//! The cause `session.logons-disabled`.

use crate::prelude::*;

cause! {
    /// New logons are switched off on the host.
    ///
    /// # What the user sees
    ///
    /// "Remote logins are currently disabled"; those who have a session keep it.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host takes the password and then says that logons are switched off: it is being emptied for
    /// maintenance (drain mode), or somebody ran change logon /disable.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host switches logons on again (change logon /enable), or the farm sends people
    /// to another host.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: change logon.
    pub static CAUSE = {
        id: "session.logons-disabled",
        family: "account-or-right-denied",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "New logons are switched off on the host",
        prior: -7,
        clues: &[
            Clue {
                says: "{setting} is set to {value}: new logons are switched off",
                denies: "{setting} is set to {value}: new logons are allowed",
                reads: &[FactKind::SettingFound],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.setting("", "TSServerDrainMode", |value| Some(value != 0)),
            },
        ],
        topics: &[Topic::LogonsDisabled],
        asks: &[&asks::SESSIONS],
        remedies: &["server.accept-logons"],
    };
}
