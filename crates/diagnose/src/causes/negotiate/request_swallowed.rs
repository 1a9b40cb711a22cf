//! The cause `negotiate.request-swallowed`.

use crate::prelude::*;

cause! {
    /// Something on the way swallows RDP's first message.
    ///
    /// # What the user sees
    ///
    /// "Connecting" that never ends.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The connection opens and the request is never answered. A filter that lets TCP pass and looks into it
    /// drops what it takes for RDP; a request of another shape passes. From outside a hanging service looks
    /// alike.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the inspection device.
    ///
    /// # Sources
    ///
    /// RFC 2979.
    pub static CAUSE = {
        id: "negotiate.request-swallowed",
        family: "middlebox-reset",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "Something on the way swallows RDP's first message",
        prior: -9,
        clues: &[
            Clue {
                says: "no answer came in {waited} after {after}",
                denies: "the connection was {how} after {after}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.unanswered(|how, after| Some(how == Ending::Silence && after == Message::ConnectionRequest)),
            },
            clues::NO_REMOTE_DESKTOP,
            Clue {
                says: "its log says that it waited for the first message: {line}",
                denies: "its log says nothing of a message that never came",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                // With a value, it is of a connection that had come further.
                look: |seen| seen.any(|fact| match fact { Fact::LogSaid { symbol, values, .. } => (symbol == "FIRST_BYTES_MISSING" && values.is_empty()).then_some(true), _ => None }),
            },
            clues::SENT_IN_VAIN,
            clues::SENT_BACK,
            clues::NOT_BY_CHANCE,
        ],
        asks: &[&asks::INSPECTION, &asks::CAPTURE],
        remedies: &["network.exempt-from-inspection"],
    };
}
