//! Asks a proxy for a connection: HTTP CONNECT (RFC 9110 section 9.3.6) or SOCKS 5 (RFC 1928), and tells its answer.

use std::net::SocketAddr;

use model::{Bytes, Ending, Fact, Leg, Message, Micros, Phase, Place, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::{Read, http, service, socks};

use session::NtlmLogon;

use crate::connect::{Opening, connect};
use crate::drive::{Voice, ending};
use crate::hop::{Credentials, ProxyKind, Relay};

/// Where the answer of a proxy belongs.
const PLACE: Place = Place {
    leg: Leg::Proxy,
    phase: Phase::Negotiate,
};
/// A proxy of HTTP asks who is there …
const WANTS_LOGON: u16 = 407;
/// … and says here how it wants to be told.
const ASKS: &str = "proxy-authenticate";
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
        at,
        voice,
        asked: voice.clock.now(),
        end: voice.clock.now().plus(relay.patience),
        held: Vec::new(),
        logon: None,
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
                logon: talk.logon.map(str::to_owned),
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
    /// The proxy.
    at: SocketAddr,
    voice: &'t Voice,
    asked: Micros,
    end: Micros,
    held: Vec<u8>,
    /// The way in which the user logged on.
    logon: Option<&'static str>,
}

impl Talk<'_> {
    async fn connect_over_http(&mut self, relay: &Relay) -> Answer {
        let head = match self.ask_http(relay, None).await {
            Ok(head) => head,
            Err(answer) => return answer,
        };
        let head = match &relay.proxy.credentials {
            Some(with) if head.status == WANTS_LOGON => self.log_on(relay, with, head).await,
            _ => Ok(head),
        };
        match head {
            Ok(head) if (200..300).contains(&head.status) => Answer::Open,
            Ok(head) => {
                let wants = head.schemes(ASKS);
                Answer::Refused(head.status, Some(wants).filter(|wants| !wants.is_empty()))
            }
            Err(answer) => answer,
        }
    }

    /// Asks for the connection, with the value of `Proxy-Authorization`.
    async fn ask_http(
        &mut self,
        relay: &Relay,
        authorization: Option<String>,
    ) -> Result<http::Head, Answer> {
        let asked = match relay.port {
            port if relay.host.0.contains(':') => format!("[{}]:{port}", relay.host.0),
            port => format!("{}:{port}", relay.host.0),
        };
        let logon = authorization
            .map(|value| format!("Proxy-Authorization: {value}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "CONNECT {asked} HTTP/1.1\r\nHost: {asked}\r\nUser-Agent: rdpdoctor\r\n{logon}\r\n"
        );
        self.send(request.as_bytes()).await;
        self.read(http::read_head).await
    }

    /// Logs on, once, in the way that gives away least: NTLM proves the password and does not send it. Gives back what
    /// was answered in the end.
    async fn log_on(
        &mut self,
        relay: &Relay,
        with: &Credentials,
        asked: http::Head,
    ) -> Result<http::Head, Answer> {
        let offers = asked.schemes(ASKS);
        let offered = |scheme: &&str| {
            let mut offers = offers.iter();
            offers.any(|offer| offer.eq_ignore_ascii_case(scheme))
        };
        // What is called Negotiate takes NTLM as it is, too; it lives on one connection.
        let goes_on = self.passes_over(&asked).await;
        let scheme = ["NTLM", "Negotiate"].into_iter().find(offered);
        if let (true, Some(scheme)) = (goes_on, scheme) {
            let service = format!("HTTP/{}", relay.proxy.host.0.trim_end_matches('.'));
            // There is no TLS on the way to the proxy that it could be tied to.
            let begun = NtlmLogon::begin(&with.user, with.password.reveal(), &service, &[]);
            let Ok((mut logon, token)) = begun else {
                return Ok(asked);
            };
            let value = format!("{scheme} {}", http::base64(&token));
            let challenged = self.ask_http(relay, Some(value)).await?;
            let answer = challenged
                .token(ASKS, scheme)
                .and_then(http::from_base64)
                .and_then(|challenge| logon.answer(challenge).ok());
            let Some(answer) = answer.filter(|_| challenged.status == WANTS_LOGON) else {
                return Ok(challenged);
            };
            if !self.passes_over(&challenged).await {
                return Ok(challenged);
            }
            let value = format!("{scheme} {}", http::base64(&answer));
            self.logon = Some(scheme);
            return self.ask_http(relay, Some(value)).await;
        }
        if !offered(&"Basic") {
            return Ok(asked);
        }
        // Proxies are free to end the connection with their question.
        if !goes_on && !self.connects_again().await {
            return Ok(asked);
        }
        let pair = format!("{}:{}", with.user, with.password.reveal());
        let value = format!("Basic {}", http::base64(pair.as_bytes()));
        self.logon = Some("Basic");
        self.ask_http(relay, Some(value)).await
    }

    /// Passes over the body of an answer; false when the connection does not go on behind it.
    async fn passes_over(&mut self, head: &http::Head) -> bool {
        if !head.keeps_alive() || head.body() == http::Body::UntilClosed {
            return false;
        }
        let nothing = matches!(http::read_body(head, &[]), Read::Whole { .. });
        nothing
            || self
                .read(|bytes| http::read_body(head, bytes))
                .await
                .is_ok()
    }

    /// Connects to the proxy once more; false when that does not work.
    async fn connects_again(&mut self) -> bool {
        let clock = self.voice.clock;
        let left = self.end.since(clock.now());
        match connect(self.at, left, None, clock).await {
            Ok(Opening::Open(stream, ..)) => {
                *self.stream = stream;
                true
            }
            _ => false,
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
                self.logon = Some("user and password");
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
