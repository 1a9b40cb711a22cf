//! The cause `resolve.link-local-only`.

use crate::prelude::*;

cause! {
    /// The name ends in .local, and such names are known on their own link alone.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer" from another network or through a VPN, while machines beside the host
    /// find it.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Names ending in .local are not asked of name servers: machines on the same link answer for themselves (mDNS).
    /// No router passes these questions on. Where a domain of Active Directory ends in .local, its own name servers know
    /// its names, and this machine asks others or none: with --resolver and the address of a domain controller that
    /// shows at once.
    ///
    /// # Who mends it, and how
    ///
    /// The user gives the address, or a name that the name servers know; in a domain called .local, this machine is
    /// given the name servers of the domain (the VPN is up).
    ///
    /// # Sources
    ///
    /// RFC 6762 section 3; Microsoft: domain names ending in .local.
    pub static CAUSE = {
        id: "resolve.link-local-only",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The name ends in .local, and such names are known on their own link alone",
        prior: -3,
        clues: &[
            Clue {
                says: "{name} ends in .local and was not found",
                denies: "{name} does not end in .local",
                reads: &[FactKind::NameNotResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { name, why, via: Resolver::System, .. } if *why != NameFailure::Malformed => Some(names::is_link_local(name)), _ => None }),
            },
            Clue {
                says: "no name server knows it either",
                denies: "{server} knows it, so it is a name of a domain",
                reads: &[FactKind::NameResolved],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameResolved { name, via: Resolver::Server(_), .. } if names::is_link_local(name) => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::BY_ADDRESS, &asks::VPN],
        remedies: &["client.use-right-name", "client.bring-up-vpn"],
    };
}
