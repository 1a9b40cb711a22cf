//! The cause `session.udp-broken`.

use crate::prelude::*;

cause! {
    /// The side transport over UDP fails.
    ///
    /// # What the user sees
    ///
    /// A pause of five seconds at the beginning, or a session that freezes after a minute.
    ///
    /// # How to tell it from its neighbours
    ///
    /// TCP works and UDP 3389 (or 3391 at a gateway) does not get through, although the server offered it to a
    /// client. The session goes on over TCP. A host that merely has no side transport is not ill.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network opens UDP 3389, or switches the side transport off.
    ///
    /// # Sources
    ///
    /// [MS-RDPEUDP] 1.3; [MS-RDPBCGR] 2.2.15.
    pub static CAUSE = {
        id: "session.udp-broken",
        family: "udp-transport-broken",
        phase: Phase::Session,
        side: Side::Network,
        severity: Severity::Degrading,
        title: "The side transport over UDP fails",
        prior: -4,
        clues: &[
            Clue {
                says: "{sent} to {to} over UDP got no answer in {waited}",
                denies: "{to} answers over UDP",
                reads: &[FactKind::UdpSilent, FactKind::UdpAnswered],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all_as_client(|fact| match fact { Fact::UdpAnswered { .. } => Some(false), Fact::UdpSilent { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "{to} over UDP: {icmp}",
                denies: "{to} answers over UDP",
                reads: &[FactKind::UdpUnreachable],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::UdpUnreachable { .. } => Some(true), _ => None }),
            },
            Clue {
                says: "{computer} logged {event}, {times}: the side transport could not be secured",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 138)]),
            },
        ],
        asks: &[&asks::TCP_ONLY, &asks::FROM_ELSEWHERE],
        remedies: &["network.open-udp", "client.switch-off-udp", "server.switch-off-udp"],
        topics: &[Topic::UdpTransport],
    };
}
