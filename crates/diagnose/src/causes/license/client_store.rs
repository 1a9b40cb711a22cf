//! The cause `license.client-store`.

use crate::prelude::*;

cause! {
    /// The licence this client has stored does not fit.
    ///
    /// # What the user sees
    ///
    /// "The remote computer disconnected the session because of an error in the licensing protocol"; another
    /// client works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host's log tells of an invalid licence of the client.
    ///
    /// # Who mends it, and how
    ///
    /// The user removes the stored licence.
    ///
    /// # Sources
    ///
    /// [MS-RDPELE] 1.3.3.
    pub static CAUSE = {
        id: "license.client-store",
        family: "client-license-cache",
        phase: Phase::License,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The licence this client has stored does not fit",
        prior: -6,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1003), ("Microsoft-Windows-TerminalServices-ClientActiveXCore", 1017)]),
            },
            logged!("the client's log", Fair, "LICENSE_ABORT"),
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["LICENSE_BAD_CLIENT_LICENSE", "LICENSE_HWID_DOESNT_MATCH_LICENSE", "LICENSE_CANT_FINISH_PROTOCOL"]),
            },
            Clue {
                says: "the server ended licensing with {license}",
                denies: "the server ended licensing with {license}",
                reads: &[FactKind::LicenseAnswered],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.license_error(&[3, 4, 8, 11, 12]),
            },
        ],
        asks: &[&asks::WITHOUT_LICENCE, &asks::SERVER_LOG],
        remedies: &["client.forget-license"],
    };
}
