//! The cause `tunnel.gateway-not-found`.

use crate::prelude::*;

cause! {
    /// The name of the RD Gateway leads nowhere.
    ///
    /// # What the user sees
    ///
    /// "Your computer can't connect to the remote computer because the Remote Desktop Gateway server's address is
    /// unreachable or incorrect."
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name of the gateway has no address from here; the name of the host does not matter yet.
    ///
    /// # Who mends it, and how
    ///
    /// The user corrects the name in the connection's settings, or whoever keeps the name publishes it where the client
    /// asks.
    ///
    /// # Sources
    ///
    /// [MS-TSGU] 1.5.1.
    pub static CAUSE = {
        id: "tunnel.gateway-not-found",
        family: "dns-failure",
        phase: Phase::Tunnel,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "The name of the RD Gateway leads nowhere",
        prior: -6,
        clues: &[
            Clue {
                says: "no address was found for {name}",
                denies: "{name} has an address",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.gateway_leg(|fact| match fact { Fact::NameNotResolved { .. } => Some(true), Fact::NameResolved { .. } => Some(false), _ => None }),
            },
        ],
        remedies: &["client.use-right-name", "name-service.add-record"],
    };
}
