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
    /// the same framing.
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
                look: |seen| seen.answered_by(&[Service::OtherX224]),
            },
        ],
        asks: &[&asks::LISTENING],
        remedies: &["client.use-right-port", "server.free-port"],
    };
}
