//! The cause `negotiate.certificate-missing`.

use crate::prelude::*;

cause! {
    /// The host has no certificate for Remote Desktop.
    ///
    /// # What the user sees
    ///
    /// The client ends at once; with mstsc 0x904 or "an internal error".
    ///
    /// # How to tell it from its neighbours
    ///
    /// The server said so itself, with the code SSL_CERT_NOT_ON_SERVER. On Windows the certificate could neither
    /// be found nor made; the System log has events 1057 or 1058. On Linux an unreadable key is the more usual
    /// reason.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the host has the certificate made again.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.1.2.2; Microsoft Learn: events 1057, 1058.
    pub static CAUSE = {
        id: "negotiate.certificate-missing",
        family: "rdp-cert-stale",
        phase: Phase::Negotiate,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The host has no certificate for Remote Desktop",
        prior: -8,
        clues: &[
            clues::NO_CERTIFICATE,
            Clue {
                says: "{computer} logged {event}, {times}",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1057), ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1058), ("Schannel", 36870)]),
            },
            Clue {
                says: "the log of the client says: {line}",
                denies: "the log of the client says nothing of it",
                reads: &[FactKind::LogSaid],
                weight: Weight::Decisive,
                against: Weight::None,
                look: |seen| seen.log_of_refusal(NegFailure::SSL_CERT_NOT_ON_SERVER),
            },
        ],
        asks: &[&asks::CERTIFICATE_EVENTS, &asks::XRDP_LOG],
        remedies: &["server.renew-certificate"],
    };
}
