//! The cause `activate.capabilities-refused`.

use crate::prelude::*;

cause! {
    /// Client and server do not agree on what the client can do.
    ///
    /// # What the user sees
    ///
    /// The connection ends right after the logon, or with "because of a protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server says which capability it does not accept (Set Error Info 0x10E5 to 0x10EA and 0x10F4).
    /// Another program, or a newer version of it, gets in.
    ///
    /// # Who mends it, and how
    ///
    /// The user updates the client, or takes another one; whoever wrote it gets the code.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.5.1.1 and 2.2.7.
    pub static CAUSE = {
        id: "activate.capabilities-refused",
        family: "client-bug",
        phase: Phase::Activate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "Client and server do not agree on what the client can do",
        prior: -8,
        clues: &[
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["CONFIRMACTIVEPDUTOOSHORT", "CAPABILITYSETTOOSMALL", "CAPABILITYSETTOOLARGE", "NOCURSORCACHE", "BADCAPABILITIES", "CACHECAPNOTSET", "CONFIRMACTIVEWRONGSHAREID", "CONFIRMACTIVEWRONGORIGINATOR"]),
            },
        ],
        topics: &[Topic::Capabilities],
        asks: &[&asks::SERVER_LOG],
        remedies: &["client.update", "client.use-other-program"],
    };
}
