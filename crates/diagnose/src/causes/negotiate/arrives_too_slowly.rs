//! The cause `negotiate.arrives-too-slowly`.

use crate::prelude::*;

cause! {
    /// What is sent arrives too slowly.
    ///
    /// # What the user sees
    ///
    /// "Connecting" or "securing remote connection" that lasts, and then 0x108 or 0x904; sometimes it works after a
    /// minute.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Bytes of an answer keep coming and do not come to a whole message in time. A server that stalls sends nothing,
    /// lost packets leave a gap behind which nothing comes: a server writes its messages whole, so what comes in drips
    /// was made slow on the way. A line that is full or shaped, a tunnel over a bad radio link and a relay that is
    /// starved do that. Where it is the client's own bytes that are slow, answers take longer the more was asked: a server that
    /// is busy takes as long for a small ClientHello as for a larger one. The same look from beside the host is quick.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever runs the line, the tunnel or the relay; the user can try another way to the network.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.8; RFC 7567.
    pub static CAUSE = {
        id: "negotiate.arrives-too-slowly",
        family: "route-or-vpn-down",
        phase: Phase::Negotiate,
        side: Side::Network,
        severity: Severity::Blocking,
        title: "What is sent arrives too slowly",
        prior: -6,
        clues: &[
            Clue {
                says: "bytes of the answer kept coming and it was not whole in time: {came} after {after}",
                denies: "{came} came after {after}, and then nothing for {idle}",
                reads: &[FactKind::Trickled, FactKind::AnswerTook],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.keeps_coming(),
            },
            Clue {
                says: "an answer before it came in {pieces} pieces over {whole} too",
                denies: "the answers before it came at once",
                reads: &[FactKind::AnswerTook],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::AnswerTook { first, whole, pieces, .. } => (*pieces > 1 && whole.since(*first) >= Micros::from_millis(100)).then_some(true), _ => None }),
            },
            Clue {
                says: "a smaller ClientHello was answered in {first}, longer than the request before it by as much as it is larger: at that pace the client's own needs more time than there was",
                denies: "small and large messages are answered as quickly",
                reads: &[FactKind::AnswerTook, FactKind::TlsOffered, FactKind::TcpOpened, FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.answered_by_the_byte(),
            },
        ],
        asks: &[&asks::FROM_INSIDE, &asks::FROM_ELSEWHERE, &asks::CAPTURE],
        remedies: &["network.shorten-path", "network.restore-route", "network.exempt-from-inspection"],
    };
}
