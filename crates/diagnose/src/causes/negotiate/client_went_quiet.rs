//! The cause `negotiate.client-went-quiet`.

use crate::prelude::*;

cause! {
    /// The client went quiet, and the server's time ran out.
    ///
    /// # What the user sees
    ///
    /// A question for the password or about the certificate that stayed open too long, and 0x904 with 0x7 or "the
    /// connection was lost" when it is answered; or nothing at all, where the connection came from a monitor or a
    /// scanner.
    ///
    /// # How to tell it from its neighbours
    ///
    /// It was the client's turn, nothing came from it for many seconds, and then the server, or a device with a
    /// timer of its own, ended the connection. Servers wait between some 20 and 120 seconds. The server itself does
    /// nothing wrong. A recording made near the server shows the same when the client's message is lost on the way;
    /// one made near the client tells the two apart.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever sits at the client answers the question sooner, or tries another client.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1; RFC 9293 section 3.8.3.
    pub static CAUSE = {
        id: "negotiate.client-went-quiet",
        family: "client-cert-prompt-reconnect",
        phase: Phase::Negotiate,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The client went quiet, and the server's time ran out",
        prior: -5,
        clues: &[
            Clue {
                says: "it was the client's turn after {after}, nothing came from it, and the connection was {how} {waited} later",
                denies: "the connection was {how} {waited} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.went_quiet(),
            },
        ],
        asks: &[&asks::AGAIN, &asks::CAPTURE],
        remedies: &["client.use-other-program", "client.update"],
    };
}
