//! The cause `session.broker-fails`.

use crate::prelude::*;

cause! {
    /// The connection broker does not find or hand over a session.
    ///
    /// # What the user sees
    ///
    /// The logon works and the connection ends; a single host works, the name of the farm does not.
    ///
    /// # How to tell it from its neighbours
    ///
    /// The broker says that it could not redirect, or the client did not follow: a client without the farm's
    /// connection file, a broker whose database is away.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the farm; the user takes the farm's own connection file.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 2.2.13.1; Microsoft Learn: RD Connection Broker.
    pub static CAUSE = {
        id: "session.broker-fails",
        family: "session-broker-redirect",
        phase: Phase::Session,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The connection broker does not find or hand over a session",
        prior: -5,
        clues: &[
            Clue {
                says: "{computer} logged {event}, {times}: the broker does not do its part",
                denies: "no such event is in the log",
                reads: &[FactKind::EventLogged],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.event(&[("Microsoft-Windows-TerminalServices-SessionBroker", 2056), ("Microsoft-Windows-TerminalServices-SessionBroker-Client", 1296)]),
            },
            Clue {
                says: "the server said why it ended the connection: {told}",
                denies: "the server gave another reason",
                reads: &[FactKind::ErrorInfoSent, FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.error_info(&["CB_DESTINATION_NOT_FOUND", "CB_LOADING_DESTINATION", "CB_REDIRECTING_TO_DESTINATION", "CB_CONNECTION_CANCELLED", "CB_SESSION_ONLINE_VM_BOOT_TIMEOUT", "CB_SESSION_ONLINE_VM_WAKE", "CB_SESSION_ONLINE_VM_NO_DNS", "CB_DESTINATION_POOL_NOT_FREE", "CB_CONNECTION_ERROR_INVALID_SETTINGS"]),
            },
        ],
        remedies: &["server.repair-broker", "server.accept-logons"],
        topics: &[Topic::Broker, Topic::BrokerTarget],
    };
}
