//! The cause `resolve.slow`.

use crate::prelude::*;

cause! {
    /// The name takes long to resolve.
    ///
    /// # What the user sees
    ///
    /// A pause before every connection, and at times "can't find the computer".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The answer came, and late. One second is the usual wait for a first name server that does not answer
    /// before the second is asked; five seconds is two of them.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the network puts the dead name server out of the list.
    ///
    /// # Sources
    ///
    /// RFC 1035 section 4.2.1.
    pub static CAUSE = {
        id: "resolve.slow",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Degrading,
        title: "The name takes long to resolve",
        prior: -3,
        clues: &[
            Clue {
                says: "{name} took {took} to resolve",
                denies: "{name} resolved in {took}",
                reads: &[FactKind::NameResolved],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::NameResolved { took, via: Resolver::System, .. } => Some(*took >= Micros::from_millis(900)), _ => None }),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["client.repair-resolver", "name-service.repair-server"],
    };
}
