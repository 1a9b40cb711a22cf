//! The cause `license.none-left`.

use crate::prelude::*;

cause! {
    /// No client licence is left for this machine or user.
    ///
    /// # What the user sees
    ///
    /// "The remote session was disconnected because there are no licences available", for some users and not
    /// for others; those who were here before get in.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The licence server answers and has none left: event 1004, or the reason LICENSE_NO_LICENSE. A licence
    /// server that is not found stops everybody.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host adds licences, or takes those back that machines gone for good still hold.
    ///
    /// # Sources
    ///
    /// [MS-RDPELE] 3.3; Microsoft Learn: Troubleshoot Remote Desktop licensing.
    pub static CAUSE = {
        id: "license.none-left",
        family: "rds-license-missing",
        phase: Phase::License,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "No client licence is left for this machine or user",
        prior: -6,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: it cannot give out a licence",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1004)]),
            },
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["LICENSE_NO_LICENSE"]),
            },
        ],
        asks: &[&asks::LICENSING, &asks::WITHOUT_LICENCE],
        remedies: &["server.configure-licensing"],
    };
}
