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
                look: |seen| seen.ended(|how, after| in_settings(after).then_some(matches!(how, Ending::Closed | Ending::Reset))),
            },
            Clue {
                says: "the server refused the settings with the result {result} of MCS",
                denies: "the server accepted the settings",
                reads: &[FactKind::SettingsAnswered],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::SettingsAnswered { result, .. } => Some(*result != 0), _ => None }),
            },
            Clue {
                says: "the server refused {channel} with the result {result} of MCS",
                denies: "all channels were joined",
                reads: &[FactKind::ChannelRefused, FactKind::ChannelsJoined],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ChannelRefused { .. } => Some(true), Fact::ChannelsJoined { .. } => Some(false), _ => None }),
            },
            Clue {
                says: "the server took its leave after {after}: {reason}",
                denies: "the server took its leave later",
                reads: &[FactKind::ServerDisconnected],
                weight: Weight::Strong,
                against: Weight::None,
                look: |seen| seen.any_as_client(|fact| match fact { Fact::ServerDisconnected { after, .. } => Some(in_settings(*after)), _ => None }),
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
