//! The cause `negotiate.port-taken`.

use crate::prelude::*;

cause! {
    /// Another program took the port before Remote Desktop could.
    ///
    /// # What the user sees
    ///
    /// Remote Desktop worked before the program was installed, and nobody changed the port.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host is the right one, and what answers on Remote Desktop's own port is another program. On the host,
    /// the owner of the port says which, and event 1035 or 261 is missing at start.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host moves the other program, then restarts the Remote Desktop service.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Check whether another application is using the RDP port.
    pub static CAUSE = {
        id: "negotiate.port-taken",
        family: "port-changed-or-conflict",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "Another program took the port before Remote Desktop could",
        prior: -14,
        clues: &[
            Clue {
                says: "{service} answered on the port of Remote Desktop",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| { let usual = seen.target().port == 3389; seen.any_as_client(|fact| match fact { Fact::OtherServiceAnswered { .. } => usual.then_some(true), Fact::NegotiationChosen { .. } | Fact::NegotiationRefused { .. } | Fact::NegotiationPlain { .. } => Some(false), _ => None }) },
            },
            Clue {
                says: "the program {program} listens at {at}",
                denies: "the program {program}, a Remote Desktop server, listens at {at}",
                reads: &[FactKind::ListenerFound],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| { let asked = seen.target().port; seen.all(|fact| match fact { Fact::ListenerFound { at, program: Some(program), .. } if at.port() == asked => names::serves_rdp(program).map(|serves| !serves), _ => None }) },
            },
            Clue {
                says: "the answer is no RDP message: {bytes}",
                denies: "the answer is an RDP message",
                reads: &[FactKind::Unreadable],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| { let usual = seen.target().port == 3389; seen.any_as_client(|fact| match fact { Fact::Unreadable { message, first_bytes } => (usual && *message <= Message::ConnectionConfirm && !first_bytes.0.starts_with(&[3, 0])).then_some(true), _ => None }) },
            },
            logged!("its log", Strong, "LISTEN_FAIL", "GRD_BIND"),
        ],
        asks: &[&asks::LISTENING],
        remedies: &["server.free-port", "server.restart-service"],
    };
}
