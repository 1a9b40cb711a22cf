//! The cause `settings.too-many-channels`.

use crate::prelude::*;

cause! {
    /// The client asks for more channels than the server allows.
    ///
    /// # What the user sees
    ///
    /// The connection ends while it is set up; with printers, drives and smart cards left out it works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The log of the server names the channels, or the server ends with one of the channel reasons of Set
    /// Error Info. Each thing that is shared over the connection takes a channel, and there may be 31.
    ///
    /// # Who mends it, and how
    ///
    /// The user shares less: drives, printers, ports and add-ins of the client off one after the other.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.3.4 and 2.2.5.1.1.
    pub static CAUSE = {
        id: "settings.too-many-channels",
        family: "client-config",
        phase: Phase::Settings,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client asks for more channels than the server allows",
        prior: -9,
        clues: &[
            logged!("its log", Strong, "MCS_CHANNELS"),
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["VCHANNELSTOOMANY", "VCHANNELDATATOOSHORT"]),
            },
        ],
        topics: &[Topic::Channels],
        asks: &[&asks::CLIENT_SETTINGS, &asks::SERVER_LOG],
        remedies: &["client.share-less", "client.update"],
    };
}
