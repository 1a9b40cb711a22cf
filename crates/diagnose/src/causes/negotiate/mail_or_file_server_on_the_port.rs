//! The cause `negotiate.mail-or-file-server-on-the-port`.

use crate::prelude::*;

cause! {
    /// A mail or file server answers where Remote Desktop was expected.
    ///
    /// # What the user sees
    ///
    /// 0x904 or "a protocol error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The first bytes belong to SMTP, FTP, Telnet or SMB. The address or the port is the wrong one.
    ///
    /// # Who mends it, and how
    ///
    /// Whoever gave out the address.
    ///
    /// # Sources
    ///
    /// RFC 5321 section 4.2; RFC 959 section 4.2; RFC 854; [MS-SMB2] 2.1.
    pub static CAUSE = {
        id: "negotiate.mail-or-file-server-on-the-port",
        family: "wrong-service-on-port",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "A mail or file server answers where Remote Desktop was expected",
        prior: -5,
        clues: &[
            Clue {
                says: "{service} answered: {bytes}",
                denies: "a Remote Desktop server answers there",
                reads: &[FactKind::OtherServiceAnswered, FactKind::NegotiationChosen, FactKind::NegotiationRefused, FactKind::NegotiationPlain],
                weight: Weight::Decisive,
                against: Weight::Decisive,
                look: |seen| seen.answered_by(&[Service::Smtp, Service::Ftp, Service::Telnet, Service::Smb]),
            },
        ],
        asks: &[&asks::LISTENING, &asks::FORWARDER],
        remedies: &["client.use-right-port", "server.free-port", "network.repair-forwarder"],
    };
}
