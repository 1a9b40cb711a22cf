//! The cause `reach.local-security-software`.

use crate::prelude::*;

cause! {
    /// Security software or a VPN on this machine blocks the connection.
    ///
    /// # What the user sees
    ///
    /// The connection fails at once, also to other hosts, since an update or since a VPN was left.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The system refused before anything was sent, as with a missing permission; a kill switch of a VPN or an
    /// application firewall does the same.
    ///
    /// # Who mends it, and how
    ///
    /// Who manages this machine.
    ///
    /// # Sources
    ///
    /// connect(2) EACCES and EPERM.
    pub static CAUSE = {
        id: "reach.local-security-software",
        family: "security-software",
        phase: Phase::Reach,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "Security software or a VPN on this machine blocks the connection",
        prior: -6,
        clues: &[
            clues::FORBIDDEN_HERE,
            Clue {
                says: "{computer} logged {event}, {times}: the filter of Windows on it dropped the connection on its way out",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.dropped_by_windows("%%14593"),
            },
        ],
        asks: &[&asks::OTHER_PROGRAM],
        remedies: &["client.exempt-security-software", "client.allow-local-network"],
    };
}
