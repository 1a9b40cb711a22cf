//! The cause `negotiate.other-x224-on-the-port`.

use crate::prelude::*;

cause! {
    /// Another protocol that looks like Remote Desktop from afar answers on the port.
    ///
    /// # What the user sees
    ///
    /// "A protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer is framed as RDP's is, and it is none: industrial controllers (S7) and conference systems use
    /// the same framing. Such a service may also turn the request away as X.224 does, with a Disconnect Request, where
    /// a Remote Desktop server would send its own kind of refusal.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address.
    ///
    /// # Sources
    ///
    /// RFC 1006; RFC 2126.
    pub static CAUSE = {
        id: "negotiate.other-x224-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Another protocol that looks like Remote Desktop from afar answers on the port",
        prior: -5,
        clues: &[
            Clue {
                says: "another protocol over the same framing answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| match seen.turned_away() { Reading::For(_) => Reading::Silent, _ => seen.answered_by(&[Service::OtherX224]) },
            },
            Clue {
                says: "the request was turned away in X.224, and not as Remote Desktop does: {bytes}",
                denies: "what answered is no refusal of X.224: {bytes}",
                reads: &[FactKind::OtherServiceAnswered],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.turned_away(),
            },
        ],
        asks: &[&asks::LISTENING],
        remedies: &["client.use-right-port", "server.free-port"],
    };
}
