//! One host of a sweep: a connection that negotiates, says a ClientHello and reads the server's first flight.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use model::codes::{CipherSuite, TlsVersion};
use model::{
    Attempt, AttemptOutcome, Ending, Evidence, Fact, Intent, LookId, Message, Micros, Observation,
    Phase, Place, Source, UnixSeconds,
};
use wire::climb::{Climb, Wish};
use wire::machine::{Output, Seen};
use wire::tls::Hello;
use wire::watch::State;

use super::{Asked, Pace, Swept};
use crate::connect::{answered, at_once, begin, silent};
use crate::drive::ending;
use crate::plan::COOKIE;
use crate::platform;
use crate::probes::{GLANCE, RESOLVE};

/// What a step led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It waits for the host.
    Waits,
    /// It is over.
    Done,
    /// This machine has no socket for it.
    Exhausted,
}

/// The number of the look at the name, and of the one at the host.
const NAME: LookId = LookId(1);
const HOST: LookId = LookId(2);

/// One host.
pub(super) struct Glance {
    ticket: u64,
    evidence: Evidence,
    /// The zero of the evidence on the clock of the sweep.
    began: Micros,
    to: Option<SocketAddr>,
    connected_at: Micros,
    opened_after: Option<Micros>,
    stage: Stage,
    /// The wait ends at this moment of the sweep.
    deadline: Micros,
    /// The whole look does.
    last: Micros,
    patience: Micros,
}

/// Where the connection stands.
enum Stage {
    Before,
    Connecting(TcpStream),
    Talking(Box<Talk>),
    Over,
}

/// An open connection.
struct Talk {
    stream: TcpStream,
    climb: Climb,
    outgoing: Vec<u8>,
    /// The connection will end like this, as the system said once.
    omen: Option<Ending>,
    suite: Option<CipherSuite>,
}

impl Glance {
    /// A look at this host that begins at this moment.
    pub(super) fn of(asked: Asked, began: Micros, wall: UnixSeconds) -> Self {
        let Asked { ticket, target } = asked;
        let address = target.address;
        let mut glance = Self {
            ticket,
            evidence: Evidence::of(target, wall),
            began,
            to: None,
            connected_at: began,
            opened_after: None,
            stage: Stage::Before,
            deadline: began,
            last: began,
            patience: Micros::ZERO,
        };
        if let Some(address) = address {
            glance.note(
                None,
                began,
                Place::host(Phase::Resolve),
                Fact::AddressGiven { address },
            );
        }
        glance
    }

    /// The name was looked up, or was not; gives back its addresses.
    pub(super) fn resolved(&mut self, fact: Fact, now: Micros) -> Vec<IpAddr> {
        let addresses = match &fact {
            Fact::NameResolved { addresses, .. } => addresses.clone(),
            _ => Vec::new(),
        };
        let says = self.evidence.target.host.0.clone();
        self.attempt(NAME, RESOLVE.name, says, RESOLVE.trace, self.began);
        self.note(Some(NAME), now, Place::host(Phase::Resolve), fact);
        self.end(NAME, now);
        addresses
    }

    /// The host is not looked at.
    pub(super) fn forgo(&mut self, why: &str) {
        let says = self.evidence.target.host.0.clone();
        self.attempt(HOST, GLANCE.name, says, GLANCE.trace, self.began);
        if let Some(attempt) = self.evidence.tried.last_mut() {
            attempt.outcome = AttemptOutcome::Skipped(why.to_owned());
        }
    }

    pub(super) const fn port(&self) -> u16 {
        self.evidence.target.port
    }

    pub(super) const fn to(&self) -> Option<SocketAddr> {
        self.to
    }

    pub(super) fn deadline(&self) -> Micros {
        self.deadline.min(self.last)
    }

    pub(super) const fn opened_after(&self) -> Option<Micros> {
        self.opened_after
    }

    pub(super) fn into_asked(self) -> Asked {
        Asked {
            ticket: self.ticket,
            target: self.evidence.target,
        }
    }

    pub(super) fn into_swept(mut self, now: Micros) -> Swept {
        self.end(HOST, now);
        Swept {
            ticket: self.ticket,
            evidence: self.evidence,
        }
    }

    /// Begins to connect.
    pub(super) fn connect(
        &mut self,
        to: SocketAddr,
        now: Micros,
        pace: &Pace,
        registry: &Registry,
        token: Token,
    ) -> Turn {
        let to = scoped(to, self.evidence.target.zone.as_deref());
        self.to = Some(to);
        self.connected_at = now;
        self.deadline = now.plus(pace.connect_patience());
        self.last = now.plus(pace.longest());
        self.patience = pace.answer_patience();
        self.attempt(HOST, GLANCE.name, to.to_string(), GLANCE.trace, now);
        let begun = match begin(to, None) {
            Ok(Ok(begun)) => begun,
            Ok(Err(error)) => {
                if is_exhausted(&error) {
                    self.broke(&error);
                    return Turn::Exhausted;
                }
                return match at_once(to, &error, Micros::ZERO) {
                    Ok((place, fact)) => self.over(now, place, fact),
                    Err(error) => self.broke(&error),
                };
            }
            Err(error) => {
                let exhausted =
                    matches!(&error, crate::Error::Socket { source, .. } if is_exhausted(source));
                self.broke(&error);
                return if exhausted {
                    Turn::Exhausted
                } else {
                    Turn::Done
                };
            }
        };
        let mut stream = TcpStream::from_std(begun.socket.into());
        // One registration for all that may come: the events are edges.
        let interests = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = registry.register(&mut stream, token, interests) {
            self.broke(&error);
            return Turn::Exhausted;
        }
        self.stage = Stage::Connecting(stream);
        if begun.open {
            self.opened(now)
        } else {
            Turn::Waits
        }
    }

    /// Something may have happened on the connection.
    pub(super) fn ready(&mut self, now: Micros, readable: bool, piece: &mut [u8]) -> Turn {
        if let Stage::Connecting(stream) = &self.stage {
            match outcome(stream) {
                Ok(true) => match self.opened(now) {
                    Turn::Waits => {}
                    turn => return turn,
                },
                Ok(false) => return Turn::Waits,
                Err(error) => return self.not_opened(now, &error),
            }
        }
        if let (false, Stage::Talking(talk)) = (readable, &mut self.stage) {
            talk.flush();
            return Turn::Waits;
        }
        self.talk(now, piece)
    }

    /// The wait is over.
    pub(super) fn overdue(&mut self, now: Micros, piece: &mut [u8]) -> Turn {
        // What arrived and was not read yet counts.
        if self.ready(now, true, piece) == Turn::Done {
            return Turn::Done;
        }
        if self.deadline() > now {
            return Turn::Waits;
        }
        match &mut self.stage {
            Stage::Connecting(_) => {
                let Some(to) = self.to else {
                    return Turn::Done;
                };
                let (place, fact) = silent(to, now.since(self.connected_at));
                self.over(now, place, fact)
            }
            Stage::Talking(talk) => {
                let how = talk.omen.unwrap_or(Ending::Silence);
                self.ended(now, how)
            }
            Stage::Before | Stage::Over => Turn::Done,
        }
    }

    /// The connection is open: the conversation begins.
    fn opened(&mut self, now: Micros) -> Turn {
        let (Stage::Connecting(stream), Some(to)) =
            (std::mem::replace(&mut self.stage, Stage::Over), self.to)
        else {
            return Turn::Done;
        };
        let took = now.since(self.connected_at);
        self.opened_after = Some(took);
        let place = Place::host(Phase::Tcp);
        self.note(Some(HOST), now, place, Fact::TcpOpened { to, took });
        let target = &self.evidence.target;
        let name = target
            .address
            .is_none()
            .then(|| target.host.0.trim_end_matches('.').to_owned());
        let wish = Wish {
            cookie: Some(COOKIE.to_owned()),
            hello: Some(Hello {
                server_name: name,
                ..Hello::classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2)
            }),
            ..Wish::new(Some(target.client.offers), Phase::Secure, self.patience)
        };
        self.stage = Stage::Talking(Box::new(Talk {
            stream,
            climb: Climb::new(wish, self.evidence.opened_at),
            outgoing: Vec::new(),
            omen: None,
            suite: None,
        }));
        self.tell(now, Seen::Opened)
    }

    fn not_opened(&mut self, now: Micros, error: &io::Error) -> Turn {
        let (Stage::Connecting(stream), Some(to)) = (&self.stage, self.to) else {
            return Turn::Done;
        };
        let took = now.since(self.connected_at);
        match error.kind() {
            // The system confirmed the connection and the reset arrived before anybody looked.
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                self.opened_after = Some(took);
                let place = Place::host(Phase::Tcp);
                self.note(Some(HOST), now, place, Fact::TcpOpened { to, took });
                let place = Place::host(Phase::Negotiate);
                let fact = Fact::Ended {
                    how: Ending::Reset,
                    after: Message::TcpHandshake,
                    waited: Micros::ZERO,
                    partial: 0,
                };
                self.over(now, place, fact)
            }
            ErrorKind::TimedOut => {
                let (place, fact) = silent(to, took);
                self.over(now, place, fact)
            }
            _ => {
                let own = stream.local_addr().ok().map(|own| own.ip());
                let icmp = platform::icmp_error(stream);
                match answered(to, error, icmp, own, took) {
                    Ok((place, fact)) => self.over(now, place, fact),
                    Err(error) => self.broke(&error),
                }
            }
        }
    }

    /// Writes what is to be written and reads what is there.
    fn talk(&mut self, now: Micros, piece: &mut [u8]) -> Turn {
        loop {
            let Stage::Talking(talk) = &mut self.stage else {
                return Turn::Done;
            };
            talk.flush();
            let read = talk.stream.read(piece);
            let turn = match read {
                Ok(0) => {
                    let how = talk.omen.filter(|omen| *omen == Ending::Reset);
                    self.ended(now, how.unwrap_or(Ending::Closed))
                }
                Ok(length) => {
                    let bytes = piece.get(..length).unwrap_or_default();
                    let turn = self.tell(now, Seen::Received(bytes));
                    // A short read means that there is nothing more.
                    if turn == Turn::Waits && length < piece.len() {
                        return turn;
                    }
                    turn
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Turn::Waits,
                Err(error) if error.kind() == ErrorKind::Interrupted => Turn::Waits,
                Err(error) => match ending(&error) {
                    // The system reports such an error once and keeps trying.
                    Ending::Unreachable if talk.omen.is_none() => {
                        talk.omen = Some(Ending::Unreachable);
                        Turn::Waits
                    }
                    how => self.ended(now, how),
                },
            };
            if turn != Turn::Waits {
                return turn;
            }
        }
    }

    fn ended(&mut self, now: Micros, how: Ending) -> Turn {
        self.tell(now, Seen::Ended(how));
        self.stage = Stage::Over;
        Turn::Done
    }

    /// Tells the machine, and does what it wants.
    fn tell(&mut self, now: Micros, seen: Seen<'_>) -> Turn {
        let Stage::Talking(mut talk) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return Turn::Done;
        };
        let since = now.since(self.began);
        let mut wants = Vec::with_capacity(8);
        talk.climb.on(since, seen, &mut wants);
        let mut next = 0_usize;
        let mut over = false;
        // What is sent is told too, which may lead to more wants.
        while let Some(want) = wants.get_mut(next) {
            next = next.saturating_add(1);
            let sent = match want {
                Output::Send(bytes) => std::mem::take(bytes),
                Output::Fact(place, fact) => {
                    if let Fact::TlsChosen { suite, .. } = fact {
                        talk.suite = Some(*suite);
                    }
                    let (place, fact) = (*place, fact.clone());
                    self.note(Some(HOST), now, place, fact);
                    continue;
                }
                Output::Wake(moment) => {
                    self.deadline = self.began.plus(*moment);
                    continue;
                }
                Output::Done => {
                    over = true;
                    break;
                }
                // Nothing here is said inside TLS.
                Output::StartTls | Output::StartSession | Output::SendPlain(_) => continue,
            };
            talk.outgoing.extend_from_slice(&sent);
            talk.flush();
            talk.climb.on(since, Seen::Sent(&sent), &mut wants);
        }
        if !over {
            self.stage = Stage::Talking(talk);
            return Turn::Waits;
        }
        let watch = talk.climb.watch();
        let whole = watch.last_message() == Message::ServerHelloDone
            && watch.state() == State::ExpectFinished;
        if whole {
            let fact = Fact::ServerFlightSeen {
                signed: talk.suite.is_some_and(is_signed),
            };
            self.note(Some(HOST), now, Place::host(Phase::Secure), fact);
        }
        Turn::Done
    }

    fn over(&mut self, now: Micros, place: Place, fact: Fact) -> Turn {
        self.note(Some(HOST), now, place, fact);
        self.stage = Stage::Over;
        Turn::Done
    }

    fn broke(&mut self, error: &dyn std::error::Error) -> Turn {
        if let Some(attempt) = self.evidence.tried.last_mut() {
            attempt.outcome = AttemptOutcome::Broke(error.to_string());
        }
        self.stage = Stage::Over;
        Turn::Done
    }

    fn note(&mut self, look: Option<LookId>, now: Micros, place: Place, fact: Fact) {
        self.evidence.seen.push(Observation {
            at: Some(now.since(self.began)),
            place: Some(place),
            source: Source::Probe,
            vantage: String::new(),
            look,
            fact,
        });
    }

    fn attempt(
        &mut self,
        look: LookId,
        probe: &str,
        says: String,
        trace: model::Trace,
        now: Micros,
    ) {
        self.evidence.tried.push(Attempt {
            look,
            probe: probe.to_owned(),
            intent: Intent::AsClient,
            says,
            outcome: AttemptOutcome::Ran,
            at: Some(now.since(self.began)),
            took: None,
            trace,
        });
    }

    fn end(&mut self, look: LookId, now: Micros) {
        let since = now.since(self.began);
        if let Some(attempt) = self
            .evidence
            .tried
            .iter_mut()
            .find(|attempt| attempt.look == look)
        {
            attempt.took = attempt.at.map(|at| since.since(at));
        }
    }
}

impl Talk {
    /// Writes what can be written.
    fn flush(&mut self) {
        while !self.outgoing.is_empty() {
            match self.stream.write(&self.outgoing) {
                Ok(written) => {
                    self.outgoing.drain(..written.min(self.outgoing.len()));
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => {
                    // What the host said before it went is still to be read.
                    self.omen = Some(ending(&error));
                    self.outgoing.clear();
                }
            }
        }
    }
}

/// Whether the connection is open; an error when it will not be.
fn outcome(stream: &TcpStream) -> io::Result<bool> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    match stream.peer_addr() {
        Ok(_) => Ok(true),
        // Readiness can be told too early.
        Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
        Err(error) => Err(error),
    }
}

/// The system has no more of something: files, memory, ports of its own.
fn is_exhausted(error: &io::Error) -> bool {
    // ENFILE, EMFILE, ENOBUFS of Linux and of BSD, WSAEMFILE, WSAENOBUFS.
    error.kind() == ErrorKind::AddrNotAvailable
        || error.kind() == ErrorKind::OutOfMemory
        || matches!(
            error.raw_os_error(),
            Some(23 | 24 | 105 | 55 | 10_024 | 10_055)
        )
}

/// The key exchange of this suite is signed with the private key of the certificate (ephemeral
/// Diffie-Hellman); with the others the key is only used behind the server's first flight.
const fn is_signed(suite: CipherSuite) -> bool {
    matches!(
        suite.0,
        0x0032 | 0x0033 | 0x0038 | 0x0039 | 0x009E | 0x009F | 0x0067 | 0x006B | 0xC006..=0xC014 | 0xC023
            ..=0xC024 | 0xC027..=0xC028 | 0xC02B..=0xC02C | 0xC02F..=0xC030
    )
}

fn scoped(to: SocketAddr, zone: Option<&str>) -> SocketAddr {
    match (to, zone.and_then(platform::scope)) {
        (SocketAddr::V6(mut v6), Some(scope)) => {
            v6.set_scope_id(scope);
            SocketAddr::V6(v6)
        }
        (to, _) => to,
    }
}
