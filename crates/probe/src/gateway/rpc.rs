//! Goes through an RD Gateway over RPC over HTTP v2, as clients before Windows 8 do ([MS-TSGU] 1.3.1): the logon on
//! both HTTP channels, the one inside that signs what is said, the calls that make the way, and the climb behind them.
//!
//! Each logon goes with the same name and password, and only after the one before was accepted, so that a wrong password
//! counts once.

use model::codes::gateway;
use model::fact::{GatewayStep, GatewayWay};
use model::{Ending, Message, Micros, Phase, UnixSeconds};
use session::NtlmLogon;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, WriteHalf};
use wire::rpch::client::{Client, Event, Names, Protection};
use wire::rpch::tsproxy::{self, Handle, Tunnel, operation};
use wire::{Read, http, rpch, tsgu};

use super::passage::{CLIENT, DIALS, Over, Proof, Terms, climb, closed, proof, stepped};
use super::{LONGEST_BODY, Pipe};
use crate::drive::{Told, Voice};
use crate::hop::{Passage, Visit};

/// The body of the request that opens the channel for answers: CONN/A1 ([MS-RPCH] 2.1.2.1.2).
const OUT_LENGTH: &str = "Content-Length: 76";
/// As much may be said on the channel for requests: what Windows says ([MS-RPCH] 2.1.2.1.1).
const IN_LENGTH: &str = "Content-Length: 1073741824";
/// The length of a request that only asks to be let in.
const NO_LENGTH: &str = "Content-Length: 0";

/// SEC_E_INVALID_TOKEN: the challenge of the inner logon cannot be read.
const INVALID_TOKEN: u32 = 0x8009_0308;
/// SEC_E_MESSAGE_ALTERED: an answer is not signed by whoever was logged on to.
const MESSAGE_ALTERED: u32 = 0x8009_030F;
/// RPC_X_BAD_STUB_DATA: an answer cannot be read.
const BAD_STUB_DATA: u32 = 1783;
/// RPC_S_CALL_FAILED: a fault that does not say which.
const CALL_FAILED: u32 = 1726;
/// E_PROXY_ALREADYDISCONNECTED: why, the end of the pipe says.
const ALREADY_DISCONNECTED: u32 = 0x8007_59DF;
/// HRESULT_CODE(E_PROXY_SDR_NOT_SUPPORTED_BY_TS): it keeps a channel from opening.
const SDR_NOT_SUPPORTED: u32 = 0x59FD;
/// ERROR_GRACEFUL_DISCONNECT.
const GRACEFUL: u32 = 0x4CA;

/// What Resource Type UUID and Session UUID say to a balancer before several gateways ([MS-RPCH] 2.1.2.1.1): the
/// interface, and a session that is over before it needs a number of its own.
const RESOURCE: &str = "ResourceTypeUuid=44e265dd-7daf-42cd-8560-3cdb6e7a2729, SessionId=7264706f-6374-6f72-0000-000000000001";

/// A request to the proxy for the RPC server of a gateway, which listens on port 3388 of its own machine ([MS-TSGU]
/// 2.1.1), in the words of Windows' client. Without a body it only asks to be let in.
pub(super) fn request(method: &str, host: &str) -> String {
    format!(
        "{method} /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\nCache-Control: no-cache\r\n\
         Connection: Keep-Alive\r\nPragma: no-cache\r\nPragma: {RESOURCE}\r\nAccept: application/rpc\r\n\
         User-Agent: MSRPC\r\n{NO_LENGTH}\r\nHost: {host}\r\n\r\n"
    )
}

/// Goes on after the first answer, as far as the gateway lets us.
pub(super) async fn go(
    out: &mut Pipe<'_>,
    visit: &Visit,
    passage: &Passage,
    first: &http::Head,
    opened_at: UnixSeconds,
) {
    let client = match names() {
        Ok(names) => Client::new(names),
        Err(error) => return out.broke(error.to_string()),
    };
    let way = GatewayWay::Rpc;
    let Some(admission) = admission(out, visit, way, passage, first.clone()).await else {
        return;
    };
    let asked = out.voice.clock.now();
    let mut opening = admission.request(visit, way, OUT_LENGTH);
    opening.extend(client.opens_out());
    let scheme = admission.scheme();
    let Some(head) = out.exchange(visit, way, &opening, scheme).await else {
        return;
    };
    if head.status != 200 || out.shows_page {
        tell_error(out.voice, &head, asked);
        return;
    }
    let Some((input, admission)) = second(visit, passage, opened_at, out.voice).await else {
        return;
    };
    let with = &passage.credentials;
    let service = format!("host/{}", visit.gateway.0.trim_end_matches('.'));
    let begun = NtlmLogon::begin_signing(&with.user, with.password.reveal(), &service);
    let (logon, token) = match begun {
        Ok(begun) => begun,
        Err(error) => return out.broke(error.to_string()),
    };
    let voice = out.voice;
    let mut line = Line {
        chunked: head.body() == http::Body::Chunked,
        out,
        input,
        input_ended: None,
        scheme: admission.scheme(),
        asked: voice.clock.now(),
        client,
        logon: Logon(logon),
        patience: visit.patience,
        channel: None,
    };
    let mut opening = admission.request(visit, GatewayWay::RpcIn, IN_LENGTH);
    opening.extend(line.client.opens_in());
    line.send(Message::GatewayRequest, &opening).await;
    line.goes_through(passage, &token, opened_at).await;
    line.input.close().await;
}

/// The names of a connection, which nobody else has.
fn names() -> Result<Names, session::Error> {
    use session::kerberos::chance;
    Ok(Names {
        connection: chance()?,
        out_channel: chance()?,
        in_channel: chance()?,
        association: chance()?,
    })
}

/// What opens a channel beside its request: nothing, or a way to log on and what proves who does.
struct Admission(Option<(&'static str, String)>);

impl Admission {
    fn scheme(&self) -> Option<&'static str> {
        self.0.as_ref().map(|(scheme, _)| *scheme)
    }

    /// The request that goes on with a body.
    fn request(&self, visit: &Visit, way: GatewayWay, length: &str) -> Vec<u8> {
        let authorization = self
            .0
            .as_ref()
            .map(|(scheme, token)| format!("{scheme} {token}"));
        super::request(visit, way, authorization.as_deref())
            .replace(NO_LENGTH, length)
            .into_bytes()
    }
}

/// Answers what is asked of whoever opens a channel; nothing when it does not go on, which was told.
async fn admission(
    pipe: &mut Pipe<'_>,
    visit: &Visit,
    way: GatewayWay,
    passage: &Passage,
    first: http::Head,
) -> Option<Admission> {
    let asked = pipe.voice.clock.now();
    match proof(pipe, visit, way, passage, first).await? {
        Proof::Goes { scheme, token } => Some(Admission(Some((scheme, token)))),
        Proof::Answered(head) if head.status == 200 && !pipe.shows_page => {
            if head.keeps_alive() && pipe.skip(&head, visit.patience).await {
                return Some(Admission(None));
            }
            pipe.broke(
                "the gateway closes its connection before a channel can be opened".to_owned(),
            );
            None
        }
        Proof::Answered(head) => {
            tell_error(pipe.voice, &head, asked);
            None
        }
    }
}

/// Connects for the channel on which requests go, and is asked to log on there; the first has brought the logon through.
async fn second<'v>(
    visit: &Visit,
    passage: &Passage,
    opened_at: UnixSeconds,
    voice: &'v Voice,
) -> Option<(Pipe<'v>, Admission)> {
    let mut pipe = match Pipe::open(visit, opened_at, voice).await {
        Ok(pipe) => pipe?,
        Err(error) => {
            voice.tell(voice.clock.now(), Told::Broke(error.to_string()));
            return None;
        }
    };
    let way = GatewayWay::RpcIn;
    let asked = pipe.ask(visit, way, None).await?;
    let admission = admission(&mut pipe, visit, way, passage, asked).await?;
    Some((pipe, admission))
}

/// The error that a proxy names beside its status ([MS-RPCH] 2.1.2.1.3): what it met when it went on to the RPC server.
fn tell_error(voice: &Voice, head: &http::Head, asked: Micros) {
    if let Some(code) = rpch::error_of(&head.reason).filter(|code| *code != 0) {
        stepped(voice, GatewayStep::Handshake, code, asked);
    }
}

/// What a fault says; one that says nothing is no success.
const fn fault(status: u32) -> u32 {
    if status == 0 { CALL_FAILED } else { status }
}

/// The inner logon, which signs.
struct Logon(NtlmLogon);

impl Protection for Logon {
    fn sign(&mut self, covered: &[u8]) -> Option<[u8; session::SIGNATURE]> {
        self.0.sign(covered).ok()
    }

    fn checks(&mut self, covered: &[u8], signature: &[u8]) -> bool {
        self.0.checks(covered, signature)
    }
}

/// The two channels, and what goes over them.
struct Line<'p, 'v> {
    /// The channel on which answers come.
    out: &'p mut Pipe<'v>,
    /// Answers come in chunks.
    chunked: bool,
    /// The channel on which requests go.
    input: Pipe<'v>,
    /// How that ended.
    input_ended: Option<Ending>,
    /// The way to log on that it was opened with, and when.
    scheme: Option<&'static str>,
    asked: Micros,
    client: Client,
    logon: Logon,
    patience: Micros,
    /// The channel to the host was granted after so long, and nobody was told yet.
    channel: Option<Micros>,
}

impl Line<'_, '_> {
    /// Takes every step, and climbs to the host.
    async fn goes_through(&mut self, passage: &Passage, token: &[u8], opened_at: UnixSeconds) {
        if !self.opens().await || !self.binds(token).await {
            return;
        }
        let Some(tunnel) = self.tunnel().await else {
            return;
        };
        if self.is_admitted(&tunnel).await
            && let Some(channel) = self.channel(&tunnel.context, passage).await
        {
            let voice = self.out.voice;
            let pump = async |near: &mut DuplexStream, last| self.pump(&channel, near, last).await;
            let over = climb(voice, passage, opened_at, pump).await;
            if over != Some(Over::ByGateway) {
                self.granted();
            }
            if over.is_none() {
                self.call(operation::CLOSE_CHANNEL, &tsproxy::close(&channel))
                    .await;
            }
        }
        self.call(operation::CLOSE_TUNNEL, &tsproxy::close(&tunnel.context))
            .await;
    }

    /// Waits until the connection is open both ways ([MS-RPCH] 3.2.2.5.4).
    async fn opens(&mut self) -> bool {
        let end = self.asked.plus(self.patience);
        loop {
            match self.event(end).await {
                Some(Event::Opened) => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// Binds to the interface of the gateway and logs on there.
    async fn binds(&mut self, token: &[u8]) -> bool {
        let step = GatewayStep::Handshake;
        let asked = self.now();
        self.client.bind(token);
        self.flush().await;
        let end = asked.plus(self.patience);
        let code = loop {
            match self.event(end).await {
                Some(Event::Bound { token }) => match self.logon.0.answer(token) {
                    Ok(proof) => {
                        self.client.authenticate(&proof);
                        break 0;
                    }
                    Err(_) => break INVALID_TOKEN,
                },
                Some(Event::NotBound { code }) => break fault(code),
                Some(Event::Faulted { status, .. }) => break fault(status),
                Some(_) => {}
                None => return false,
            }
        };
        stepped(self.out.voice, step, code, asked);
        code == 0
    }

    /// Makes the tunnel.
    async fn tunnel(&mut self) -> Option<Tunnel> {
        let stub = tsproxy::create_tunnel(tsgu::CAPABILITIES);
        let step = GatewayStep::Tunnel;
        let (stub, asked) = self
            .step(step, operation::CREATE_TUNNEL, &stub, self.patience)
            .await?;
        let tunnel = self.read(step, asked, tsproxy::read_tunnel(&stub))?;
        stepped(self.out.voice, step, tunnel.error, asked);
        (tunnel.error == 0).then_some(tunnel)
    }

    /// Whether the policies admit the user, and on which terms.
    async fn is_admitted(&mut self, tunnel: &Tunnel) -> bool {
        let stub = tsproxy::authorize_tunnel(&tunnel.context, CLIENT);
        let step = GatewayStep::Authorization;
        let answer = self
            .step(step, operation::AUTHORIZE_TUNNEL, &stub, self.patience)
            .await;
        let Some((stub, asked)) = answer else {
            return false;
        };
        let capabilities = tunnel.capabilities.unwrap_or_default();
        let read = tsproxy::read_authorization(&stub, capabilities);
        let Some(allowed) = self.read(step, asked, read) else {
            return false;
        };
        stepped(self.out.voice, step, allowed.error, asked);
        if allowed.error != 0 {
            return false;
        }
        let terms = Terms {
            consent: tunnel.consent.clone(),
            idle: allowed.idle,
            redirection: allowed.redirection,
            udp_port: None,
        };
        terms.tell(self.out.voice);
        true
    }

    /// Makes the channel to the host, and what its bytes come through; its context. That it is open is told once
    /// something comes of it: the gateway may connect to the host only then ([MS-TSGU] 3.2.6.2.2).
    async fn channel(&mut self, tunnel: &Handle, passage: &Passage) -> Option<Handle> {
        let host = passage.host.0.trim_end_matches('.');
        let stub = tsproxy::create_channel(tunnel, host, passage.port);
        let step = GatewayStep::Channel;
        // As long as Windows waits for a host.
        let patience = self.patience.times(DIALS);
        let (stub, asked) = self
            .step(step, operation::CREATE_CHANNEL, &stub, patience)
            .await?;
        let channel = self.read(step, asked, tsproxy::read_channel(&stub))?;
        if channel.error != 0 {
            stepped(self.out.voice, step, channel.error, asked);
            return None;
        }
        self.channel = Some(self.now().since(asked));
        let stub = tsproxy::setup_receive_pipe(&channel.context);
        self.call(operation::SETUP_RECEIVE_PIPE, &stub).await?;
        Some(channel.context)
    }

    /// What was read of an answer, or that it cannot be read.
    fn read<T>(&self, step: GatewayStep, asked: Micros, read: Option<T>) -> Option<T> {
        if read.is_none() {
            stepped(self.out.voice, step, BAD_STUB_DATA, asked);
        }
        read
    }

    /// Calls and waits for the answer; what it holds, and when it was asked for. A call that ends otherwise is told.
    async fn step(
        &mut self,
        step: GatewayStep,
        operation: u16,
        stub: &[u8],
        patience: Micros,
    ) -> Option<(Vec<u8>, Micros)> {
        let asked = self.now();
        let end = asked.plus(patience);
        let number = self.call(operation, stub).await?;
        let code = loop {
            match self.event(end).await? {
                Event::Answered { call, stub } if call == number => return Some((stub, asked)),
                Event::Faulted { status, .. } => break fault(status),
                Event::Forged { .. } => break MESSAGE_ALTERED,
                _ => {}
            }
        };
        stepped(self.out.voice, step, code, asked);
        None
    }

    /// Sends a call.
    async fn call(&mut self, operation: u16, stub: &[u8]) -> Option<u32> {
        let number = self.client.call(operation, stub, &mut self.logon);
        if number.is_none() {
            self.out
                .broke("what is said to the gateway cannot be signed".to_owned());
        }
        self.flush().await;
        number
    }

    /// What happens next; nothing when it ended, which was told.
    async fn event(&mut self, end: Micros) -> Option<Event> {
        loop {
            if let Some(event) = self.take_event().await {
                return Some(event);
            }
            match self.more(end).await {
                Ok(()) => {}
                Err(told) => {
                    self.tell_end(told);
                    return None;
                }
            }
        }
    }

    /// What happened in what came so far. What it makes us say is said.
    async fn take_event(&mut self) -> Option<Event> {
        self.feed();
        let event = self.client.next(&mut self.logon);
        self.flush().await;
        event
    }

    /// Waits for more on either channel.
    async fn more(&mut self, end: Micros) -> Result<(), End> {
        if !self.input.plain.is_empty() && !self.is_let_in().await {
            return Err(End::Told);
        }
        // Who closes the one channel says why on the other, or never.
        let soon = self.now().plus(LONGEST_BODY);
        let until = self.input_ended.map_or(end, |_| end.min(soon));
        let (is_open, out, input) = (self.input_ended.is_none(), &mut *self.out, &mut self.input);
        tokio::select! {
            biased;
            more = input.more(end), if is_open => match more {
                Ok(()) | Err(Ending::Silence) => {}
                Err(how) => self.input_ended = Some(how),
            },
            more = out.more(until) => more.map_err(End::Out)?,
        }
        if self.now() >= end {
            return Err(End::Out(Ending::Silence));
        }
        Ok(())
    }

    /// Tells how it ended.
    fn tell_end(&self, end: End) {
        match (end, self.input_ended) {
            (End::Told, _) => {}
            (End::Out(Ending::Silence), Some(how)) => self.input.ended(how),
            (End::Out(how), _) => self.out.ended_with(how, self.client.unread()),
        }
    }

    /// Reads what the channel for requests answers, which it does when it refuses; true when it lets in.
    async fn is_let_in(&mut self) -> bool {
        let way = GatewayWay::RpcIn;
        // It may come at any time after the request.
        let patience = self.now().since(self.asked).plus(self.patience);
        let answer = self
            .input
            .answer(way, self.asked, patience, self.scheme)
            .await;
        let Some(head) = answer else { return false };
        tell_error(self.out.voice, &head, self.asked);
        self.input.plain.clear();
        head.status == 200
    }

    /// Hands on what came on the channel for answers.
    fn feed(&mut self) {
        if !self.chunked {
            self.client.received(&self.out.plain);
            self.out.plain.clear();
            return;
        }
        loop {
            match http::read_chunk(&self.out.plain) {
                Read::Whole { value, used } => {
                    self.out.plain.drain(..used);
                    self.client.received(&value);
                }
                Read::Partial => return,
                Read::Not => return self.out.plain.clear(),
            }
        }
    }

    /// Sends what waits to be sent.
    async fn flush(&mut self) {
        let outgoing = self.client.take_outgoing();
        if !outgoing.is_empty() {
            self.send(Message::GatewayPacket, &outgoing).await;
        }
    }

    async fn send(&mut self, what: Message, bytes: &[u8]) {
        self.input.send(what, bytes).await;
        self.out.sent = self.input.sent;
    }

    /// Passes bytes between the climb and the channel until the channel ends, and tells why it did.
    async fn pump(&mut self, channel: &Handle, near: &mut DuplexStream, last: Micros) -> Over {
        let (mut from_climb, mut to_climb) = tokio::io::split(near);
        let mut buffer = vec![0; self.client.most_data()];
        let mut listens = true;
        loop {
            while let Some(event) = self.take_event().await {
                if let Some(over) = self.on(event, &mut to_climb).await {
                    return over;
                }
            }
            let takes = listens && !self.client.is_full();
            let came = tokio::select! {
                biased;
                more = self.more(last) => Came::More(more),
                read = from_climb.read(&mut buffer), if takes => Came::Said(read.unwrap_or_default()),
            };
            match came {
                Came::More(Ok(())) => {}
                // The climb takes no longer than this: nobody ended anything.
                Came::More(Err(End::Out(Ending::Silence))) if self.input_ended.is_none() => {
                    return Over::ByHost;
                }
                Came::More(Err(end)) => {
                    self.tell_end(end);
                    return Over::ByGateway;
                }
                Came::Said(0) => listens = false,
                Came::Said(length) => {
                    let data = buffer.get(..length).unwrap_or_default();
                    let stub = tsproxy::send_to_server(channel, data);
                    if self.call(operation::SEND_TO_SERVER, &stub).await.is_none() {
                        return Over::ByGateway;
                    }
                }
            }
        }
    }

    /// Takes what happens while the channel is open; who ended it, when it ended.
    async fn on(
        &mut self,
        event: Event,
        to_climb: &mut WriteHalf<&mut DuplexStream>,
    ) -> Option<Over> {
        let code = match event {
            Event::Data(bytes) => {
                self.granted();
                // The climb is over by itself when it takes nothing more.
                let _ = to_climb.write_all(&bytes).await;
                return None;
            }
            Event::Answered { stub, .. } => match tsproxy::read_result(&stub) {
                Some(0) => {
                    self.granted();
                    return None;
                }
                Some(code) if code != ALREADY_DISCONNECTED => code,
                _ => return None,
            },
            Event::PipeEnded { code } => code,
            Event::Faulted { status, .. } => fault(status),
            Event::Forged { .. } => MESSAGE_ALTERED,
            _ => return None,
        };
        Some(self.over(code))
    }

    /// The channel to the host is open, as its grant said.
    fn granted(&mut self) {
        if let Some(took) = self.channel.take() {
            let asked = Micros(self.now().0.saturating_sub(took.0));
            stepped(self.out.voice, GatewayStep::Channel, 0, asked);
        }
    }

    /// Tells with which code the channel ended. One of which nothing came never was open, unless the code says so.
    fn over(&mut self, code: u32) -> Over {
        let was_open = match code {
            0 | GRACEFUL => true,
            SDR_NOT_SUPPORTED => false,
            _ => gateway::find(code)
                .and_then(|known| known.place)
                .is_some_and(|place| place.phase == Phase::Session),
        };
        match self.channel {
            Some(took) if !was_open => {
                self.channel = None;
                let asked = Micros(self.now().0.saturating_sub(took.0));
                stepped(self.out.voice, GatewayStep::Channel, code, asked);
                Over::ByGateway
            }
            _ => {
                self.granted();
                closed(self.out.voice, code)
            }
        }
    }

    fn now(&self) -> Micros {
        self.out.voice.clock.now()
    }
}

/// What a wait came to.
enum Came {
    /// Something on a channel.
    More(Result<(), End>),
    /// So many bytes of the climb.
    Said(usize),
}

/// How a connection ended.
enum End {
    /// The channel for answers.
    Out(Ending),
    /// It was told.
    Told,
}
