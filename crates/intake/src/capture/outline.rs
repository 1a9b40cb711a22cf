//! A connection of a capture in one line: how far it came, how it ended, by whom, and how the way was.

use std::net::SocketAddr;

use model::{Ending, Fact, Message, Micros, Phase};

use super::{Connection, Protocol};

/// A connection in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its number among all TCP connections of the capture.
    pub number: u32,
    /// What it is.
    pub protocol: Protocol,
    /// The end that opened it.
    pub client: SocketAddr,
    /// The end it was opened to.
    pub server: SocketAddr,
    /// The proxy it goes through, in words.
    pub via: Option<String>,
    /// From its first packet to its last.
    pub took: Micros,
    /// Its packets.
    pub packets: u64,
    /// What TLS is for that began without an X.224 exchange.
    pub about: super::About,
    /// The last rung that was passed.
    pub reached: Option<Phase>,
    /// The last message that was seen as a whole.
    pub last: Message,
    /// What tells how it ended; `None` when the capture ends before it.
    pub end: Option<Fact>,
    /// Who ended it; `None` when nobody did, or nobody knows.
    pub ended_by: Option<Party>,
    /// The round-trip time of its opening, from the client's SYN to its confirmation.
    pub round_trip: Option<Micros>,
    /// Segments with data, and how many of them were sent again by client and server.
    pub segments: u32,
    /// Segments that the client sent again.
    pub resent_by_client: u32,
    /// Segments that the server sent again.
    pub resent_by_server: u32,
    /// It did not become a session, and not because the client chose to leave.
    pub troubled: bool,
}

/// Somebody who can end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The end that opened it.
    Client,
    /// The end it was opened to.
    Server,
    /// Something between them.
    Network,
}

impl Connection {
    /// This connection in short.
    pub fn outline(&self) -> Outline {
        let facts = || self.seen.iter().map(|(_, _, fact)| fact);
        let end = facts().find(|fact| ends(fact)).cloned();
        let (by_client, by_server, of) = facts()
            .find_map(|fact| match fact {
                Fact::Retransmitted {
                    by_client,
                    by_server,
                    of,
                } => Some((*by_client, by_server.unwrap_or_default(), *of)),
                _ => None,
            })
            .unwrap_or((0, 0, self.segments));
        Outline {
            number: self.number,
            protocol: self.protocol,
            client: self.client,
            server: self.server,
            via: self.via.clone(),
            took: self.ended.since(self.began),
            packets: self.packets,
            about: self.about.clone(),
            reached: facts().filter_map(passes).max(),
            last: self.last,
            ended_by: end.as_ref().and_then(|fact| ended_by(fact, self)),
            end,
            round_trip: self.round_trip,
            segments: of,
            resent_by_client: by_client,
            resent_by_server: by_server,
            troubled: self.is_troubled(),
        }
    }
}

/// The rung that a fact shows to be passed.
const fn passes(fact: &Fact) -> Option<Phase> {
    Some(match fact {
        Fact::TcpOpened { .. } => Phase::Tcp,
        Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Phase::Negotiate,
        Fact::TlsEstablished { .. } => Phase::Secure,
        Fact::LogonAccepted { .. } => Phase::Authenticate,
        Fact::ChannelsJoined { .. } => Phase::Settings,
        Fact::CapabilitiesOffered { .. } => Phase::License,
        Fact::SessionRan { .. } => Phase::Session,
        Fact::Ended { after, .. } | Fact::ClientEnded { after, .. } => match after {
            Message::McsConnectInitial => Phase::Authenticate,
            Message::McsConnectResponse => Phase::Settings,
            _ => return None,
        },
        _ => return None,
    })
}

/// A fact that tells how a connection ended.
const fn ends(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::TcpRefused { .. }
            | Fact::TcpUnreachable { .. }
            | Fact::TcpSilent { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::ProxyRefused { .. }
            | Fact::OtherServiceAnswered { .. }
            | Fact::Unreadable { .. }
            | Fact::TlsAlerted { .. }
            | Fact::TlsRejected { .. }
            | Fact::NotTls { .. }
            | Fact::CredSspRefused { .. }
            | Fact::CredSspAnswerTooSmall { .. }
            | Fact::Ended { .. }
            | Fact::ClientEnded { .. }
    )
}

fn ended_by(end: &Fact, connection: &Connection) -> Option<Party> {
    match end {
        Fact::TcpSilent { .. }
        | Fact::Ended {
            how: Ending::Silence,
            ..
        } => None,
        Fact::TcpUnreachable { icmp, .. } => {
            let by_host = icmp.is_some_and(|icmp| icmp.from == Some(connection.server.ip()));
            Some(if by_host {
                Party::Server
            } else {
                Party::Network
            })
        }
        Fact::TlsRejected { .. } | Fact::ClientEnded { .. } => Some(Party::Client),
        Fact::Ended {
            how: Ending::Reset, ..
        } => {
            let elsewhere = connection
                .seen
                .iter()
                .any(|(_, _, fact)| matches!(fact, Fact::ResetFromElsewhere { .. }));
            Some(if elsewhere {
                Party::Network
            } else {
                Party::Server
            })
        }
        Fact::ProxyRefused { .. } => Some(Party::Network),
        _ => Some(Party::Server),
    }
}
