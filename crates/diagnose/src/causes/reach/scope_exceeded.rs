//! The cause `reach.scope-exceeded`.

use crate::prelude::*;

cause! {
    /// The address is valid on one link only, and the way leads over another.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// An IPv6 router answered that the address is beyond the scope of its source, or rejects the source
    /// address. A link-local address needs its interface written behind it (fe80::1%eth0).
    ///
    /// # Who mends it, and how
    ///
    /// The user: give the name or a global address.
    ///
    /// # Sources
    ///
    /// RFC 4443 section 3.1 (codes 2 and 5); RFC 4007.
    pub static CAUSE = {
        id: "reach.scope-exceeded",
        family: "client-config",
        phase: Phase::Reach,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "The address is valid on one link only, and the way leads over another",
        prior: -8,
        clues: &[
            Clue {
                says: "{from} says of {to}: {icmp}",
                denies: "{from} says of {to}: {icmp}",
                reads: &[FactKind::TcpUnreachable],
                weight: Weight::Decisive,
                against: Weight::Strong,
                look: |seen| seen.icmp(|_, icmp| Some(matches!((icmp.v6, icmp.kind, icmp.code), (true, 1, 2)))),
            },
        ],
        remedies: &["client.use-right-name"],
    };
}
