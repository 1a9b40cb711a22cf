//! The cause `tcp.service-stopped`.

use crate::prelude::*;

cause! {
    /// The Remote Desktop service on the host is not running.
    ///
    /// # What the user sees
    ///
    /// "Can't connect to the remote computer" (0x204) at once.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The host answered with a reset: it is up, and nothing listens on the port. A stopped service, Remote
    /// Desktop switched off, another port and a rule that rejects look the same from outside; the service list
    /// on the host tells. A port that was seen open, and refuses on and on since, lost what listened on it.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host starts the service (TermService on Windows; xrdp or another server on
    /// Linux) and looks why it stopped.
    ///
    /// # Sources
    ///
    /// RFC 9293 section 3.10.7.1.
    pub static CAUSE = {
        id: "tcp.service-stopped",
        family: "termservice-down",
        phase: Phase::Tcp,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The Remote Desktop service on the host is not running",
        prior: -5,
        clues: &[
            clues::PORT_REFUSED,
            Clue {
                says: "the host serves other things: {to} {answer}",
                denies: "nothing else answers there",
                reads: &[FactKind::OtherPortAnswered],
                weight: Weight::Slight,
                against: Weight::None,
                look: |seen| seen.any(|fact| match fact { Fact::OtherPortAnswered { opened: true, .. } => Some(true), _ => None }),
            },
            Clue {
                says: "the service {service} does not run",
                denies: "the service {service} runs",
                reads: &[FactKind::ServiceFound],
                weight: Weight::Strong,
                against: Weight::Decisive,
                look: |seen| seen.service(&["TermService", "xrdp", "xrdp.service", "gnome-remote-desktop", "gnome-remote-desktop.service", "freerdp-shadow", "krdp"], false),
            },
            Clue {
                says: "{to} opened before, and then no longer",
                denies: "it was never seen open",
                reads: &[FactKind::TcpOpened],
                weight: Weight::Fair,
                against: Weight::None,
                look: |seen| { let asked = seen.target().port; seen.before(|fact| match fact { Fact::TcpOpened { to, .. } => Some(asked == 0 || to.port() == asked), _ => None }) },
            },
            clues::PORT_TESTED,
            clues::NOTHING_LISTENS,
        ],
        asks: &[&asks::SERVICE, &asks::LISTENING],
        remedies: &["server.start-service", "server.restart-host", "server.reset-from-outside"],
    };
}
