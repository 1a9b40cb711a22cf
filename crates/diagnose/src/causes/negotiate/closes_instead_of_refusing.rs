//! The cause `negotiate.closes-instead-of-refusing`.

use crate::prelude::*;

cause! {
    /// The server wants another security protocol and closes instead of saying so.
    ///
    /// # What the user sees
    ///
    /// The connection ends at once, without a reason.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The same server goes on when other protocols are offered, so it is alive and the offer makes the
    /// difference. What comes and goes looks the same on a few connections: the client is looked at once more after
    /// another offer was answered, and where that gets through, or one with an offer that should do ends as well,
    /// it was chance.
    ///
    /// # Who mends it, and how
    ///
    /// The user sets the client to offer what the server takes; the administrator of the server may widen what
    /// it takes.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.
    pub static CAUSE = {
        id: "negotiate.closes-instead-of-refusing",
        family: "security-layer-mismatch",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server wants another security protocol and closes instead of saying so",
        prior: -7,
        clues: &[
            Clue {
                says: "with {offered} offered the server goes on, with the client's own offer it ends the connection, before and after",
                denies: "the server ends the connection whatever is offered",
                reads: &[FactKind::NegotiationOffered, FactKind::NegotiationChosen, FactKind::Ended],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.offer_decides(&[BorneOut::AsARule]),
            },
            Clue {
                says: "with {offered} offered the server went on, with the client's own offer it ended the connection",
                denies: "the server ends the connection whatever is offered",
                reads: &[FactKind::NegotiationOffered, FactKind::NegotiationChosen, FactKind::Ended],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| match seen.offer_decides(&[BorneOut::SoFar, BorneOut::Gainsaid]) { Reading::Against(_) => Reading::Silent, reading => reading },
            },
        ],
        asks: &[&asks::CLIENT_SETTINGS, &asks::SERVER_LOG],
        remedies: &["client.offer-nla", "server.match-security-layer"],
    };
}
