//! A machine that sits before a real server and damages the connection, sans-IO.
//!
//! It plays the faults, the link, the certificate and the changed answers of a scenario against whatever the
//! real server says. Up to the server's TLS flight it only watches what passes; to show another certificate,
//! or to act inside TLS, it ends TLS itself and opens it again towards the server.

use std::collections::VecDeque;
use std::sync::Arc;

use model::Micros;
use model::codes::{Protocols, TlsAlert};
use wire::tls::AlertLevel;
use wire::{Read, credssp, x224};

use crate::answers::{self, Answer};
use crate::certificate::Recipe;
use crate::chance::Chance;
use crate::scenario::{Act, Asked, Fault, LinkSettings, Script, Stage, Then};
use crate::server::{Do, Host, MOST_UNREAD, Net, read_hello};
use crate::toxics::{Lane, Piece, Way};

/// An end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The client that dialled us.
    Client,
    /// The real server.
    Server,
}

/// One connection in the middle.
pub struct Middle {
    host: Arc<Host>,
    faults: Vec<Fault>,
    chance: Chance,
    state: State,
    /// TLS is ended here and opened again towards the server.
    opens_tls: bool,
    to_client: Lane,
    to_server: Lane,
    from_client: Vec<u8>,
    from_server: Vec<u8>,
    asked: Option<Protocols>,
    chosen: Protocols,
    sessions: Option<Sessions>,
    manner: Manner,
    /// What waits for its time on the way to the client.
    held: VecDeque<(Micros, Piece)>,
    held_until: Micros,
}

/// The two sessions of a TLS connection that is opened on the way.
struct Sessions {
    client: tls::Server,
    client_up: bool,
    server: tls::Client,
    server_up: bool,
    /// What came inside TLS and waits for the other session to be up.
    for_server: Vec<u8>,
    for_client: Vec<u8>,
    /// Messages the client has sent inside TLS.
    messages: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The connection request is awaited.
    Request,
    /// The connection confirm is awaited.
    Confirm,
    /// The ClientHello is awaited.
    ClientHello,
    /// The server's flight passes.
    ServerFlight,
    /// Nothing is watched any more.
    Passing,
    /// TLS is opened here.
    Inside,
    /// Nothing passes any more.
    Over,
}

/// How bytes go to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    Pieces { bytes: usize, apart: Micros },
    Only { bytes: usize, then: Then },
}

/// Why a scenario asks for TLS to be opened on the way.
pub fn opens_tls(script: &Script) -> bool {
    script.certificate != Recipe::default()
        || script
            .fault
            .iter()
            .any(|fault| fault.at > Stage::ServerFlight)
}

impl Middle {
    /// Connection `number`, counted from 1, opened while `open` with itself are open.
    pub fn new(host: &Arc<Host>, link: &LinkSettings, number: u32, open: u32) -> Self {
        let mut chance = host.chance().part(u64::from(number));
        let draw = chance.draw();
        let one_way = Micros(link.round_trip_ms.saturating_mul(500));
        let jitter = Micros(link.jitter_ms.saturating_mul(500));
        let lane = |way, part| Lane::new(&link.toxic, way, one_way, jitter, chance.part(part));
        let faults = host.script().fault.iter();
        Self {
            faults: faults
                .filter(|fault| fault.when.applies(number, open, draw))
                .cloned()
                .collect(),
            opens_tls: opens_tls(host.script()),
            to_client: lane(Way::ToClient, 1),
            to_server: lane(Way::ToServer, 0),
            host: Arc::clone(host),
            chance,
            state: State::Request,
            from_client: Vec::new(),
            from_server: Vec::new(),
            asked: None,
            chosen: Protocols::RDP,
            sessions: None,
            manner: Manner::Whole,
            held: VecDeque::new(),
            held_until: Micros::ZERO,
        }
    }

    /// Takes in what happened on a side at `now`, and says what to do on which side.
    pub fn on(&mut self, now: Micros, side: Side, net: Net<'_>) -> Vec<(Side, Do)> {
        match (side, net) {
            (_, Net::Time) => {}
            (Side::Client, Net::Opened) => {
                self.strikes(now, Stage::Accept);
            }
            (Side::Server, Net::Opened) => {}
            (Side::Client, Net::Bytes(bytes)) => self.client_says(now, bytes),
            (Side::Server, Net::Bytes(bytes)) => self.server_says(now, bytes),
            (Side::Client, Net::Ended) => self.to_server.take(now, Piece::Closed),
            // Whoever was silenced hears nothing of the server's end either.
            (Side::Server, Net::Ended) if self.state == State::Over => {}
            (Side::Server, Net::Ended) => self.hold(now, Piece::Closed),
        }
        let mut done = Vec::new();
        while let Some((_, piece)) = self.held.pop_front_if(|(at, _)| *at <= now) {
            self.to_client.take(now, piece);
        }
        for (side, lane) in [
            (Side::Server, &mut self.to_server),
            (Side::Client, &mut self.to_client),
        ] {
            while let Some(piece) = lane.give(now) {
                match piece {
                    Piece::Bytes(bytes) => done.push((side, Do::Send(bytes))),
                    Piece::Closed => done.push((side, Do::HalfClose)),
                    Piece::Reset => {
                        done.push((Side::Client, Do::Reset));
                        done.push((Side::Server, Do::Reset));
                    }
                }
            }
        }
        let dues = [
            self.held.front().map(|(at, _)| *at),
            self.to_client.due(),
            self.to_server.due(),
        ];
        let soonest = dues.into_iter().flatten().min();
        done.extend(soonest.map(|at| (Side::Client, Do::Wake(at))));
        done
    }

    fn client_says(&mut self, now: Micros, bytes: &[u8]) {
        match self.state {
            State::Over => return,
            State::Passing | State::Confirm => {
                return self.to_server.take(now, Piece::Bytes(bytes.to_vec()));
            }
            State::ServerFlight => {
                // The client goes on: it has the whole flight.
                self.manner = Manner::Whole;
                if !self.strikes(now, Stage::ServerFlight) {
                    self.state = State::Passing;
                    self.to_server.take(now, Piece::Bytes(bytes.to_vec()));
                }
                return;
            }
            State::Request | State::ClientHello | State::Inside => {}
        }
        self.from_client.extend_from_slice(bytes);
        match self.state {
            State::Request => match x224::read_request(&self.from_client) {
                Read::Whole { value, .. } => {
                    self.asked = value.offered;
                    self.forward_request(now);
                }
                Read::Partial => {}
                Read::Not => self.pass(now),
            },
            State::ClientHello => match read_hello(&self.from_client) {
                Read::Whole { .. } if self.strikes(now, Stage::ClientHello) => {}
                Read::Whole { .. } if self.opens_tls => self.open_tls(now),
                Read::Whole { .. } => {
                    let hello = std::mem::take(&mut self.from_client);
                    self.to_server.take(now, Piece::Bytes(hello));
                    self.state = State::ServerFlight;
                }
                Read::Partial => {}
                Read::Not => self.pass(now),
            },
            State::Inside => self.inside(now),
            _ => {}
        }
        if self.from_client.len() > MOST_UNREAD {
            self.pass(now);
        }
    }

    fn forward_request(&mut self, now: Micros) {
        if self.strikes(now, Stage::Request) {
            return;
        }
        let request = std::mem::take(&mut self.from_client);
        let script = self.host.script();
        let key = self.asked.map_or(Asked::Absent, Asked::Set);
        let lie = script
            .answers
            .get(&key)
            .or_else(|| script.answers.get(&Asked::Any))
            .copied();
        match lie {
            Some(Answer::Close) => self.end(now, Then::Close),
            Some(Answer::Reset) => self.end(now, Then::Reset),
            Some(Answer::Silence) => self.end(now, Then::Silence),
            _ => {
                self.to_server.take(now, Piece::Bytes(request));
                self.state = State::Confirm;
            }
        }
    }

    fn server_says(&mut self, now: Micros, bytes: &[u8]) {
        match self.state {
            State::Over => {}
            State::Confirm => {
                self.from_server.extend_from_slice(bytes);
                match x224::read_confirm(&self.from_server) {
                    Read::Whole { value, used } => self.forward_confirm(now, value, used),
                    Read::Partial => {}
                    Read::Not => self.pass(now),
                }
            }
            State::Inside => {
                if let Some(sessions) = &mut self.sessions {
                    sessions.server.received(bytes);
                }
                self.inside(now);
            }
            _ => self.say(now, bytes.to_vec()),
        }
    }

    fn forward_confirm(&mut self, now: Micros, reply: x224::Reply, used: usize) {
        let script = self.host.script();
        let lies = script
            .answers
            .contains_key(&self.asked.map_or(Asked::Absent, Asked::Set))
            || script.answers.contains_key(&Asked::Any);
        let mut answer = match reply {
            x224::Reply::Confirm(answer) => answer,
            _ => return self.pass(now),
        };
        if lies {
            answer = match answers::answer(script, self.asked) {
                Answer::Plain => x224::Answer::Plain,
                Answer::Refuse(code) => x224::Answer::Refused(code),
                Answer::Choose(protocols) => x224::Answer::Chosen {
                    protocols,
                    flags: answers::flags(script),
                },
                // These were given instead of asking the server.
                Answer::Close | Answer::Reset | Answer::Silence => answer,
            };
            self.from_server.drain(..used);
            self.say(now, x224::connection_confirm(answer));
        } else {
            let confirm = self.from_server.drain(..used).collect();
            self.say(now, confirm);
        }
        self.manner = Manner::Whole;
        if self.state == State::Over || self.strikes(now, Stage::Confirm) {
            return;
        }
        match answer {
            x224::Answer::Chosen { protocols, .. } if protocols != Protocols::RDP => {
                self.chosen = protocols;
                self.state = State::ClientHello;
            }
            _ => self.pass(now),
        }
    }

    /// Stops watching: what was kept goes on its way.
    fn pass(&mut self, now: Micros) {
        self.state = State::Passing;
        let (client, server) = (
            std::mem::take(&mut self.from_client),
            std::mem::take(&mut self.from_server),
        );
        if !client.is_empty() {
            self.to_server.take(now, Piece::Bytes(client));
        }
        self.say(now, server);
    }

    fn open_tls(&mut self, now: Micros) {
        let hello = tls::ClientHello::default();
        let (Ok(client), Ok(server)) = (
            tls::Server::new(self.host.settings()),
            tls::Client::new(&hello),
        ) else {
            return self.end(now, Then::Close);
        };
        self.sessions = Some(Sessions {
            client,
            client_up: false,
            server,
            server_up: false,
            for_server: Vec::new(),
            for_client: Vec::new(),
            messages: 0,
        });
        self.state = State::Inside;
        self.inside(now);
    }

    /// Carries both sessions on, and what came inside one into the other.
    fn inside(&mut self, now: Micros) {
        let raw = std::mem::take(&mut self.from_client);
        let Some(sessions) = &mut self.sessions else {
            return;
        };
        sessions.client.received(&raw);
        let client = sessions.client.step();
        let server = sessions.server.step();
        let came_up = matches!(client, tls::Progress::Up(_));
        sessions.client_up |= came_up;
        sessions.server_up |= matches!(server, tls::Progress::Up(_));
        if came_up {
            // What followed the client's Finished at once is read in the same turn.
            sessions.client.step();
        }
        if matches!(server, tls::Progress::Up(_)) {
            sessions.server.step();
        }
        sessions.for_server.extend(sessions.client.take_plain());
        sessions.for_client.extend(sessions.server.take_plain());
        let (out, up) = (
            sessions.client.take_outgoing(),
            sessions.server.take_outgoing(),
        );
        self.say(now, out);
        if !up.is_empty() {
            self.to_server.take(now, Piece::Bytes(up));
        }
        if came_up && self.strikes(now, Stage::Tls) {
            return;
        }
        self.messages(now);
        let over = |progress: &tls::Progress| {
            matches!(progress, tls::Progress::Closed | tls::Progress::Failed(_))
        };
        if over(&client) {
            self.to_server.take(now, Piece::Closed);
        }
        if over(&server) {
            self.hold(now, Piece::Closed);
        }
    }

    /// Hands on the messages that came inside TLS.
    fn messages(&mut self, now: Micros) {
        let nla = self.chosen.has_nla();
        while let Some(sessions) = self.sessions.as_mut().filter(|sessions| sessions.server_up) {
            let whole = match (nla, sessions.messages) {
                (true, 0 | 1) => credssp::missing(&sessions.for_server) == Some(0),
                _ => !sessions.for_server.is_empty(),
            };
            if sessions.for_server.is_empty() || !whole {
                break;
            }
            sessions.messages = sessions.messages.saturating_add(1);
            let stage = match (nla, sessions.messages) {
                (true, 1) => Some(Stage::Credssp),
                (true, 2) => Some(Stage::Authenticate),
                (false, 1) => Some(Stage::Mcs),
                _ => None,
            };
            let message = std::mem::take(&mut sessions.for_server);
            self.manner = Manner::Whole;
            if stage.is_some_and(|stage| self.strikes(now, stage)) {
                return;
            }
            if let Some(sessions) = &mut self.sessions {
                sessions.server.write_plain(&message);
                let sealed = sessions.server.take_outgoing();
                self.to_server.take(now, Piece::Bytes(sealed));
            }
        }
        let plain = match &mut self.sessions {
            Some(sessions) if sessions.client_up => std::mem::take(&mut sessions.for_client),
            _ => return,
        };
        if plain.is_empty() {
            return;
        }
        let challenged = self
            .sessions
            .as_ref()
            .is_some_and(|sessions| sessions.messages == 1)
            && nla;
        self.seal(now, plain);
        if challenged && self.state != State::Over {
            self.strikes(now, Stage::Challenge);
        }
    }

    /// Sends bytes to the client inside TLS, in the manner of the moment.
    fn seal(&mut self, now: Micros, plain: Vec<u8>) {
        let (parts, apart, then) = in_manner(&plain, self.manner);
        for part in parts {
            if let Some(sessions) = &mut self.sessions {
                sessions.client.write_plain(&part);
                let sealed = sessions.client.take_outgoing();
                self.hold(now, Piece::Bytes(sealed));
            }
            self.wait(now, apart);
        }
        if let Some(then) = then {
            self.end(now, then);
        }
    }

    /// Lets the faults of a stage happen; true when the connection is over.
    fn strikes(&mut self, now: Micros, stage: Stage) -> bool {
        let hello = read_hello(&self.from_client).whole();
        let faults: Vec<Fault> = self
            .faults
            .iter()
            .filter(|fault| fault.at == stage && fault.when.applies_to(hello))
            .cloned()
            .collect();
        for fault in faults {
            let late = fault.after_ms.map(Micros::from_millis);
            let bytes = fault
                .bytes
                .map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
            if fault.does != Act::Drip {
                self.wait(now, late.unwrap_or_default());
            }
            match fault.does {
                Act::Delay => {}
                Act::Drip => {
                    let apart = late.unwrap_or(Micros::from_millis(1));
                    self.manner = Manner::Pieces {
                        bytes: bytes.unwrap_or(1).max(1),
                        apart,
                    };
                }
                Act::Truncate => {
                    let then = fault.then.unwrap_or(Then::Close);
                    self.manner = Manner::Only {
                        bytes: bytes.unwrap_or_default(),
                        then,
                    };
                }
                Act::Close => self.end(now, Then::Close),
                Act::Reset => self.end(now, Then::Reset),
                Act::Silence => self.end(now, Then::Silence),
                Act::HalfClose => self.end(now, Then::HalfClose),
                Act::Garbage => {
                    let random = || self.chance.bytes(bytes.unwrap_or(64).min(65_536));
                    let garbage = fault.payload.map_or_else(random, |payload| payload.0);
                    match &mut self.sessions {
                        Some(sessions) if sessions.client_up => {
                            sessions.client.write_plain(&garbage);
                            let sealed = sessions.client.take_outgoing();
                            self.hold(now, Piece::Bytes(sealed));
                        }
                        _ => self.hold(now, Piece::Bytes(garbage)),
                    }
                    self.end(now, fault.then.unwrap_or(Then::Silence));
                }
                Act::Alert => {
                    let alert = TlsAlert(fault.alert.unwrap_or_default());
                    let alert = wire::tls::alert(AlertLevel::Fatal, alert);
                    self.hold(now, Piece::Bytes(alert));
                    self.end(now, fault.then.unwrap_or(Then::Close));
                }
            }
        }
        self.state == State::Over
    }

    /// Sends raw bytes to the client, in the manner of the moment unless they belong to a session.
    fn say(&mut self, now: Micros, bytes: Vec<u8>) {
        let manner = if self
            .sessions
            .as_ref()
            .is_some_and(|sessions| sessions.client_up)
        {
            Manner::Whole
        } else {
            self.manner
        };
        let (parts, apart, then) = in_manner(&bytes, manner);
        let passed = parts.iter().map(Vec::len).sum::<usize>();
        for part in parts {
            self.hold(now, Piece::Bytes(part));
            self.wait(now, apart);
        }
        match (then, manner) {
            (Some(then), _) => self.end(now, then),
            (None, Manner::Only { bytes, then }) => {
                self.manner = Manner::Only {
                    bytes: bytes.saturating_sub(passed),
                    then,
                };
            }
            _ => {}
        }
    }

    fn hold(&mut self, now: Micros, piece: Piece) {
        if !matches!(&piece, Piece::Bytes(bytes) if bytes.is_empty()) {
            self.held.push_back((self.held_until.max(now), piece));
        }
    }

    fn wait(&mut self, now: Micros, time: Micros) {
        self.held_until = self.held_until.max(now).plus(time);
    }

    fn end(&mut self, now: Micros, then: Then) {
        self.state = State::Over;
        match then {
            Then::Close | Then::HalfClose => self.hold(now, Piece::Closed),
            Then::Reset => self.hold(now, Piece::Reset),
            Then::Silence => {}
        }
        if then == Then::Close {
            self.to_server.take(now, Piece::Closed);
        }
    }
}

/// The parts in which bytes go out, the time between them, and what follows when something was left out.
fn in_manner(bytes: &[u8], manner: Manner) -> (Vec<Vec<u8>>, Micros, Option<Then>) {
    match manner {
        _ if bytes.is_empty() => (Vec::new(), Micros::ZERO, None),
        Manner::Whole => (vec![bytes.to_vec()], Micros::ZERO, None),
        Manner::Pieces { bytes: size, apart } => (
            bytes.chunks(size).map(<[u8]>::to_vec).collect(),
            apart,
            None,
        ),
        Manner::Only { bytes: most, then } => {
            let part = bytes.iter().take(most).copied().collect();
            (
                vec![part],
                Micros::ZERO,
                (bytes.len() > most).then_some(then),
            )
        }
    }
}
