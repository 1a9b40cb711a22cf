//! The cause `tcp.wrong-port-asked`.

use crate::prelude::*;

cause! {
    /// Remote Desktop answers on the usual port, not on the one asked for.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" with a port in the name of the host.
    ///
    /// # How to tell it from its neighbours
    ///
    /// Port 3389 of the same host opens, and the port given does not.
    ///
    /// # Who mends it, and how
    ///
    /// The user drops the port from the name, or asks which one is right.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.9.
    pub static CAUSE = {
        id: "tcp.wrong-port-asked",
        family: "port-changed-or-conflict",
        phase: Phase::Tcp,
        side: Side::Client,
        severity: Severity::Blocking,
        title: "Remote Desktop answers on the usual port, not on the one asked for",
        prior: -9,
        clues: &[
            Clue {
                says: "the usual port opens: {to} {answer}",
                denies: "the usual port does not open: {to} {answer}",
                reads: &[FactKind::OtherPortAnswered],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| { let asked = seen.target().port; seen.any(|fact| match fact { Fact::OtherPortAnswered { to, opened } if to.port() == 3389 && asked != 3389 => Some(*opened), _ => None }) },
            },
            Clue {
                says: "the port asked for does not open",
                denies: "the port asked for opens",
                reads: &[FactKind::TcpOpened],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| { let asked = seen.target().port; seen.any(|fact| match fact { Fact::TcpOpened { to, .. } if to.port() == asked => Some(false), _ => None }) },
            },
        ],
        asks: &[&asks::DEFAULT_PORT],
        remedies: &["client.use-right-port", "client.forget-saved-connection"],
    };
}
