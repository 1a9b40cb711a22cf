//! The cause `tcp.source-banned`.

use crate::prelude::*;

cause! {
    /// The host has banned this address.
    ///
    /// # What the user sees
    ///
    /// It worked a while ago and fails suddenly, for this network only; colleagues elsewhere still connect.
    ///
    /// # How to tell it from its neighbours
    ///
    /// A guard against password guessing adds a rule that drops the address. Other ports of the host may be
    /// silent too. What tells it from a firewall: it works at once from another address.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host takes the address off the list, and finds out what guessed (a phone or
    /// service with an old password).
    ///
    /// # Sources
    ///
    /// fail2ban, IPBan, RdpGuard: their own documents.
    pub static CAUSE = {
        id: "tcp.source-banned",
        family: "ip-banned",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host has banned this address",
        prior: -10,
        explains: true,
        clues: &[
            Clue {
                says: "no answer came on this port from {to} in {waited}",
                denies: "{to} answers on this port",
                reads: &[FactKind::TcpSilent, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| match seen.opened_at_first() {
                    crate::Reading::For(_) => crate::Reading::Silent,
                    _ => seen.all(|fact| match fact { Fact::TcpSilent { .. } => Some(true), Fact::TcpOpened { .. } | Fact::TcpRefused { .. } => Some(false), _ => None }),
                },
            },
            Clue {
                says: "{to} opened at first and does not any more",
                denies: "{to} opened again after it had not",
                reads: &[FactKind::TcpSilent, FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Fair,
                look: |seen| seen.opened_at_first(),
            },
            clues::OPEN_ELSEWHERE,
            clues::BAN_LOGGED,
            clues::ORDINARY_ADDRESS,
            clues::NOTHING_LOST,
        ],
        asks: &[&asks::FROM_ELSEWHERE, &asks::BANS],
        remedies: &["server.unban"],
    };
}
