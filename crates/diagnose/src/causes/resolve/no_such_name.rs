//! The cause `resolve.no-such-name`.

use crate::prelude::*;

cause! {
    /// The name does not exist in the name service this machine asks.
    ///
    /// # What the user sees
    ///
    /// "Remote Desktop can't find the computer" (0x104, 260) within a second.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name servers are well: they answered, and the answer is no. If a colleague's machine finds the name,
    /// this machine asks other servers (a VPN that is down, a home router) or lacks the search suffix. If nobody
    /// finds it, the record is missing or the name is misspelt.
    ///
    /// # Who mends it, and how
    ///
    /// First compare the spelling with what others use; then the administrator of the name service adds the
    /// record, or the VPN is brought up.
    ///
    /// # Sources
    ///
    /// RFC 2308 section 2.1; RFC 8020.
    pub static CAUSE = {
        id: "resolve.no-such-name",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "The name does not exist in the name service this machine asks",
        prior: -5,
        clues: &[
            Clue {
                says: "the name service says that {name} does not exist, after {took}",
                denies: "{name} has addresses",
                reads: &[FactKind::NameNotResolved, FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::NameNotResolved { why, via: Resolver::System, .. } => Some(*why == NameFailure::NoSuchName), Fact::NameResolved { via: Resolver::System, .. } => Some(false), _ => None }),
            },
            Clue {
                says: "the name is not known in full either",
                denies: "in full it is known: {name} has addresses",
                reads: &[FactKind::NameResolved],
                weight: Weight::None,
                against: Weight::Strong,
                look: |seen| View::not(seen.found_in_full()),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "its log says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| match seen.logged(&["DNS_FAIL", "GUACD_DNS"]) { Reading::Silent => seen.last_error(&["DNS_NAME_NOT_FOUND"]), said => said },
            },
        ],
        asks: &[&asks::LOOK_UP, &asks::VPN, &asks::BY_ADDRESS],
        roots: &["resolve.link-local-only", "resolve.suffix-missing", "resolve.split-horizon"],
        remedies: &["client.use-right-name", "name-service.add-record", "client.bring-up-vpn"],
    };
}
