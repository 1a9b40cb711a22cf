//! The cause `resolve.dead-address`.

use crate::prelude::*;

cause! {
    /// One of the addresses of the name is dead.
    ///
    /// # What the user sees
    ///
    /// The connection works, now and then after a pause of some seconds, or for some people only. Programs that
    /// try only the first address fail.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The name has several addresses. At least one opens and at least one does not. A record nobody removed (an
    /// old network card, a VPN adapter, a former host) is the usual reason; a whole address family without a way
    /// is another cause.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the name service removes the dead record; on the host, an adapter that should not
    /// register itself is told so.
    ///
    /// # Sources
    ///
    /// RFC 8305 (happy eyeballs); RFC 6724.
    pub static CAUSE = {
        id: "resolve.dead-address",
        family: "dns-failure",
        phase: Phase::Resolve,
        side: Side::NameService,
        severity: Severity::Degrading,
        title: "One of the addresses of the name is dead",
        prior: -2,
        explains: true,
        clues: &[
            Clue {
                says: "{to} does not open while another address of the name does",
                denies: "every address of the name opens",
                reads: &[FactKind::TcpSilent, FactKind::TcpRefused, FactKind::TcpUnreachable, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.one_of_many(|_, open| Some(!open)),
            },
            Clue {
                says: "other addresses of the same kind open",
                denies: "every address of its kind is dead, {to} too, and those of the other kind open",
                reads: &[FactKind::TcpSilent, FactKind::TcpRefused, FactKind::TcpUnreachable, FactKind::TcpOpened],
                weight: Weight::None,
                against: Weight::Fair,
                look: |seen| match seen.whole_family_dead(false) {
                    crate::Reading::Silent => View::not(seen.whole_family_dead(true)),
                    dead => View::not(dead),
                },
            },
        ],
        asks: &[&asks::LOOK_UP],
        remedies: &["name-service.remove-dead-address"],
    };
}
