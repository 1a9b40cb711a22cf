//! One connection to a gateway or a proxy: TLS, requests, chunks and frames, and the faults that damage them.

use std::collections::{BTreeMap, VecDeque};

use model::Micros;
use model::codes::TlsAlert;
use wire::Read;
use wire::tls::AlertLevel;

use super::Order;
use super::fault::{Act, Fault, Moment, Way};
use crate::chance::Chance;
use crate::http::{self, Chunks, Opcode, Request, Response};
use crate::scenario::{Hello, Then};
use crate::server::{Do, MOST_UNREAD, asks_again, read_hello};

/// What a connection brought.
#[derive(Debug)]
pub(crate) enum Event {
    /// The head of a request.
    Request(Request),
    /// Bytes of the tunnel.
    Tunnel(Vec<u8>),
    /// The client is done.
    Over,
}

/// What a connection waits for.
#[derive(Debug)]
enum State {
    ClientHello,
    ClientFinished,
    Request,
    /// The rest of a body that nobody reads.
    Body(usize),
    /// The body of RDG_IN_DATA.
    Chunks(Chunks),
    /// The body of RPC_IN_DATA or RPC_OUT_DATA: so many bytes of it are still to come.
    Counted(u64),
    Socket,
    /// What comes is for the tunnel, as it is.
    Through,
    /// What comes waits until the server behind is reached.
    Waits,
    /// Answers alone go over it.
    Deaf,
    /// Nothing more is listened to.
    Over,
}

/// What a client says first.
#[derive(Clone, Copy, Debug)]
enum First {
    Request,
    Bytes,
}

/// What is to be done at a moment.
enum Step {
    /// Bytes in clear.
    Raw(Vec<u8>),
    /// Bytes inside TLS. They are sealed when it is their turn: the records of a session are counted.
    Plain(Vec<u8>),
    HalfClose,
    Close,
    Reset,
    /// Bytes of the tunnel, and its end, which may have a number.
    TunnelOver(Vec<u8>, Option<u32>, Then),
    /// Whoever it belongs to wants to be asked.
    Alarm,
}

/// What a connection has for the tunnel it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// It is to end so, as was planned; where there is a number, the channel is closed with it first.
    Over(Option<u32>, Then),
    /// The moment that was asked for has come.
    Alarm,
}

/// One connection.
pub(crate) struct Connection {
    pub way: Option<Way>,
    /// The tunnel it belongs to.
    pub tunnel: Option<u32>,
    /// What its web server calls itself.
    pub program: Option<&'static str>,
    /// The NTLM messages of a logon that is not complete: NEGOTIATE and our CHALLENGE.
    pub logon: Option<(Vec<u8>, Vec<u8>)>,
    /// Its client said who it is: what it asks on this connection after that is asked by the user.
    pub known: bool,
    pub chance: Chance,
    faults: Vec<Fault>,
    think: Micros,
    first: First,
    state: State,
    session: Option<tls::Server>,
    hello: Option<Hello>,
    incoming: Vec<u8>,
    plain: Vec<u8>,
    /// INVARIANT: in the order in which it is due.
    plan: VecDeque<(Micros, Step)>,
    busy_until: Micros,
    /// How it ends: nothing is said any more.
    ended: Option<Then>,
    /// What the tunnel is to be told.
    word: Option<Word>,
}

impl Connection {
    fn new(
        session: Option<tls::Server>,
        faults: Vec<Fault>,
        think: Micros,
        chance: Chance,
    ) -> Self {
        Self {
            way: None,
            tunnel: None,
            program: None,
            logon: None,
            known: false,
            chance,
            faults,
            think,
            first: First::Request,
            state: if session.is_some() {
                State::ClientHello
            } else {
                State::Request
            },
            session,
            hello: None,
            incoming: Vec::new(),
            plain: Vec::new(),
            plan: VecDeque::new(),
            busy_until: Micros::ZERO,
            ended: None,
            word: None,
        }
    }

    pub(crate) fn received(&mut self, bytes: &[u8]) {
        if !matches!(self.state, State::Over) {
            self.incoming.extend_from_slice(bytes);
        }
    }

    /// The next thing that what came makes whole.
    pub(crate) fn next(&mut self, now: Micros) -> Option<Event> {
        loop {
            let before = (self.incoming.len(), self.plain.len());
            let handshaking = matches!(self.state, State::ClientHello | State::ClientFinished);
            match &mut self.state {
                State::ClientHello => self.client_hello(now),
                State::ClientFinished => self.client_finished(now),
                _ => {
                    if let Some(event) = self.inside(now) {
                        return Some(event);
                    }
                }
            }
            if self.incoming.len().max(self.plain.len()) > MOST_UNREAD {
                self.end(now, Then::Close);
                return Some(Event::Over);
            }
            let carried_on =
                handshaking && !matches!(self.state, State::ClientHello | State::ClientFinished);
            if before == (self.incoming.len(), self.plain.len()) && !carried_on {
                return None;
            }
        }
    }

    fn client_hello(&mut self, now: Micros) {
        match read_hello(&self.incoming) {
            Read::Whole { value, .. } => self.hello = Some(value),
            Read::Partial => return,
            // The library knows best what to say to bytes that are no hello.
            Read::Not => {}
        }
        let (progress, flight) = self.step();
        let retry = asks_again(&flight);
        if !self.answer(now, Moment::ClientHello, flight) {
            return;
        }
        match progress {
            tls::Progress::Handshaking if retry => {}
            tls::Progress::Handshaking => {
                self.state = State::ClientFinished;
                self.passes(now, Moment::ServerFlight);
            }
            _ => self.end(now, Then::Close),
        }
    }

    fn client_finished(&mut self, now: Micros) {
        if self.incoming.is_empty() {
            return;
        }
        let (progress, flight) = self.step();
        self.put(now, Step::Raw(flight));
        match progress {
            tls::Progress::Handshaking => {}
            tls::Progress::Up(_) => {
                if self.passes(now, Moment::Tls) {
                    self.state = match self.first {
                        First::Request => State::Request,
                        First::Bytes => State::Through,
                    };
                }
            }
            _ => self.end(now, Then::Close),
        }
    }

    /// Carries the session on with what came: where it stands, and what it wants to send.
    fn step(&mut self) -> (tls::Progress, Vec<u8>) {
        let bytes = std::mem::take(&mut self.incoming);
        let Some(session) = &mut self.session else {
            self.plain.extend(bytes);
            return (tls::Progress::Open, Vec::new());
        };
        session.received(&bytes);
        let progress = session.step();
        self.plain.extend(session.take_plain());
        (progress, session.take_outgoing())
    }

    fn inside(&mut self, now: Micros) -> Option<Event> {
        let mut over = false;
        if !self.incoming.is_empty() || matches!(self.state, State::Request | State::Through) {
            let (progress, sent) = self.step();
            over = matches!(progress, tls::Progress::Closed | tls::Progress::Failed(_));
            if !sent.is_empty() {
                self.put(now, Step::Raw(sent));
            }
        }
        let event = self.parse(now);
        if event.is_none() && over && !matches!(self.state, State::Over) {
            self.end(now, Then::Close);
            return Some(Event::Over);
        }
        event
    }

    fn parse(&mut self, now: Micros) -> Option<Event> {
        match &mut self.state {
            // The end of a body of chunks that was announced by somebody who was not let in.
            State::Request if self.plain.starts_with(b"0\r\n\r\n") => {
                self.plain.drain(..5);
            }
            State::Request => match http::read_request(&self.plain) {
                Read::Whole { value, used } => {
                    self.plain.drain(..used);
                    if let Some(length) = value.length().filter(|length| *length > 0) {
                        self.state = State::Body(length);
                    }
                    return Some(Event::Request(value));
                }
                Read::Partial => {}
                Read::Not => {
                    self.say(now, &Response::of(400).with("Connection: close").bytes());
                    self.end(now, Then::Close);
                    return Some(Event::Over);
                }
            },
            State::Body(rest) => {
                let taken = (*rest).min(self.plain.len());
                self.plain.drain(..taken);
                *rest -= taken;
                if *rest == 0 {
                    self.state = State::Request;
                }
            }
            State::Chunks(chunks) => match chunks.read(&mut self.plain) {
                Read::Whole { value, .. } => return Some(Event::Tunnel(value)),
                Read::Partial => {}
                Read::Not if self.plain.is_empty() => {}
                Read::Not => {
                    self.end(now, Then::Close);
                    return Some(Event::Over);
                }
            },
            State::Counted(0) => {
                self.end(now, Then::Close);
                return Some(Event::Over);
            }
            State::Counted(_) if self.plain.is_empty() => {}
            State::Counted(rest) => {
                let most = usize::try_from(*rest).unwrap_or(usize::MAX);
                let taken: Vec<u8> = self.plain.drain(..most.min(self.plain.len())).collect();
                *rest = rest.saturating_sub(u64::try_from(taken.len()).unwrap_or(u64::MAX));
                return Some(Event::Tunnel(taken));
            }
            State::Socket => match http::read_frame(&self.plain) {
                Read::Whole { value, used } => {
                    self.plain.drain(..used);
                    match value {
                        (Opcode::Data, payload) => return Some(Event::Tunnel(payload)),
                        (Opcode::Ping, payload) => {
                            self.say(now, &http::frame(Opcode::Pong, &payload));
                        }
                        (Opcode::Pong, _) => {}
                        (Opcode::Close, payload) => {
                            self.say(now, &http::frame(Opcode::Close, &payload));
                            self.end(now, Then::Close);
                            return Some(Event::Over);
                        }
                    }
                }
                Read::Partial => {}
                Read::Not => {
                    self.end(now, Then::Close);
                    return Some(Event::Over);
                }
            },
            State::Through if self.plain.is_empty() => {}
            State::Through => return Some(Event::Tunnel(std::mem::take(&mut self.plain))),
            State::Waits => {}
            State::Deaf | State::Over | State::ClientHello | State::ClientFinished => {
                self.plain.clear();
            }
        }
        None
    }

    /// From here on its body is chunks of the tunnel.
    pub(crate) fn becomes_in(&mut self) {
        self.state = State::Chunks(Chunks::default());
    }

    /// From here on this many bytes belong to the tunnel, and when they are used up it is over.
    pub(crate) fn becomes_counted(&mut self, length: u64) {
        self.state = State::Counted(length);
    }

    /// From here on it only carries answers.
    pub(crate) fn becomes_out(&mut self) {
        self.state = State::Deaf;
    }

    /// From here on its bytes belong to the tunnel, as they are.
    pub(crate) fn becomes_through(&mut self) {
        self.state = State::Through;
    }

    /// Its client does not begin with a request of HTTP.
    pub(crate) fn speaks_no_http(&mut self) {
        self.first = First::Bytes;
        if matches!(self.state, State::Request) {
            self.state = State::Through;
        }
    }

    /// From here on its bytes wait.
    pub(crate) fn waits(&mut self) {
        self.state = State::Waits;
    }

    /// From here on it is a WebSocket.
    pub(crate) fn becomes_socket(&mut self) {
        self.state = State::Socket;
    }

    /// The number with which a fault says no at `moment`, and what it does then.
    pub(crate) fn refusal(&self, moment: Moment) -> Option<(u32, Option<Then>)> {
        self.here(moment)
            .find(|fault| fault.does == Act::Code)
            .and_then(|fault| Some((fault.code?, fault.then)))
    }

    /// What an administrator has to say once data flows.
    pub(crate) fn message(&self) -> Option<&str> {
        self.here(Moment::Data)
            .find(|fault| fault.does == Act::Message)
            .and_then(|fault| fault.text.as_deref())
    }

    fn here(&self, moment: Moment) -> impl Iterator<Item = &Fault> {
        let (hello, way) = (self.hello, self.way);
        self.faults.iter().filter(move |fault| {
            fault.at == moment
                && fault.when.applies_to(hello)
                && fault
                    .on
                    .is_none_or(|on| way.is_some_and(|way| on.covers(way)))
        })
    }

    /// Sends the answer that is due at `moment`, unless a fault has it otherwise; true when the connection
    /// goes on.
    pub(crate) fn answer(&mut self, now: Micros, moment: Moment, answer: Vec<u8>) -> bool {
        self.wait(now, self.think);
        let faults: Vec<Fault> = self.here(moment).cloned().collect();
        for fault in faults {
            let late = fault.after_ms.map(Micros::from_millis);
            if fault.does != Act::Drip {
                self.wait(now, late.unwrap_or_default());
            }
            let most = fault
                .bytes
                .map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
            match fault.does {
                // Numbers are in the answer already, and messages go their own way.
                Act::Delay | Act::Code | Act::Message => {}
                Act::Close => return self.end_false(now, Then::Close),
                Act::Reset => return self.end_false(now, Then::Reset),
                Act::Silence => return self.end_false(now, Then::Silence),
                Act::HalfClose => return self.end_false(now, Then::HalfClose),
                Act::Drip => {
                    for part in answer.chunks(most.unwrap_or(1).max(1)) {
                        self.say(now, part);
                        self.wait(now, late.unwrap_or(Micros::from_millis(1)));
                    }
                    return true;
                }
                Act::Garbage => {
                    let garbage = fault
                        .payload
                        .map(|payload| payload.0)
                        .unwrap_or_else(|| self.chance.bytes(most.unwrap_or(64).min(65_536)));
                    self.say(now, &garbage);
                    return self.end_false(now, fault.then.unwrap_or(Then::Silence));
                }
                Act::Truncate => {
                    let mut answer = answer;
                    answer.truncate(most.unwrap_or_default());
                    self.say(now, &answer);
                    return self.end_false(now, fault.then.unwrap_or(Then::Close));
                }
                Act::Alert => {
                    let alert = TlsAlert(fault.alert.unwrap_or_default());
                    self.put(now, Step::Raw(wire::tls::alert(AlertLevel::Fatal, alert)));
                    return self.end_false(now, fault.then.unwrap_or(Then::Close));
                }
                Act::Status => {
                    let mut response = Response::of(fault.status.unwrap_or(500));
                    response.reason.clone_from(&fault.reason);
                    response.headers.clone_from(&fault.headers);
                    // A device on the way that answers itself says who it is.
                    let says_who = |header: &String| {
                        let name = header.split(':').next().unwrap_or_default();
                        ["Server", "Via"]
                            .iter()
                            .any(|known| name.eq_ignore_ascii_case(known))
                    };
                    if let Some(program) = self.program
                        && !fault.headers.iter().any(says_who)
                    {
                        response = response.with(program);
                    }
                    if let Some(page) = &fault.page {
                        response = response.showing("text/html", page.as_bytes());
                    }
                    self.say(now, &response.bytes());
                    if let Some(then) = fault.then {
                        self.end(now, then);
                    }
                    return false;
                }
            }
        }
        self.say(now, &answer);
        true
    }

    /// Lets the faults of a moment happen at which no answer is due; true when the connection goes on.
    pub(crate) fn passes(&mut self, now: Micros, moment: Moment) -> bool {
        self.answer(now, moment, Vec::new())
    }

    /// Sends bytes, inside TLS once it is up.
    pub(crate) fn say(&mut self, now: Micros, bytes: &[u8]) {
        let inside = !matches!(self.state, State::ClientHello | State::ClientFinished);
        self.put(
            now,
            if inside {
                Step::Plain(bytes.to_vec())
            } else {
                Step::Raw(bytes.to_vec())
            },
        );
    }

    fn put(&mut self, now: Micros, step: Step) {
        let empty = matches!(&step, Step::Raw(bytes) | Step::Plain(bytes) if bytes.is_empty());
        if !empty && self.ended.is_none() {
            self.put_at(self.busy_until.max(now), step);
        }
    }

    fn put_at(&mut self, moment: Micros, step: Step) {
        let index = self.plan.partition_point(|(at, _)| *at <= moment);
        self.plan.insert(index, (moment, step));
    }

    /// Wants to be asked at this moment.
    pub(crate) fn alarm(&mut self, at: Micros) {
        if self.ended.is_none() {
            self.put_at(at, Step::Alarm);
        }
    }

    /// Data flows from now on: plans what is to happen then.
    pub(crate) fn later(&mut self, now: Micros) {
        let faults: Vec<Fault> = self.here(Moment::Data).cloned().collect();
        for fault in faults {
            let at = now.plus(Micros::from_millis(fault.after_ms.unwrap_or_default()));
            let most = fault
                .bytes
                .map_or(64, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
            let (bytes, then) = match fault.does {
                Act::Close => (Vec::new(), Then::Close),
                Act::Reset => (Vec::new(), Then::Reset),
                Act::Silence => (Vec::new(), Then::Silence),
                Act::HalfClose => (Vec::new(), Then::HalfClose),
                Act::Code => (Vec::new(), fault.then.unwrap_or(Then::Close)),
                Act::Garbage => (
                    fault
                        .payload
                        .map(|payload| payload.0)
                        .unwrap_or_else(|| self.chance.bytes(most.min(65_536))),
                    fault.then.unwrap_or(Then::Silence),
                ),
                Act::Delay
                | Act::Drip
                | Act::Truncate
                | Act::Alert
                | Act::Status
                | Act::Message => {
                    continue;
                }
            };
            self.put_at(at, Step::TunnelOver(bytes, fault.code, then));
        }
    }

    /// It ended, or is about to.
    pub(crate) const fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// How it ended; in good order while it has not.
    pub(crate) fn ended(&self) -> Then {
        self.ended.unwrap_or(Then::Close)
    }

    /// What its tunnel is to be told now.
    pub(crate) fn take_word(&mut self) -> Option<Word> {
        self.word.take()
    }

    fn wait(&mut self, now: Micros, time: Micros) {
        self.busy_until = self.busy_until.max(now).plus(time);
    }

    /// Ends it, as soon as everything is said.
    pub(crate) fn end(&mut self, now: Micros, then: Then) {
        self.state = State::Over;
        self.incoming.clear();
        self.plain.clear();
        self.plan
            .retain(|(_, step)| !matches!(step, Step::TunnelOver(..) | Step::Alarm));
        match then {
            Then::Close => self.put(now, Step::Close),
            Then::Reset => self.put(now, Step::Reset),
            Then::HalfClose => self.put(now, Step::HalfClose),
            Then::Silence => {}
        }
        self.ended.get_or_insert(then);
    }

    fn end_false(&mut self, now: Micros, then: Then) -> bool {
        self.end(now, then);
        false
    }

    /// The client closed or reset it.
    pub(crate) fn gone(&mut self, now: Micros) {
        self.state = State::Over;
        self.ended.get_or_insert(Then::Close);
        let closing = |(_, step): &(Micros, Step)| matches!(step, Step::Close | Step::Reset);
        if !self.plan.iter().any(closing) {
            self.plan.clear();
            self.plan.push_back((now, Step::Close));
        }
    }

    /// Bytes as they go over the wire.
    fn seal(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        match &mut self.session {
            Some(session) => {
                session.write_plain(&bytes);
                session.take_outgoing()
            }
            None => bytes,
        }
    }

    /// Everything that is due, and when there will be more.
    pub(crate) fn due(&mut self, now: Micros) -> Vec<Do> {
        let mut due = Vec::new();
        while let Some((_, step)) = self.plan.pop_front_if(|(at, _)| *at <= now) {
            match step {
                Step::Raw(bytes) => due.push(Do::Send(bytes)),
                Step::Plain(bytes) => due.push(Do::Send(self.seal(bytes))),
                Step::TunnelOver(bytes, code, then) => {
                    if !bytes.is_empty() {
                        due.push(Do::Send(self.seal(bytes)));
                    }
                    self.word = Some(Word::Over(code, then));
                }
                Step::Alarm => {
                    self.word.get_or_insert(Word::Alarm);
                }
                Step::HalfClose => due.push(Do::HalfClose),
                Step::Close => {
                    if let Some(session) = &mut self.session {
                        session.close();
                        let farewell = session.take_outgoing();
                        if !farewell.is_empty() {
                            due.push(Do::Send(farewell));
                        }
                    }
                    due.push(Do::Close);
                }
                Step::Reset => due.push(Do::Reset),
            }
        }
        due.extend(self.plan.front().map(|(at, _)| Do::Wake(*at)));
        due
    }
}

/// Connection `number` opens, while so many others are open: those of the faults that meet it come with it.
pub(crate) fn begin(
    now: Micros,
    number: u32,
    others: usize,
    session: Option<tls::Server>,
    faults: &[Fault],
    think: Micros,
    mut chance: Chance,
) -> Connection {
    let draw = chance.draw();
    let open = u32::try_from(others).unwrap_or(u32::MAX).saturating_add(1);
    let faults = faults
        .iter()
        .filter(|fault| fault.when.applies(number, open, draw))
        .cloned()
        .collect();
    let mut connection = Connection::new(session, faults, think, chance);
    connection.passes(now, Moment::Accept);
    connection
}

/// Collects everything that is due; returns what tunnels are to be told.
pub(crate) fn settle(
    now: Micros,
    connections: &mut BTreeMap<u32, Connection>,
    orders: &mut Vec<Order>,
) -> Vec<(u32, Word)> {
    let mut words = Vec::new();
    for (number, connection) in connections {
        let due = connection.due(now).into_iter();
        orders.extend(due.map(|step| Order::Client(*number, step)));
        if let (Some(tunnel), Some(word)) = (connection.tunnel, connection.take_word()) {
            words.push((tunnel, word));
        }
    }
    words
}
