//! The cause `resolve.sinkhole`.

use std::net::IpAddr;

use crate::prelude::*;

cause! {
    /// The name leads to nobody's address, or to this machine itself.
    ///
    /// # What the user sees
    ///
    /// The connection is refused at once, or "can't connect to the remote computer".
    ///
    /// # How to tell it from its neighbours
    ///
    /// Blocking name servers and hosts files answer 0.0.0.0, :: or 127.0.0.1 for names they want to keep away.
    /// The host itself may be perfectly well. Where something listens at that address, the name was led there
    /// on purpose, by whoever set up a tunnel. Debian and Ubuntu lead a machine's own name to 127.0.1.1, which is as
    /// it should be.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the blocking name server or wrote the hosts file.
    ///
    /// # Sources
    ///
    /// RFC 1122 section 3.2.1.3.
    pub static CAUSE = {
        id: "resolve.sinkhole",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Blocking,
        title: "The name leads to nobody's address, or to this machine itself",
        prior: -6,
        clues: &[
            Clue {
                says: "{name} leads to {addresses}",
                denies: "{name} leads to {addresses}",
                reads: &[FactKind::NameResolved],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| { let here = seen.target().host.folded(); seen.all(|fact| match fact { Fact::NameResolved { addresses, via: Resolver::System, .. } if here != "localhost" && !here.ends_with(".localhost") => Some(!addresses.is_empty() && addresses.iter().all(|a| a.is_unspecified() || (a.is_loopback() && *a != IpAddr::from([127, 0, 1, 1])))), _ => None }) },
            },
            Clue {
                says: "nothing listens there",
                denies: "something listens there: a tunnel or forwarding of this machine, or its own Remote Desktop",
                reads: &[FactKind::TcpOpened],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.any(|fact| match fact { Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["name-service.correct-record", "client.use-right-name"],
    };
}
