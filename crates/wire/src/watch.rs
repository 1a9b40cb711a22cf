//! The passive machine: told what was sent, what arrived and how it ended, it tells facts. A live look
//! and a capture go through the same one, so that both yield the same facts by construction.
//!
//! Both directions are buffered until a message is whole, so the same bytes in any pieces give the same
//! facts, times aside. A body nobody reads is counted and not kept: what is held never exceeds one TLS
//! record, one handshake message and one TSRequest per direction.

mod authenticate;
mod negotiate;
mod secure;
mod session;

use model::codes::{CipherSuite, NegFlags, Protocols, TlsAlert, TlsVersion};
use model::{Bytes, Ending, Fact, Leg, Message, Micros, Phase, Place, UnixSeconds};

use crate::cursor::count32;
use crate::machine::Seen;
use crate::service;
use crate::tls::Header;

/// What the connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The client's first message.
    ExpectRequest,
    /// The Connection Confirm.
    ExpectConfirm,
    /// The ClientHello: the server chose a protocol with TLS.
    ExpectClientHello,
    /// The ServerHello.
    ExpectServerHello,
    /// The rest of the TLS handshake.
    ExpectFinished,
    /// MCS Connect Initial or anything later: the server chose Standard RDP Security.
    Standard,
    /// The first message inside TLS.
    Secured,
    /// The server's first CredSSP answer.
    ExpectChallenge,
    /// The client's second CredSSP message: the server answered the first.
    Challenged,
    /// The server's word on the credentials: its proof, or whether the user may connect.
    ExpectVerdict,
    /// The messages that set a session up, and those of the session.
    SetUp,
    /// The end: the server refused, or one side of TLS gave up.
    ExpectEnd,
    /// More bytes of an answer that no RDP server gives, or [`Watch::settle`].
    Strange,
    /// Nothing: all is told.
    Over,
}

/// Bytes of one message that come over so long a time are told: what a server sends at once arrives at once.
const TRICKLES: Micros = Micros::from_secs(1);
/// A client that leaves after so long without an answer leaves because of it.
const IN_VAIN: Micros = Micros::from_secs(5);

/// The passive machine.
#[derive(Clone, Debug)]
pub struct Watch {
    leg: Leg,
    opened_at: UnixSeconds,
    state: State,
    last: Message,
    last_at: Option<Micros>,
    opened_on: Option<Micros>,
    asked: Option<Asked>,
    offered: Option<Protocols>,
    chosen: Option<Protocols>,
    client: Side,
    server: Side,
    tls: Tls,
    strange: Option<Strange>,
    /// Messages inside TLS can be read, so nothing is concluded from encrypted records.
    decrypted: bool,
    /// What went to and fro behind the messages that can be read.
    tail: secure::Tail,
    /// CredSSP versions and answers already told.
    credssp: authenticate::Told,
    /// What a survey asks for is told too.
    surveys: bool,
    /// How far the set-up of a session came.
    session: session::SetUp,
    /// The flags of the server's choice.
    flags: NegFlags,
    /// Since when, and until when so far, bytes of the server's unfinished message came.
    coming: Option<(Micros, Micros)>,
    /// Messages that were read as a whole.
    messages: u32,
    /// The server said why it goes no further.
    refused: bool,
}

/// One direction of the connection.
#[derive(Clone, Debug, Default)]
struct Side {
    reading: Reading,
    /// Raw bytes of an unfinished message.
    raw: Vec<u8>,
    /// The record whose body is being skipped, and how much of it is missing.
    skipped: Option<(Header, usize)>,
    /// Joined bodies of handshake records, up to an unfinished message.
    joined: Vec<u8>,
    /// ChangeCipherSpec was seen: the rest is encrypted.
    encrypted: bool,
    /// Bytes inside TLS of an unfinished message.
    plain: Vec<u8>,
    /// Nothing further is read inside TLS.
    plain_over: bool,
}

/// What a direction is read as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    /// Its first message.
    #[default]
    First,
    /// What follows the X.224 exchange: TLS or MCS.
    Next,
    /// TLS records.
    Tls,
    /// TPKT messages in clear.
    Tpkt,
    /// What follows the basic settings exchange in clear: counted.
    Tail,
    /// Collected until it is enough to tell what it is.
    Strange,
    /// Not at all.
    Nothing,
}

/// What is known of the TLS handshake.
#[derive(Clone, Debug, Default)]
struct Tls {
    /// When the first ClientHello was whole.
    began: Option<Micros>,
    /// Bytes of records since the ClientHello began.
    hello_size: usize,
    /// The client wants to take up a session again: its number, which may be empty.
    resumes: Option<Vec<u8>>,
    retried: bool,
    version: Option<TlsVersion>,
    suite: Option<CipherSuite>,
    client_finished: bool,
    server_finished: bool,
    established: bool,
    certificate_told: bool,
    /// The server's alert was told.
    alerted: bool,
    /// Our side's alert or failure was told.
    rejected: bool,
    /// The server's warning, told only when the connection ends with it.
    warning: Option<(TlsAlert, Message)>,
    /// The client's alert in clear, told with the words of the TLS library when they come.
    client_alert: Option<TlsAlert>,
}

/// An answer that is being waited for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    answer: Message,
    at: Micros,
    first: Option<Micros>,
    pieces: u32,
}

/// What strange bytes will be told as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strange {
    /// [`Fact::OtherServiceAnswered`].
    Service,
    /// [`Fact::NotTls`].
    NotTls,
    /// [`Fact::Unreadable`], of bytes inside TLS.
    Plain(Message),
    /// [`Fact::Unreadable`], of raw bytes.
    Raw(Message),
}

/// Which side bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Client,
    Server,
}

/// Where facts go.
type Facts = Vec<(Place, Fact)>;

impl Watch {
    /// A machine for the way to the host. `opened_at` is the wall clock at [`Micros::ZERO`].
    pub fn new(opened_at: UnixSeconds) -> Self {
        Self::on_leg(Leg::Host, opened_at)
    }

    /// A machine for any stretch of road.
    pub fn on_leg(leg: Leg, opened_at: UnixSeconds) -> Self {
        Self {
            leg,
            opened_at,
            state: State::ExpectRequest,
            last: Message::TcpHandshake,
            last_at: None,
            opened_on: None,
            asked: None,
            offered: None,
            chosen: None,
            client: Side::default(),
            server: Side::default(),
            tls: Tls::default(),
            strange: None,
            decrypted: false,
            tail: secure::Tail::default(),
            credssp: authenticate::Told::default(),
            surveys: false,
            session: session::SetUp::default(),
            flags: NegFlags(0),
            coming: None,
            messages: 0,
            refused: false,
        }
    }

    /// Tells the terms of TLS in detail, and the certificate not: a survey asks again and again, and the
    /// certificate was told when it asked first.
    pub const fn surveying(mut self) -> Self {
        self.surveys = true;
        self
    }

    /// What the connection waits for.
    pub const fn state(&self) -> State {
        self.state
    }

    /// The last message that was sent or received as a whole.
    pub const fn last_message(&self) -> Message {
        self.last
    }

    /// What the server chose; `None` while it has not, and the empty set for Standard RDP Security.
    pub const fn chosen(&self) -> Option<Protocols> {
        self.chosen
    }

    /// The flags of the server's choice.
    pub const fn flags(&self) -> NegFlags {
        self.flags
    }

    /// How many messages were read as a whole: whoever waits knows that the peer goes on.
    pub const fn messages(&self) -> u32 {
        self.messages
    }

    /// The server accepted the logon and, where it says so, the user.
    pub fn is_logged_on(&self) -> bool {
        let says_so = self
            .chosen
            .is_some_and(|chosen| chosen.has(Protocols::HYBRID_EX));
        self.credssp.is_accepted() && (!says_so || self.state == State::SetUp)
    }

    /// The server said why it goes no further.
    pub const fn is_refused(&self) -> bool {
        self.refused
    }

    /// The first picture was sent.
    pub const fn shown(&self) -> bool {
        self.session.shown()
    }

    /// The server told of a logon inside the session, whether it went well or not.
    pub const fn is_notified(&self) -> bool {
        self.session.is_notified()
    }

    /// The set-up goes on in RDP's own encryption, which is not read.
    pub const fn is_sealed(&self) -> bool {
        self.session.is_sealed()
    }

    /// The TLS version the server chose.
    pub const fn tls_version(&self) -> Option<TlsVersion> {
        self.tls.version
    }

    /// The server asked for another ClientHello (HelloRetryRequest).
    pub const fn retried(&self) -> bool {
        self.tls.retried
    }

    /// Our side of TLS could not go on.
    pub const fn gave_up(&self) -> bool {
        self.tls.rejected
    }

    /// Bytes of unfinished messages that are being held.
    pub fn held(&self) -> usize {
        [&self.client, &self.server]
            .into_iter()
            .flat_map(|side| [side.raw.len(), side.joined.len(), side.plain.len()])
            .fold(0, usize::saturating_add)
    }

    /// The rung that is being climbed.
    pub fn phase(&self) -> Phase {
        if self.last >= Message::SessionData {
            return Phase::Session;
        }
        if self.last >= Message::LicenseDone {
            return Phase::Activate;
        }
        if self.last >= Message::LicenseRequest {
            return Phase::License;
        }
        if self.last >= Message::McsConnectInitial {
            return Phase::Settings;
        }
        match (self.chosen, self.tls.established) {
            _ if self.client.reading == Reading::Tls && !self.tls.established => Phase::Secure,
            (None, false) => Phase::Negotiate,
            (Some(_), false) => Phase::Secure,
            (Some(Protocols::TLS), true) => Phase::Settings,
            (_, true) => Phase::Authenticate,
        }
    }

    /// Takes in what happened and tells what is known by it. Times never go back.
    pub fn on(&mut self, now: Micros, seen: Seen<'_>, facts: &mut Facts) {
        if self.state == State::Over {
            return;
        }
        self.last_at.get_or_insert(now);
        self.opened_on.get_or_insert(now);
        match seen {
            Seen::Opened => self.reached(Message::TcpHandshake, now),
            Seen::Sent(bytes) => self.raw(now, From::Client, bytes, facts),
            Seen::Received(bytes) => {
                self.counts(now, Message::ConnectionConfirm);
                self.counts(now, Message::ServerHello);
                let before = self.messages;
                self.raw(now, From::Server, bytes, facts);
                self.trickles(now, before);
            }
            Seen::SentUnseen(count) => self.unseen(now, From::Client, count, facts),
            Seen::ReceivedUnseen(count) => self.unseen(now, From::Server, count, facts),
            Seen::PlainSent(bytes) => self.plain(now, From::Client, bytes, facts),
            Seen::PlainReceived(bytes) => {
                self.counts(now, Message::CredSspChallenge);
                self.plain(now, From::Server, bytes, facts);
            }
            Seen::TlsUp(up) => self.tls_up(now, &up, facts),
            Seen::TlsFailed(failure) => self.tls_failed(&failure, facts),
            Seen::Ended(how) => self.ended(now, how, facts),
            Seen::Left(how) => self.left(now, how, facts),
        }
    }

    /// Tells what was held back in case more would come: the look is over and the connection may not be.
    pub fn settle(&mut self, facts: &mut Facts) {
        self.tell_strange(facts);
        if let Some(alert) = self.tls.client_alert.take()
            && !self.tls.rejected
        {
            self.tls.rejected = true;
            let reason = alert.says().unwrap_or("an alert without a name").to_owned();
            self.tell(facts, Phase::Secure, Fact::TlsRejected { alert, reason });
        }
        if let Some((alert, after)) = self.tls.warning.take() {
            self.tls.alerted = true;
            self.tell(facts, Phase::Secure, Fact::TlsAlerted { alert, after });
        }
    }

    fn ended(&mut self, now: Micros, how: Ending, facts: &mut Facts) {
        self.settle(facts);
        // When our side of TLS gave up, the end is its consequence.
        if self.state != State::Over && !self.tls.rejected {
            self.tell_small_answer(facts);
            let (after, waited) = (self.last, now.since(self.last_at.unwrap_or(now)));
            let partial = self.partial();
            if how == Ending::Silence {
                self.tell_trickle(now, partial, facts);
            }
            let ended = Fact::Ended {
                how,
                after,
                waited,
                partial,
            };
            self.tell(facts, self.phase(), ended);
        }
        self.over();
    }

    fn left(&mut self, now: Micros, how: Ending, facts: &mut Facts) {
        self.settle(facts);
        if self.state != State::Over && !self.tls.rejected {
            self.tell_small_answer(facts);
            let (after, waited) = (
                self.last_of_client(),
                now.since(self.last_at.unwrap_or(now)),
            );
            let partial = self.partial();
            // A client that leaves because it waited in vain tells of a silence.
            let fact = if self.is_due() && waited >= IN_VAIN {
                self.tell_trickle(now, partial, facts);
                Fact::Ended {
                    how: Ending::Silence,
                    after,
                    waited,
                    partial,
                }
            } else {
                Fact::ClientEnded { how, after, waited }
            };
            self.tell(facts, self.phase(), fact);
        }
        self.over();
    }

    /// The last message as far as it is known when the client leaves. With TLS 1.3 the messages behind the handshake
    /// are not told apart, but that the client sent some shows.
    fn last_of_client(&self) -> Message {
        match self.chosen {
            Some(chosen) if self.last == Message::ClientFinished && self.tail.began() => {
                if chosen.has_nla() {
                    Message::CredSspNegotiate
                } else {
                    Message::McsConnectInitial
                }
            }
            _ => self.last,
        }
    }

    /// The server's next message is due.
    pub fn is_due(&self) -> bool {
        self.asked.is_some()
            || (self.state == State::ExpectFinished && self.last == Message::ClientFinished)
    }

    /// Notes when bytes of an unfinished message came. `before` is the number of whole messages before them.
    fn trickles(&mut self, now: Micros, before: u32) {
        self.coming = match self.coming {
            _ if self.state == State::Over || self.partial() == 0 => None,
            Some((first, _)) if self.messages == before => Some((first, now)),
            _ => Some((now, now)),
        };
    }

    /// Bytes kept coming, for longer than one answer takes to come.
    fn tell_trickle(&self, now: Micros, partial: u32, facts: &mut Facts) {
        if let Some((first, last)) = self.coming
            && partial > 0
            && last.since(first) >= TRICKLES
        {
            let trickled = Fact::Trickled {
                after: self.last,
                bytes: partial,
                over: last.since(first),
                idle: now.since(last),
            };
            self.tell(facts, self.phase(), trickled);
        }
    }

    /// Bytes of the server's unfinished message.
    fn partial(&self) -> u32 {
        let server = &self.server;
        let skipped = server.skipped.map_or(0, |(header, missing)| {
            crate::tls::RECORD_HEADER.saturating_add(header.length.saturating_sub(missing))
        });
        let held = [
            skipped,
            server.raw.len(),
            server.joined.len(),
            server.plain.len(),
        ];
        count32(held.into_iter().fold(0, usize::saturating_add))
    }

    /// Stops reading and gives the buffers back.
    fn over(&mut self) {
        self.state = State::Over;
        for side in [&mut self.client, &mut self.server] {
            *side = Side {
                reading: Reading::Nothing,
                plain_over: true,
                ..Side::default()
            };
        }
    }

    fn tell(&self, facts: &mut Facts, phase: Phase, fact: Fact) {
        facts.push((
            Place {
                leg: self.leg,
                phase,
            },
            fact,
        ));
    }

    const fn side(&mut self, from: From) -> &mut Side {
        match from {
            From::Client => &mut self.client,
            From::Server => &mut self.server,
        }
    }

    /// A whole message was seen.
    fn reached(&mut self, message: Message, now: Micros) {
        self.messages = self.messages.saturating_add(1);
        self.last = message;
        self.last_at = Some(now);
    }

    /// A message that this answers was sent as a whole.
    fn asks(&mut self, answer: Message, now: Micros) {
        self.asked = Some(Asked {
            answer,
            at: now,
            first: None,
            pieces: 0,
        });
    }

    /// A piece arrived while this answer was waited for.
    fn counts(&mut self, now: Micros, answer: Message) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.answer == answer) {
            asked.first.get_or_insert(now);
            asked.pieces = asked.pieces.saturating_add(1);
        }
    }

    /// The answer arrived as a whole.
    fn answered(&mut self, now: Micros, phase: Phase, message: Message, facts: &mut Facts) {
        self.reached(message, now);
        let asked = self.asked.take_if(|asked| asked.answer == message);
        // Behind the challenge a server asks others before it answers: its time tells nothing of the way.
        if let Some(asked) = asked.filter(|_| message <= Message::CredSspChallenge) {
            let took = Fact::AnswerTook {
                message,
                first: asked.first.unwrap_or(now).since(asked.at),
                whole: now.since(asked.at),
                pieces: asked.pieces,
            };
            self.tell(facts, phase, took);
        }
    }

    fn raw(&mut self, now: Micros, from: From, bytes: &[u8], facts: &mut Facts) {
        if self.side(from).reading == Reading::Nothing {
            return;
        }
        // The common case is a piece that holds whole messages: those are read where they are.
        let mut held = std::mem::take(&mut self.side(from).raw);
        if held.is_empty() {
            let used = self.consume(now, from, bytes, facts);
            held.extend(bytes.get(used..).unwrap_or_default());
        } else {
            held.extend(bytes);
            let used = self.consume(now, from, &held, facts);
            held.drain(..used.min(held.len()));
        }
        if self.side(from).reading != Reading::Nothing {
            self.side(from).raw = held;
        }
        if self.strange.is_some() {
            self.tell_strange_when_enough(facts);
        }
    }

    /// Bytes went by that nobody recorded. Inside a body that is skipped they make no difference, and
    /// behind the handshake they are data; before that nothing further can be concluded.
    fn unseen(&mut self, now: Micros, from: From, count: usize, facts: &mut Facts) {
        let established = self.tls.established;
        let side = self.side(from);
        match (&mut side.skipped, side.reading) {
            (Some((_, missing)), _) if *missing > count => {
                *missing = missing.saturating_sub(count);
            }
            (Some((header, missing)), _) if *missing == count => {
                let header = *header;
                side.skipped = None;
                self.encrypted(now, from, header, facts);
            }
            (_, Reading::Tail) => {
                self.tail(now, from, count, facts);
            }
            (_, Reading::Nothing) => {}
            _ if established => {
                side.reading = Reading::Tail;
                side.skipped = None;
                side.raw.clear();
                self.tail(now, from, count, facts);
            }
            _ => {
                self.settle(facts);
                self.over();
            }
        }
    }

    /// Reads messages from the front and says how many bytes they took.
    fn consume(&mut self, now: Micros, from: From, bytes: &[u8], facts: &mut Facts) -> usize {
        let mut used = 0_usize;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            let step = match self.side(from).reading {
                Reading::First => self.first(now, from, rest, facts),
                Reading::Next => self.next(from, rest),
                Reading::Tls => self.record(now, from, rest, facts),
                Reading::Tpkt => self.tpkt(now, from, rest, facts),
                Reading::Tail => {
                    self.tail(now, from, rest.len(), facts);
                    Step::Used(rest.len())
                }
                Reading::Strange => Step::Wait,
                Reading::Nothing => Step::Used(rest.len()),
            };
            match step {
                Step::Used(count) => used = used.saturating_add(count),
                Step::Again => {}
                Step::Wait => break,
            }
        }
        used
    }

    /// The server said something that cannot be understood where this was expected.
    fn wonder(&mut self, strange: Strange) -> Step {
        self.strange = Some(strange);
        self.state = State::Strange;
        self.server.reading = Reading::Strange;
        Step::Wait
    }

    fn tell_strange_when_enough(&mut self, facts: &mut Facts) {
        let bytes = match self.strange {
            Some(Strange::Plain(_)) => &self.server.plain,
            _ => &self.server.raw,
        };
        if enough(bytes).is_some() {
            self.tell_strange(facts);
        }
    }

    fn tell_strange(&mut self, facts: &mut Facts) {
        let Some(strange) = self.strange.take() else {
            return;
        };
        let bytes = match strange {
            Strange::Plain(_) => &self.server.plain,
            _ => &self.server.raw,
        };
        let bytes = bytes
            .get(..enough(bytes).unwrap_or(bytes.len()))
            .unwrap_or_default();
        let first_bytes = Bytes::first_of(bytes);
        let phase = self.phase();
        match strange {
            Strange::Service => {
                let service = service::recognise(bytes).unwrap_or(model::Service::Unknown);
                self.tell(
                    facts,
                    phase,
                    Fact::OtherServiceAnswered {
                        service,
                        first_bytes,
                    },
                );
            }
            Strange::NotTls => self.tell(facts, phase, Fact::NotTls { first_bytes }),
            Strange::Plain(message) | Strange::Raw(message) => {
                self.tell(
                    facts,
                    phase,
                    Fact::Unreadable {
                        message,
                        first_bytes,
                    },
                );
            }
        }
        self.over();
    }
}

/// What became of the bytes at the front.
enum Step {
    /// So many were read.
    Used(usize),
    /// None were read, and they are to be read as something else.
    Again,
    /// More are needed.
    Wait,
}

/// How many bytes of a strange answer tell what it is; `None` while more may be needed. It depends on
/// the bytes alone, not on how they arrive.
fn enough(bytes: &[u8]) -> Option<usize> {
    let within = |count: usize| (count <= bytes.len()).then_some(count);
    let length = match bytes {
        [] => return None,
        // A line of text.
        [0x09 | 0x0A | 0x0D | 0x20..=0x7E, ..] => bytes
            .iter()
            .take(Bytes::KEPT)
            .position(|&byte| byte == 0x0A)
            .map(|at| at + 1),
        // Telnet options come in threes.
        [0xFF, ..] => Some(3),
        _ => match crate::tls::read_header(bytes) {
            crate::Read::Whole { value, used } => Some(used.saturating_add(value.length)),
            crate::Read::Partial | crate::Read::Not => None,
        },
    };
    match length {
        Some(length) if length <= Bytes::KEPT => within(length),
        _ => within(Bytes::KEPT),
    }
}
