//! Carries out looks at an RD Gateway: one connection, TLS, and the request that begins a way into it ([MS-TSGU]
//! 3.3.5.1). With a user, the same connection goes on through the gateway.

mod passage;
mod rpc;

use std::time::Duration;

use model::fact::GatewayWay;
use model::{Bytes, Ending, Fact, Leg, Message, Micros, Phase, Place, Service, UnixSeconds};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::machine::{Seen, TlsFailure, TlsUp};
use wire::watch::Watch;
use wire::{Read, http, service};

use crate::connect::{Opening, connect};
use crate::drive::{Told, Voice, ending};
use crate::hop::Visit;
use crate::{Error, relay};

/// A rung of the gateway's leg.
pub(crate) const fn rung(phase: Phase) -> Place {
    Place {
        leg: Leg::Gateway,
        phase,
    }
}

/// A peer that takes nothing for so long takes nothing more.
const LONGEST_WRITE: Duration = Duration::from_secs(4);
/// How long the body of an answer is waited for.
const LONGEST_BODY: Micros = Micros::from_secs(1);
/// As much of a body tells what it is.
const SAMPLE: usize = 2048;
/// The first bytes of a strange answer that are kept.
const KEPT: usize = 32;

/// Looks at one way into a gateway.
pub(crate) async fn visit(
    visit: &Visit,
    opened_at: UnixSeconds,
    voice: &Voice,
) -> Result<(), Error> {
    let Some(mut pipe) = Pipe::open(visit, opened_at, voice).await? else {
        return Ok(());
    };
    let head = pipe.ask(visit, visit.way, None).await;
    if let (Some(head), Some(passage)) = (&head, &visit.passage) {
        match visit.way {
            GatewayWay::Rpc => rpc::go(&mut pipe, visit, passage, head, opened_at).await,
            _ => passage::go(&mut pipe, visit, passage, head, opened_at).await,
        }
    }
    pipe.close().await;
    Ok(())
}

/// Tells what the web server said.
fn answered(
    way: GatewayWay,
    head: &http::Head,
    page: Option<String>,
    logon: Option<&str>,
    took: Micros,
    voice: &Voice,
) {
    let now = voice.clock.now();
    let name = if head.status == 407 {
        "proxy-authenticate"
    } else {
        "www-authenticate"
    };
    let fact = Fact::GatewayAnswered {
        way,
        status: head.status,
        offers: head.schemes(name),
        server: head
            .field("server")
            .map(|server| {
                server
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(80)
                    .collect()
            })
            .unwrap_or_default(),
        logon: logon.map(str::to_owned),
        page,
        took,
    };
    voice.fact(now, rung(Phase::Tunnel), fact);
}

/// The request that begins a way, in the words of Windows' own client, with the value of `Authorization`.
fn request(visit: &Visit, way: GatewayWay, authorization: Option<&str>) -> String {
    let mut host = authority(visit);
    if let Some(authorization) = authorization {
        host.push_str("\r\nAuthorization: ");
        host.push_str(authorization);
    }
    match way {
        GatewayWay::WebSocket => format!(
            "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Upgrade\r\n\
             Pragma: no-cache\r\nUpgrade: websocket\r\nAccept: */*\r\nUser-Agent: {AGENT}\r\n\
             RDG-Connection-Id: {CONNECTION}\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\
             Host: {host}\r\n\r\n"
        ),
        GatewayWay::Http => format!(
            "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Keep-Alive\r\n\
             Pragma: no-cache\r\nAccept: */*\r\nUser-Agent: {AGENT}\r\nRDG-Connection-Id: {CONNECTION}\r\n\
             Host: {host}\r\n\r\n"
        ),
        // Without a body it only asks to be let in; the one that carries the packets follows.
        GatewayWay::HttpIn => format!(
            "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Keep-Alive\r\n\
             Pragma: no-cache\r\nAccept: */*\r\nUser-Agent: {AGENT}\r\nRDG-Connection-Id: {CONNECTION}\r\n\
             Content-Length: 0\r\nHost: {host}\r\n\r\n"
        ),
        // Who goes through is let in to the channel for answers first.
        GatewayWay::Rpc if visit.passage.is_some() => rpc::request("RPC_OUT_DATA", &host),
        GatewayWay::Rpc | GatewayWay::RpcIn => rpc::request("RPC_IN_DATA", &host),
        GatewayWay::KdcProxy => format!(
            "POST /KdcProxy HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Keep-Alive\r\nPragma: no-cache\r\n\
             User-Agent: kerberos/1.0\r\nContent-Type: application/kerberos\r\nContent-Length: 0\r\n\
             Host: {host}\r\n\r\n"
        ),
    }
}

/// The request whose body, chunk by chunk, are the packets of the second channel.
fn in_data(visit: &Visit, authorization: Option<&str>) -> String {
    let request = request(visit, GatewayWay::HttpIn, authorization);
    request.replace("Content-Length: 0", "Transfer-Encoding: chunked")
}

/// What Windows' client calls itself, and who we are: some filters let only the first pass.
const AGENT: &str = "MS-RDGateway/1.0 rdpdoctor";
/// A connection that is never made needs no number of its own.
const CONNECTION: &str = "{7264706F-6374-6F72-0000-000000000001}";
/// The key of the example of RFC 6455 section 1.3: it keeps nothing secret.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The name of the gateway as `Host` writes it.
fn authority(visit: &Visit) -> String {
    let name = visit.gateway.0.trim_end_matches('.');
    let name = if name.contains(':') {
        format!("[{name}]")
    } else {
        name.to_owned()
    };
    if visit.port == crate::hop::GATEWAY_PORT {
        name
    } else {
        format!("{name}:{}", visit.port)
    }
}

/// A connection to a gateway inside TLS.
struct Pipe<'v> {
    stream: TcpStream,
    tls: tls::Client,
    plain: Vec<u8>,
    voice: &'v Voice,
    /// The gateway's certificate.
    certificate: Vec<u8>,
    /// What came last was a page for people.
    shows_page: bool,
    /// The way to log on that was used.
    scheme: Option<&'static str>,
    /// The last that was sent is this, at that moment.
    sent: (Message, Micros),
}

impl<'v> Pipe<'v> {
    /// Connects and shakes hands, and tells what happens; `None` when it did not come to TLS.
    async fn open(
        visit: &Visit,
        opened_at: UnixSeconds,
        voice: &'v Voice,
    ) -> Result<Option<Self>, Error> {
        let clock = voice.clock;
        let leg = if visit.relay.is_some() {
            Leg::Proxy
        } else {
            Leg::Gateway
        };
        let opening = connect(visit.to, visit.connect_patience, None, clock).await?;
        let mut watch = Watch::on_leg(Leg::Gateway, opened_at);
        let mut facts = Vec::new();
        let mut stream = match opening {
            Opening::Open(stream, place, fact) => {
                voice.fact(clock.now(), Place { leg, ..place }, fact);
                stream
            }
            Opening::Reset(place, fact) => {
                let now = clock.now();
                voice.fact(now, Place { leg, ..place }, fact);
                watch.on(now, Seen::Opened, &mut facts);
                watch.on(now, Seen::Ended(Ending::Reset), &mut facts);
                tell(&mut facts, now, voice);
                return Ok(None);
            }
            Opening::Not(place, fact) => {
                voice.fact(clock.now(), Place { leg, ..place }, fact);
                return Ok(None);
            }
        };
        if let Some(asked) = &visit.relay
            && !relay::ask(&mut stream, visit.to, asked, voice).await
        {
            return Ok(None);
        }
        let hello = tls::ClientHello {
            server_name: Some(visit.gateway.0.trim_end_matches('.'))
                .filter(|name| name.parse::<std::net::IpAddr>().is_err())
                .map(str::to_owned),
            ..tls::ClientHello::default()
        };
        let mut tls = tls::Client::new(&hello)?;
        let mut now = clock.now();
        let end = now.plus(visit.patience);
        watch.on(now, Seen::Opened, &mut facts);
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let progress = tls.step();
            let outgoing = tls.take_outgoing();
            if !outgoing.is_empty() {
                watch.on(now, Seen::Sent(&outgoing), &mut facts);
                // A failed write is told by the read that follows.
                let _ = timeout(until(voice, end), stream.write_all(&outgoing)).await;
            }
            match progress {
                tls::Progress::Up(up) => {
                    let chain = up.certificates.clone();
                    let certificate = chain.first().cloned().unwrap_or_default();
                    let up = TlsUp {
                        version: up.version,
                        suite: up.suite,
                        certificates: up.certificates,
                    };
                    watch.on(now, Seen::TlsUp(up), &mut facts);
                    tell(&mut facts, now, voice);
                    voice.tell(now, Told::Judge(Leg::Gateway, chain));
                    let plain = tls.take_plain();
                    let sent = (Message::ClientFinished, now);
                    return Ok(Some(Self {
                        stream,
                        tls,
                        plain,
                        voice,
                        certificate,
                        shows_page: false,
                        scheme: None,
                        sent,
                    }));
                }
                tls::Progress::Failed(failure) => {
                    let failure = TlsFailure {
                        alert: failure.sent,
                        received: failure.received,
                        reason: failure.reason,
                    };
                    watch.on(now, Seen::TlsFailed(failure), &mut facts);
                    watch.settle(&mut facts);
                    tell(&mut facts, now, voice);
                    return Ok(None);
                }
                tls::Progress::Handshaking | tls::Progress::Open | tls::Progress::Closed => {}
            }
            tell(&mut facts, now, voice);
            let read = timeout(until(voice, end), stream.read(&mut buffer)).await;
            now = clock.now();
            let how = match read {
                Ok(Ok(0)) => Ending::Closed,
                Ok(Ok(length)) => {
                    let bytes = buffer.get(..length).unwrap_or_default();
                    watch.on(now, Seen::Received(bytes), &mut facts);
                    tls.received(bytes);
                    continue;
                }
                Ok(Err(error)) => ending(&error),
                Err(_) => Ending::Silence,
            };
            watch.on(now, Seen::Ended(how), &mut facts);
            tell(&mut facts, now, voice);
            return Ok(None);
        }
    }

    /// Sends the request, with a logon when there is one, and tells the answer.
    async fn ask(
        &mut self,
        visit: &Visit,
        way: GatewayWay,
        logon: Option<(&str, &str)>,
    ) -> Option<http::Head> {
        let authorization = logon.map(|(scheme, token)| format!("{scheme} {token}"));
        let request = request(visit, way, authorization.as_deref());
        self.exchange(
            visit,
            way,
            request.as_bytes(),
            logon.map(|(scheme, _)| scheme),
        )
        .await
    }

    /// Sends a whole request, which logs on in this way, and tells the answer.
    async fn exchange(
        &mut self,
        visit: &Visit,
        way: GatewayWay,
        request: &[u8],
        logon: Option<&str>,
    ) -> Option<http::Head> {
        let asked = self.voice.clock.now();
        self.send(Message::GatewayRequest, request).await;
        self.answer(way, asked, visit.patience, logon).await
    }

    /// Waits for the answer to a request, and tells it.
    async fn answer(
        &mut self,
        way: GatewayWay,
        asked: Micros,
        patience: Micros,
        logon: Option<&str>,
    ) -> Option<http::Head> {
        let head = self.read_head(asked, patience).await?;
        // A challenge is half an answer.
        let challenged = logon.is_some_and(|scheme| {
            head.status == 401 && head.token("www-authenticate", scheme).is_some()
        });
        if challenged {
            return Some(head);
        }
        let took = self.voice.clock.now().since(asked);
        let page = self.page(&head).await;
        self.shows_page = page.is_some();
        answered(way, &head, page, logon, took, self.voice);
        Some(head)
    }

    /// The title of the page for people that comes with an answer that lets in. A gateway sends some bytes without a
    /// meaning there ([MS-TSGU] 3.3.5.1), and packets behind them.
    async fn page(&mut self, head: &http::Head) -> Option<String> {
        let media = head.field("content-type").unwrap_or_default();
        let is_text = media.to_ascii_lowercase().contains("html");
        if head.status != 200 || !is_text || head.body() == http::Body::Length(0) {
            return None;
        }
        let end = self.voice.clock.now().plus(LONGEST_BODY);
        let expected = match head.body() {
            http::Body::Length(length) => usize::try_from(length).unwrap_or(SAMPLE).min(SAMPLE),
            http::Body::Chunked | http::Body::UntilClosed => SAMPLE,
        };
        while self.plain.len() < expected && self.more(end).await.is_ok() {}
        let sample = self.plain.get(..SAMPLE).unwrap_or(&self.plain);
        let text = String::from_utf8_lossy(sample);
        // Past the length of a chunk, where there is one.
        let is_page = text
            .lines()
            .take(3)
            .any(|line| line.trim_start().starts_with('<'));
        is_page.then(|| http::title(&text))
    }

    /// Sends inside TLS.
    async fn send(&mut self, what: Message, plain: &[u8]) {
        self.tls.write_plain(plain);
        let outgoing = self.tls.take_outgoing();
        // A failed write is told by the read that follows.
        let _ = timeout(LONGEST_WRITE, self.stream.write_all(&outgoing)).await;
        self.sent = (what, self.voice.clock.now());
    }

    /// Waits for more inside TLS; how it ended when nothing more comes.
    async fn more(&mut self, end: Micros) -> Result<(), Ending> {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = timeout(until(self.voice, end), self.stream.read(&mut buffer)).await;
            let length = match read {
                Ok(Ok(0)) => return Err(Ending::Closed),
                Ok(Ok(length)) => length,
                Ok(Err(error)) => return Err(ending(&error)),
                Err(_) => return Err(Ending::Silence),
            };
            self.tls.received(buffer.get(..length).unwrap_or_default());
            let progress = self.tls.step();
            let plain = self.tls.take_plain();
            let outgoing = self.tls.take_outgoing();
            if !outgoing.is_empty() {
                let _ = self.stream.write_all(&outgoing).await;
            }
            if !plain.is_empty() {
                self.plain.extend(plain);
                return Ok(());
            }
            match progress {
                tls::Progress::Closed => return Err(Ending::Closed),
                tls::Progress::Failed(_) => return Err(Ending::Reset),
                _ => {}
            }
        }
    }

    /// Reads the head of an answer, and tells what came instead.
    async fn read_head(&mut self, asked: Micros, patience: Micros) -> Option<http::Head> {
        let end = asked.plus(patience);
        loop {
            match http::read_head(&self.plain) {
                Read::Whole { value, used } => {
                    self.plain.drain(..used);
                    return Some(value);
                }
                Read::Not => {
                    let fact = Fact::OtherServiceAnswered {
                        service: service::recognise(&self.plain).unwrap_or(Service::Unknown),
                        first_bytes: Bytes(self.plain.iter().take(KEPT).copied().collect()),
                    };
                    self.voice
                        .fact(self.voice.clock.now(), rung(Phase::Tunnel), fact);
                    return None;
                }
                Read::Partial => {}
            }
            if let Err(how) = self.more(end).await {
                self.ended(how);
                return None;
            }
        }
    }

    /// Tells how the connection ended.
    fn ended(&self, how: Ending) {
        self.ended_with(how, self.plain.len());
    }

    /// Tells how the connection ended, with so many bytes of a message that is not whole.
    fn ended_with(&self, how: Ending, partial: usize) {
        let now = self.voice.clock.now();
        let (after, at) = self.sent;
        let fact = Fact::Ended {
            how,
            after,
            waited: now.since(at),
            partial: u32::try_from(partial).unwrap_or(u32::MAX),
        };
        self.voice.fact(now, rung(Phase::Tunnel), fact);
    }

    /// Closes in good order.
    async fn close(mut self) {
        self.tls.close();
        let farewell = self.tls.take_outgoing();
        let _ = self.stream.write_all(&farewell).await;
        let _ = self.stream.shutdown().await;
    }
}

fn until(voice: &Voice, end: Micros) -> Duration {
    voice.clock.until(end)
}

fn tell(facts: &mut Vec<(Place, Fact)>, now: Micros, voice: &Voice) {
    for (place, fact) in facts.drain(..) {
        voice.fact(now, place, fact);
    }
}
