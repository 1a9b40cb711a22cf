//! The cause `resolve.suffix-missing`.

use crate::prelude::*;

cause! {
    /// The short name is completed with the wrong domain, or with none.
    ///
    /// # What the user sees
    ///
    /// The same dialog as for a name that does not exist; the full name works.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A name without a dot was asked for. Machines of a domain add the domain by themselves; others do not, nor
    /// does a VPN whose settings carry no suffix.
    ///
    /// # Who mends it, and how
    ///
    /// The user gives the full name (srv01.corp.example), or the administrator sets the search suffix on the VPN
    /// or by DHCP.
    ///
    /// # Sources
    ///
    /// RFC 1535; RFC 6731.
    pub static CAUSE = {
        id: "resolve.suffix-missing",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The short name is completed with the wrong domain, or with none",
        prior: -13,
        clues: &[
            Clue {
                says: "{name} is a short name and was not found",
                denies: "{name} is a full name",
                reads: &[FactKind::NameNotResolved],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { name, why: NameFailure::NoSuchName | NameFailure::NoAddress | NameFailure::Other, .. } => Some(!name.folded().contains('.')), _ => None }),
            },
            Clue {
                says: "in full it is known: {name} has addresses",
                denies: "it was found as it is",
                reads: &[FactKind::NameResolved],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| match seen.found_in_full() {
                    crate::Reading::Silent => seen.any(|fact| match fact { Fact::NameResolved { via: Resolver::System, .. } => Some(false), _ => None }),
                    found => found,
                },
            },
        ],
        asks: &[&asks::FULL_NAME, &asks::LOOK_UP],
        remedies: &["client.use-right-name", "client.set-search-suffix"],
    };
}
