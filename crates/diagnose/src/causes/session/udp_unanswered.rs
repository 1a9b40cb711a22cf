//! The cause `session.udp-unanswered`.

use crate::prelude::*;

cause! {
    /// Sessions run over TCP alone: nothing answers over UDP.
    ///
    /// # What the user sees
    ///
    /// On a good network nothing. Over a distance or a path that loses packets, pictures and sound come later
    /// than they could, because one lost packet holds up all that follow it.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Windows since version 8 and Server 2012 answers on its Remote Desktop port over UDP as well, unless the
    /// side transport was switched off. xrdp, FreeRDP and GNOME have none: on them it is no fault, and it is
    /// none on a host whose administrator wants TCP alone. A client that was offered the side transport and
    /// waits for it in vain is another matter, which shows in a recording of its session.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the network opens UDP beside TCP, where sessions over a distance matter.
    ///
    /// # Sources
    ///
    /// [MS-RDPEUDP] 1.3 and 3.1.5.1; Microsoft Learn: RDP port and UDP.
    pub static CAUSE = {
        id: "session.udp-unanswered",
        family: "udp-transport-broken",
        phase: Phase::Session,
        side: Side::Network,
        severity: Severity::Note,
        title: "Sessions run over TCP alone: nothing answers over UDP",
        prior: -6,
        clues: &[
            Clue {
                says: "{sent} to {to} over UDP got no answer in {waited}, and Windows of this age listens there unless told otherwise",
                denies: "{to} answers over UDP",
                reads: &[FactKind::UdpSilent, FactKind::UdpAnswered, FactKind::NtlmChallenged],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.side_transport_missed(),
            },
            Clue {
                says: "{to} over UDP: {icmp}, said by a device on the way",
                denies: "no device on the way refused UDP",
                reads: &[FactKind::UdpUnreachable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.side_transport_filtered(),
            },
        ],
        asks: &[&asks::FROM_ELSEWHERE, &asks::TCP_ONLY],
        remedies: &["network.open-udp"],
    };
}
