//! The cause `settings.closed`.

use crate::prelude::*;

cause! {
    /// The server ends the connection when the session is set up.
    ///
    /// # What the user sees
    ///
    /// 0x904 after "Configuring remote session".
    ///
    /// # How to tell it from its neighbours
    ///
    /// Security and logon are done, and the server closes when settings are exchanged: a server program that
    /// lacks its set-up, a client that asks for what it does not know, a limit of sessions.
    ///
    /// # Who mends it, and how
    ///
    /// The administrator of the server reads its log.
    ///
    /// # Sources
    ///
    /// [MS-RDPBCGR] 1.3.1.1.
    pub static CAUSE = {
        id: "settings.closed",
        family: "server-app-misconfig",
        phase: Phase::Settings,
        side: Side::Server,
        severity: Severity::Blocking,
        title: "The server ends the connection when the session is set up",
        prior: -6,
        clues: &[
            Clue {
                says: "the connection was {how} {waited} after {after}",
                denies: "the connection was {how}",
                reads: &[FactKind::Ended],
                weight: Weight::Strong,
                against: Weight::Slight,
                look: |seen| seen.ended(|how, after| matches!(after, Message::McsConnectInitial | Message::McsConnectResponse).then_some(matches!(how, Ending::Closed | Ending::Reset))),
            },
            Clue {
                says: "its log says: {line}",
                denies: "its log says that the client was gone each time: {line}",
                reads: &[FactKind::LogSaid],
                weight: Weight::Strong,
                against: Weight::Strong,
                look: |seen| seen.logged_beyond(&["MCS_FAIL", "MCS_CONNECT"], &["FIRST_BYTES_MISSING"]),
            },
            Clue {
                says: "few of the connections came to a session",
                denies: "{reached} of {seen} connections came to a session: clients that ask about the certificate hang up once and come back",
                reads: &[FactKind::ConnectionsLogged],
                weight: Weight::None,
                against: Weight::Decisive,
                look: |seen| seen.sessions_reached(),
            },
        ],
        asks: &[&asks::SERVER_LOG, &asks::SESSIONS],
        remedies: &["server.complete-setup", "client.update"],
    };
}
