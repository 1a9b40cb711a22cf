//! Asks a proxy for a connection: HTTP CONNECT (RFC 9110 section 9.3.6) or SOCKS 5 (RFC 1928), and tells its answer.

use std::net::SocketAddr;

use model::{Bytes, Ending, Fact, Leg, Message, Micros, Phase, Place, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::{Read, http, service, socks};

use crate::drive::{Voice, ending};
use crate::hop::{ProxyKind, Relay};

/// Where the answer of a proxy belongs.
const PLACE: Place = Place {
    leg: Leg::Proxy,
    phase: Phase::Negotiate,
};
/// A SOCKS 5 proxy refused user and password.
const LOGON_REFUSED: u16 = 254;
/// The first bytes of a strange answer that are kept.
const KEPT: usize = 32;

/// Asks for the connection; true when it is open, so that the next byte is the host's.
pub(crate) async fn ask(
    stream: &mut TcpStream,
    at: SocketAddr,
    relay: &Relay,
    voice: &Voice,
) -> bool {
    let mut talk = Talk {
        stream,
        voice,
        asked: voice.clock.now(),
        end: voice.clock.now().plus(relay.patience),
        held: Vec::new(),
    };
    let asked = relay.host.clone();
    let answer = match relay.proxy.kind {
        ProxyKind::Http => talk.connect_over_http(relay).await,
        ProxyKind::Socks5 => talk.connect_over_socks(relay).await,
    };
    let now = voice.clock.now();
    let (open, fact) = match answer {
        Answer::Open => (
            true,
            Fact::ProxyConnected {
                proxy: at,
                asked,
                took: now.since(talk.asked),
            },
        ),
        Answer::Refused(answer, wants) => (
            false,
            Fact::ProxyRefused {
                proxy: at,
                asked,
                answer,
                wants,
            },
        ),
        Answer::Strange => (
            false,
            Fact::OtherServiceAnswered {
                service: service::recognise(&talk.held).unwrap_or(Service::Unknown),
                first_bytes: Bytes(talk.held.iter().take(KEPT).copied().collect()),
            },
        ),
        Answer::Ended(how) => (
            false,
            Fact::Ended {
                how,
                after: Message::ProxyRequest,
                waited: now.since(talk.asked),
                partial: u32::try_from(talk.held.len()).unwrap_or(u32::MAX),
            },
        ),
    };
    voice.fact(now, PLACE, fact);
    open
}

/// What came of asking.
enum Answer {
    Open,
    /// The status or reply, and the ways to log on that the proxy takes.
    Refused(u16, Option<Vec<String>>),
    /// Something that is no answer of such a proxy; the bytes are held.
    Strange,
    Ended(Ending),
}

struct Talk<'t> {
    stream: &'t mut TcpStream,
    voice: &'t Voice,
    asked: Micros,
    end: Micros,
    held: Vec<u8>,
}

impl Talk<'_> {
    async fn connect_over_http(&mut self, relay: &Relay) -> Answer {
        let asked = match relay.port {
            port if relay.host.0.contains(':') => format!("[{}]:{port}", relay.host.0),
            port => format!("{}:{port}", relay.host.0),
        };
        let logon = relay.proxy.credentials.as_ref().map(|with| {
            let pair = format!("{}:{}", with.user, with.password.reveal());
            format!(
                "Proxy-Authorization: Basic {}\r\n",
                http::base64(pair.as_bytes())
            )
        });
        let request = format!(
            "CONNECT {asked} HTTP/1.1\r\nHost: {asked}\r\nUser-Agent: rdpdoctor\r\n{}\r\n",
            logon.unwrap_or_default()
        );
        self.send(request.as_bytes()).await;
        match self.read(http::read_head).await {
            Ok(head) if (200..300).contains(&head.status) => Answer::Open,
            Ok(head) => {
                let wants = head.schemes("proxy-authenticate");
                Answer::Refused(head.status, Some(wants).filter(|wants| !wants.is_empty()))
            }
            Err(answer) => answer,
        }
    }

    async fn connect_over_socks(&mut self, relay: &Relay) -> Answer {
        let credentials = relay.proxy.credentials.as_ref();
        self.send(&socks::greeting(credentials.is_some())).await;
        let method = match self.read(socks::read_method).await {
            Ok(method) => method,
            Err(answer) => return answer,
        };
        match (method, credentials) {
            (socks::NO_LOGON, _) => {}
            (socks::PASSWORD, Some(with)) => {
                let Some(message) = socks::password(&with.user, with.password.reveal()) else {
                    return Answer::Refused(LOGON_REFUSED, None);
                };
                self.send(&message).await;
                match self.read(socks::read_password_status).await {
                    Ok(0) => {}
                    Ok(_) => return Answer::Refused(LOGON_REFUSED, None),
                    Err(answer) => return answer,
                }
            }
            _ => return Answer::Refused(u16::from(socks::NONE_ACCEPTED), None),
        }
        let Some(request) = socks::connect(&relay.host.0, relay.port) else {
            // A name that is too long for SOCKS cannot be reached: what RFC 1928 calls "host unreachable".
            return Answer::Refused(4, None);
        };
        self.send(&request).await;
        match self.read(socks::read_reply).await {
            Ok(0) => Answer::Open,
            Ok(reply) => Answer::Refused(u16::from(reply), None),
            Err(answer) => answer,
        }
    }

    async fn send(&mut self, bytes: &[u8]) {
        // A failed write is told by the read that follows.
        let _ = timeout(
            self.voice.clock.until(self.end),
            self.stream.write_all(bytes),
        )
        .await;
    }

    /// Reads a message, and no byte of what follows it: that is the host's.
    async fn read<T>(&mut self, read: impl Fn(&[u8]) -> Read<T>) -> Result<T, Answer> {
        self.held.clear();
        loop {
            let mut byte = [0];
            let got = timeout(
                self.voice.clock.until(self.end),
                self.stream.read(&mut byte),
            )
            .await;
            match got {
                Ok(Ok(0)) => return Err(Answer::Ended(Ending::Closed)),
                Ok(Ok(_)) => self.held.extend(byte),
                Ok(Err(error)) => return Err(Answer::Ended(ending(&error))),
                Err(_) => return Err(Answer::Ended(Ending::Silence)),
            }
            match read(&self.held) {
                Read::Whole { value, .. } => return Ok(value),
                Read::Partial => {}
                Read::Not => return Err(Answer::Strange),
            }
        }
    }
}
