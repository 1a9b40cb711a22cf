//! Goes through an RD Gateway to the host ([MS-TSGU] 1.3.2.1): the logon, the four steps, and the climb behind them.
//!
//! One logon is tried, with a way to log on that the gateway offered and that sends no more than it asks for. What a
//! gateway that takes none of ours would say is not known, and is not guessed.

use std::pin::pin;

use model::codes::{Topic, gateway};
use model::fact::{GatewayStep, GatewayWay};
use model::{Ending, Fact, Message, Micros, Phase, Place, UnixSeconds};
use session::NtlmLogon;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use wire::tsgu::{self, Packet};
use wire::websocket::{self, Frame, Kind};
use wire::{Read, http};

use super::{Pipe, rung};
use crate::conversation::Conversation;
use crate::drive::{Asked, LONGEST, Told, Voice, converse};
use crate::hop::{Passage, Visit};

/// Masks keep proxies from taking a frame for something else (RFC 6455 section 10.3); inside TLS any will do.
const MASK: [u8; 4] = [0x52, 0x44, 0x47, 0x21];
/// How the first packet of a gateway begins: PKT_TYPE_HANDSHAKE_RESPONSE, and two bytes of zero.
const FIRST: [u8; 4] = [2, 0, 0, 0];
/// What the gateway is told as the name of this machine.
pub(super) const CLIENT: &str = "rdpdoctor";
/// How many times the usual patience a gateway has to reach the host: six times four seconds, and Windows gives a
/// connection up after 21.
pub(super) const DIALS: u64 = 6;
/// Bytes on their way between the climb and the gateway.
const UNDER_WAY: usize = 64 * 1024;

/// Goes on after the first answer, as far as the gateway lets us.
pub(super) async fn go(
    pipe: &mut Pipe<'_>,
    visit: &Visit,
    passage: &Passage,
    first: &http::Head,
    opened_at: UnixSeconds,
) {
    let Some(first) = log_on(pipe, visit, visit.way, passage, first.clone()).await else {
        return;
    };
    let (held, channels) = match first.status {
        101 => (Vec::new(), Channels::Socket),
        // A page for people is no channel, and was told.
        200 if !pipe.shows_page => {
            let Some(input) = second(visit, passage, opened_at, pipe.voice).await else {
                return;
            };
            let chunked = first.body() == http::Body::Chunked;
            let input = Box::new(input);
            (Vec::new(), Channels::Two { input, chunked })
        }
        _ => return,
    };
    let mut tunnel = Tunnel {
        pipe,
        channels,
        held,
        patience: visit.patience,
        begun: false,
    };
    if tunnel.opens(passage).await {
        tunnel.climb(passage, opened_at).await;
    }
    if let Channels::Two { input, .. } = tunnel.channels {
        input.close().await;
    }
}

/// Opens the second channel, on which requests go; the first has brought the logon through.
async fn second<'v>(
    visit: &Visit,
    passage: &Passage,
    opened_at: UnixSeconds,
    voice: &'v Voice,
) -> Option<Pipe<'v>> {
    let mut pipe = match Pipe::open(visit, opened_at, voice).await {
        Ok(pipe) => pipe?,
        Err(error) => {
            voice.tell(voice.clock.now(), Told::Broke(error.to_string()));
            return None;
        }
    };
    let way = GatewayWay::HttpIn;
    let asked = pipe.ask(visit, way, None).await?;
    let basic = asked.status == 401;
    let let_in = log_on(&mut pipe, visit, way, passage, asked).await?;
    if let_in.status != 200 || !pipe.skip(&let_in, visit.patience).await {
        return None;
    }
    let token = basic_token(passage);
    let again = format!("Basic {token}");
    let authorization = (basic && pipe.scheme == Some("Basic")).then_some(again.as_str());
    let request = super::in_data(visit, authorization);
    pipe.send(Message::GatewayRequest, request.as_bytes()).await;
    Some(pipe)
}

/// Logs on once when it is asked for. What was answered in the end; nothing when it does not go on.
async fn log_on(
    pipe: &mut Pipe<'_>,
    visit: &Visit,
    way: GatewayWay,
    passage: &Passage,
    first: http::Head,
) -> Option<http::Head> {
    match proof(pipe, visit, way, passage, first).await? {
        Proof::Answered(head) => Some(head),
        Proof::Goes { scheme, token } => pipe.ask(visit, way, Some((scheme, &token))).await,
    }
}

/// How far a logon is.
pub(super) enum Proof {
    /// None is asked for, or it was answered before its end.
    Answered(http::Head),
    /// The request goes with this.
    Goes {
        /// The way to log on.
        scheme: &'static str,
        /// What proves who logs on.
        token: String,
    },
}

/// What a request has to bring along to log on where that is asked for, in the way that gives away least: NTLM proves
/// the password and does not send it. Nothing when it does not go on.
pub(super) async fn proof(
    pipe: &mut Pipe<'_>,
    visit: &Visit,
    way: GatewayWay,
    passage: &Passage,
    first: http::Head,
) -> Option<Proof> {
    if first.status != 401 {
        return Some(Proof::Answered(first));
    }
    let offers = first.schemes("www-authenticate");
    let offered = |scheme: &&str| {
        offers
            .iter()
            .any(|offer| offer.eq_ignore_ascii_case(scheme))
    };
    // What is called Negotiate takes NTLM as it is, too.
    let scheme = ["NTLM", "Negotiate", "Basic"]
        .into_iter()
        .find(|scheme| offered(scheme));
    let Some(scheme) = scheme else {
        no_password(pipe, offers);
        return None;
    };
    if !first.keeps_alive() || !pipe.skip(&first, visit.patience).await {
        pipe.broke("the gateway closes its connection before a logon can be sent".to_owned());
        return None;
    }
    pipe.scheme = Some(scheme);
    if scheme == "Basic" {
        let token = basic_token(passage);
        return Some(Proof::Goes { scheme, token });
    }
    let with = &passage.credentials;
    let service = format!("HTTP/{}", visit.gateway.0.trim_end_matches('.'));
    let bindings = wire::certificate::end_point(&pipe.certificate);
    let begun = NtlmLogon::begin(&with.user, with.password.reveal(), &service, &bindings);
    let (mut logon, token) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            pipe.broke(error.to_string());
            return None;
        }
    };
    let asked = pipe
        .ask(visit, way, Some((scheme, &http::base64(&token))))
        .await?;
    let Some(challenge) = asked
        .token("www-authenticate", scheme)
        .and_then(http::from_base64)
    else {
        // It was told as what it is: an answer to the logon.
        return Some(Proof::Answered(asked));
    };
    if !pipe.skip(&asked, visit.patience).await {
        pipe.broke("the gateway closes its connection in the middle of a logon".to_owned());
        return None;
    }
    match logon.answer(challenge) {
        Ok(token) => Some(Proof::Goes {
            scheme,
            token: http::base64(&token),
        }),
        Err(error) => {
            pipe.broke(error.to_string());
            None
        }
    }
}

/// Name and password as Basic sends them (RFC 7617).
fn basic_token(passage: &Passage) -> String {
    let with = &passage.credentials;
    let pair = format!("{}:{}", with.user, with.password.reveal());
    http::base64(pair.as_bytes())
}

/// The user's password is of no use here.
fn no_password(pipe: &Pipe<'_>, offers: Vec<String>) {
    // These take one; that this version does not know how is no fault of the gateway.
    let takes_one = |offer: &&String| {
        ["sspi_ntlm", "kerberos"]
            .iter()
            .any(|known| offer.eq_ignore_ascii_case(known))
    };
    if let Some(offer) = offers.iter().find(takes_one) {
        pipe.broke(format!(
            "the gateway takes {offer}, which this version cannot use to log on"
        ));
        return;
    }
    let fact = Fact::GatewayTakesNoPassword { offers };
    let now = pipe.voice.clock.now();
    pipe.voice.fact(now, rung(Phase::Tunnel), fact);
}

/// What packets go over.
enum Channels<'v> {
    /// One WebSocket.
    Socket,
    /// The answer to one request, and the body of another.
    Two {
        input: Box<Pipe<'v>>,
        /// The answer comes in chunks.
        chunked: bool,
    },
}

/// The packets on their way.
struct Tunnel<'p, 'v> {
    pipe: &'p mut Pipe<'v>,
    channels: Channels<'v>,
    /// The first packet was seen: what a gateway sends before it is nothing ([MS-TSGU] 3.3.5.1).
    begun: bool,
    /// Bytes of packets that are not whole.
    held: Vec<u8>,
    patience: Micros,
}

impl Tunnel<'_, '_> {
    /// Takes the four steps; true when the channel to the host is open.
    async fn opens(&mut self, passage: &Passage) -> bool {
        let mut terms = Terms::default();
        let steps = [
            (GatewayStep::Handshake, tsgu::handshake_request()),
            (GatewayStep::Tunnel, tsgu::tunnel_create(tsgu::CAPABILITIES)),
            (GatewayStep::Authorization, tsgu::tunnel_auth(CLIENT)),
            (
                GatewayStep::Channel,
                tsgu::channel_create(passage.host.0.trim_end_matches('.'), passage.port),
            ),
        ];
        for (step, packet) in steps {
            let asked = self.pipe.voice.clock.now();
            self.send(&packet).await;
            let Some(code) = self.answer(step, asked, &mut terms).await else {
                return false;
            };
            stepped(self.pipe.voice, step, code, asked);
            if code != 0 {
                return false;
            }
        }
        terms.tell(self.pipe.voice);
        true
    }

    /// Waits for the answer to a step; its code. What else comes is passed over.
    async fn answer(&mut self, step: GatewayStep, asked: Micros, terms: &mut Terms) -> Option<u32> {
        // The gateway waits for the host as long as Windows does, and only then says that it does not answer.
        let patience = match step {
            GatewayStep::Channel => self.patience.times(DIALS),
            _ => self.patience,
        };
        let end = asked.plus(patience);
        loop {
            while let Some(packet) = self.packet() {
                match (step, packet) {
                    (GatewayStep::Handshake, Packet::Handshake { error, .. }) => {
                        return Some(error);
                    }
                    (GatewayStep::Tunnel, Packet::Tunnel { error, consent, .. }) => {
                        terms.consent = consent;
                        return Some(error);
                    }
                    (
                        GatewayStep::Authorization,
                        Packet::Authorization {
                            error,
                            redirection,
                            idle,
                        },
                    ) => {
                        terms.redirection = redirection;
                        terms.idle = idle;
                        return Some(error);
                    }
                    (
                        GatewayStep::Channel,
                        Packet::Channel {
                            error, udp_port, ..
                        },
                    ) => {
                        terms.udp_port = udp_port;
                        return Some(error);
                    }
                    (_, Packet::Close { error } | Packet::ExtendedAuth { error }) if error != 0 => {
                        return Some(error);
                    }
                    _ => {}
                }
            }
            if let Err(how) = self.pipe.more(end).await {
                self.pipe.ended(how);
                return None;
            }
        }
    }

    /// Climbs to the host through the channel.
    async fn climb(&mut self, passage: &Passage, opened_at: UnixSeconds) {
        let voice = self.pipe.voice;
        let pump = async |near: &mut DuplexStream, last| self.pump(near, last).await;
        if climb(voice, passage, opened_at, pump).await.is_none() {
            self.send(&tsgu::close()).await;
        }
    }

    /// Passes bytes between the climb and the channel until the channel ends, and tells why it did.
    async fn pump(&mut self, near: &mut DuplexStream, last: Micros) -> Over {
        let (mut from_climb, mut to_climb) = tokio::io::split(near);
        let mut buffer = vec![0; tsgu::MOST_DATA];
        loop {
            while let Some(packet) = self.packet() {
                match packet {
                    Packet::Data(bytes) => {
                        // The climb is over by itself when it takes nothing more.
                        let _ = to_climb.write_all(&bytes).await;
                    }
                    Packet::Close { error } => return closed(self.pipe.voice, error),
                    _ => {}
                }
            }
            tokio::select! {
                read = from_climb.read(&mut buffer) => match read {
                    Ok(length) if length > 0 => {
                        let packets = tsgu::data(buffer.get(..length).unwrap_or_default());
                        self.send(&packets).await;
                    }
                    // The climb has said all it has to say; what the gateway says is still of interest.
                    _ => match self.pipe.more(last).await {
                        Ok(()) => {}
                        Err(_) => return Over::ByHost,
                    },
                },
                more = self.pipe.more(last) => match more {
                    Ok(()) => {}
                    Err(Ending::Silence) => return Over::ByHost,
                    Err(how) => {
                        self.pipe.ended(how);
                        return Over::ByGateway;
                    }
                },
            }
        }
    }

    async fn send(&mut self, packet: &[u8]) {
        match &mut self.channels {
            Channels::Socket => {
                let frame = Frame {
                    kind: Kind::Data,
                    payload: packet.to_vec(),
                };
                self.pipe
                    .send(Message::GatewayPacket, &frame.encode(MASK))
                    .await;
            }
            Channels::Two { input, .. } => {
                let mut chunk = format!("{:x}\r\n", packet.len()).into_bytes();
                chunk.extend(packet);
                chunk.extend(b"\r\n");
                input.send(Message::GatewayPacket, &chunk).await;
                self.pipe.sent = input.sent;
            }
        }
    }

    /// The next whole packet of those that came.
    fn packet(&mut self) -> Option<Packet> {
        loop {
            if !self.begun {
                self.begin();
            }
            if let Read::Whole { value, used } = tsgu::read(&self.held) {
                self.held.drain(..used);
                return Some(value);
            }
            // A stream that is none any more is not read on.
            if self.begun && tsgu::read(&self.held) == Read::Not {
                self.held.clear();
            }
            match &self.channels {
                Channels::Socket => match websocket::read(&self.pipe.plain) {
                    Read::Whole { value, used } => {
                        self.pipe.plain.drain(..used);
                        match value.kind {
                            Kind::Data => self.held.extend(value.payload),
                            Kind::Close => return Some(Packet::Close { error: 0 }),
                            Kind::Ping | Kind::Pong => {}
                        }
                    }
                    Read::Partial => return None,
                    Read::Not => {
                        self.pipe.plain.clear();
                        return None;
                    }
                },
                Channels::Two { chunked: true, .. } => match http::read_chunk(&self.pipe.plain) {
                    Read::Whole { value, used } => {
                        self.pipe.plain.drain(..used);
                        self.held.extend(value);
                    }
                    Read::Partial => return None,
                    Read::Not => {
                        self.pipe.plain.clear();
                        return None;
                    }
                },
                Channels::Two { .. } if self.pipe.plain.is_empty() => return None,
                Channels::Two { .. } => self.held.append(&mut self.pipe.plain),
            }
        }
    }

    /// Drops what stands before the first packet. Over a WebSocket, nothing does.
    fn begin(&mut self) {
        let starts = match self.channels {
            Channels::Socket => Some(0),
            Channels::Two { .. } => self.held.windows(4).position(|four| four == FIRST),
        };
        match starts {
            Some(starts) => {
                self.held.drain(..starts);
                self.begun = true;
            }
            None => {
                // The end may be the start of it.
                let kept = self.held.len().saturating_sub(FIRST.len());
                self.held.drain(..kept);
            }
        }
    }
}

/// Climbs to the host, over what passes bytes between the climb and an open channel; who ended the channel, when it was
/// not the climb.
pub(super) async fn climb(
    voice: &Voice,
    passage: &Passage,
    opened_at: UnixSeconds,
    pump: impl AsyncFnOnce(&mut DuplexStream, Micros) -> Over,
) -> Option<Over> {
    let ascent = passage.ascent.clone();
    let last = voice.clock.now().plus(ascent.wish.patience.times(LONGEST));
    let conversation = Conversation::new(ascent, opened_at);
    let (mut far, mut near) = tokio::io::duplex(UNDER_WAY);
    let mut climb = pin!(async {
        converse(&mut far, Asked::nothing(), conversation, last, voice).await;
    });
    let over = tokio::select! {
        () = &mut climb => None,
        over = pump(&mut near, last) => Some(over),
    };
    // What the host would have said behind a gateway that ended the channel, nobody knows.
    if over == Some(Over::ByHost) {
        // The host ended: the climb tells after what.
        let _ = near.shutdown().await;
        let mut rest = vec![0; tsgu::MOST_DATA];
        tokio::join!(climb, async {
            while let Ok(1..) = near.read(&mut rest).await {}
        });
    }
    over
}

/// Tells that a channel ended, and who ended it.
pub(super) fn closed(voice: &Voice, code: u32) -> Over {
    let now = voice.clock.now();
    let fact = Fact::GatewayStepped {
        step: GatewayStep::Close,
        code,
        took: Micros::ZERO,
    };
    let topic = gateway::find(code).map(|known| known.topic);
    // A limit of sessions ends one that was open: the way in was not at fault.
    let place = if topic == Some(Topic::GatewaySession) {
        Place::host(Phase::Session)
    } else {
        rung(Phase::Tunnel)
    };
    voice.fact(now, place, fact);
    Over::of(code)
}

/// Who ended a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    ByHost,
    ByGateway,
}

impl Over {
    /// Who ends a channel with this code. One without a fault, and those about the host, pass its end on.
    fn of(code: u32) -> Self {
        let topic = gateway::find(code).map(|known| known.topic);
        if code == 0 || topic == Some(Topic::GatewayTarget) {
            Self::ByHost
        } else {
            Self::ByGateway
        }
    }
}

/// What the gateway asks and allows, step by step.
#[derive(Default)]
pub(super) struct Terms {
    pub consent: Option<String>,
    pub idle: Option<u32>,
    pub redirection: Option<u32>,
    pub udp_port: Option<u16>,
}

impl Terms {
    pub(super) fn tell(self, voice: &Voice) {
        let Self {
            consent,
            idle,
            redirection,
            udp_port,
        } = self;
        let fact = Fact::GatewayTerms {
            consent,
            idle,
            redirection,
            udp_port,
        };
        voice.fact(voice.clock.now(), rung(Phase::Tunnel), fact);
    }
}

/// Tells the answer to a step that was asked for at this moment.
pub(super) fn stepped(voice: &Voice, step: GatewayStep, code: u32, asked: Micros) {
    let now = voice.clock.now();
    let took = now.since(asked);
    let fact = Fact::GatewayStepped { step, code, took };
    voice.fact(now, rung(Phase::Tunnel), fact);
}

impl Pipe<'_> {
    /// The look ends through a lack of ours.
    pub(super) fn broke(&self, why: String) {
        self.voice.tell(self.voice.clock.now(), Told::Broke(why));
    }

    /// Passes over the body of an answer; false when it has no end.
    pub(super) async fn skip(&mut self, head: &http::Head, patience: Micros) -> bool {
        let end = self.voice.clock.now().plus(patience);
        // A page that says why is short.
        while self.plain.len() < http::LONGEST_HEAD {
            match http::read_body(head, &self.plain) {
                Read::Whole { used, .. } => {
                    self.plain.drain(..used);
                    return true;
                }
                Read::Not => return false,
                Read::Partial if head.body() == http::Body::UntilClosed => return false,
                Read::Partial => {}
            }
            if self.more(end).await.is_err() {
                return false;
            }
        }
        false
    }
}
