//! The cause `resolve.no-address`.

use crate::prelude::*;

cause! {
    /// The name exists but has no address.
    ///
    /// # What the user sees
    ///
    /// The same dialog as for a name that does not exist.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name service knows the name and has neither an A nor an AAAA record for it: often only an alias that
    /// leads nowhere, or records of another kind. A dynamic record that was cleaned up leaves this behind.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the name service adds the address record, or lets the host register it again
    /// (ipconfig /registerdns).
    ///
    /// # Sources
    ///
    /// RFC 2308 section 2.2.
    pub static CAUSE = {
        id: "resolve.no-address",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "The name exists but has no address",
        prior: -9,
        clues: &[
            Clue {
                says: "the name service knows {name} and has no address for it",
                denies: "{name} has addresses",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { why, via: Resolver::System, .. } => Some(*why == NameFailure::NoAddress), Fact::NameResolved { via: Resolver::System, .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["name-service.add-record", "client.use-right-name"],
    };
}
