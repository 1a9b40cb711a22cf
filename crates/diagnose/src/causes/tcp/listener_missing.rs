//! The cause `tcp.listener-missing`.

use crate::prelude::*;

cause! {
    /// The service runs on the host, and its listener is missing.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once, though the service list says that all is well.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answered with a reset. On the host, qwinsta shows no line "rdp-tcp Listen". Removed listener
    /// settings, a termsrv.dll that was patched, or an update that replaced it are the usual reasons.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host restores the listener's settings and files.
    ///
    /// # Sources
    ///
    /// Microsoft Learn: Remote Desktop listener; RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.listener-missing",
        family: "listener-broken",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The service runs on the host, and its listener is missing",
        prior: -9,
        clues: &[
            Clue {
                says: "{to} refused the connection in {took}",
                denies: "{to} opens",
                reads: &[FactKind::TcpRefused, FactKind::TcpOpened],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.all(|fact| match fact { Fact::TcpRefused { .. } => Some(true), Fact::TcpOpened { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "nothing listens on port {port} of the host",
                denies: "something listens on the port",
                reads: &[FactKind::ListenerMissing],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| { let asked = seen.target().port; seen.any(|fact| match fact { Fact::ListenerMissing { port } => (*port == asked).then_some(true), _ => None }) },
            },
            Clue {
                says: "the service {service} runs all the same",
                denies: "the service {service} does not run",
                reads: &[FactKind::ServiceFound],
                weight: Weight::Fair,
                against: Weight::Decisive,
                look: |seen| seen.service(&["TermService"], true),
            },
            Clue {
                says: "a test of port {port} failed elsewhere too",
                denies: "a test of port {port} succeeded elsewhere",
                reads: &[FactKind::PortTested],
                weight: Weight::Fair,
                against: Weight::Fair,
                look: |seen| seen.port_tested(),
            },
        ],
        asks: &[&asks::LISTENING, &asks::SERVICE],
        remedies: &["server.restore-listener", "server.start-service"],
    };
}
