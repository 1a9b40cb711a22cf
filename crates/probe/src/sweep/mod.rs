//! Looks at many hosts from one thread: a glance at each, which is one connection as far as the server's
//! certificate, without cryptography.
//!
//! The sweep asks a [`Desk`] for hosts and hands back the evidence of each. It holds a socket, a machine and a
//! few hundred bytes for each host that is being looked at, and nothing for those that were or will be.

mod glance;
mod names;
mod pace;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mio::{Events, Poll, Token, Waker};
use model::{Evidence, Micros, Target, UnixSeconds};

use crate::platform;
use glance::{Glance, Turn};
use names::Names;
use pace::{Clearance, Gate};

pub use pace::Pace;

/// The token of the waker; connections have the numbers of their places.
const WAKE: Token = Token(usize::MAX);
/// Events taken from the system at once.
const EVENTS: usize = 1_024;
/// The largest piece read from a connection at once, for all connections together.
const PIECE: usize = 16 * 1_024;
/// Hosts that wait because their subnet is busy.
const MOST_PARKED: usize = 4_096;
/// Without news, look at the clock this often.
const TICK: Duration = Duration::from_millis(100);
/// A host for which this machine had no socket is tried again so often.
const TRIES: u8 = 8;
/// And after so long.
const AGAIN: Micros = Micros::from_millis(50);

/// A host to look at, with a number by which the desk knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The number.
    pub ticket: u64,
    /// The host.
    pub target: Target,
}

/// What the desk has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supply {
    /// This host.
    Host(Box<Asked>),
    /// Nothing for the moment; the sweep asks again.
    Later,
    /// Nothing any more.
    Over,
}

/// What was seen of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swept {
    /// The number by which the desk knows it.
    pub ticket: u64,
    /// Everything seen and tried.
    pub evidence: Evidence,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Go on.
    On,
    /// Stop at once; hosts that are being looked at are given up.
    Stop,
}

/// How the sweep goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Hosts that are being looked at.
    pub in_flight: usize,
    /// The most that may be at a time, as it adapts.
    pub window: usize,
    /// Hosts that wait for their subnet or for their turn.
    pub waiting: usize,
    /// Bytes of unfinished messages that are being held.
    pub held: usize,
}

/// Where hosts come from and where what was seen goes.
pub trait Desk {
    /// The next host.
    fn next(&mut self) -> Supply;
    /// Takes what was seen of a host.
    fn take(&mut self, swept: Swept);
    /// Says whether an address that a name led to may be looked at; why not otherwise.
    fn may(&mut self, address: IpAddr) -> Result<(), &'static str>;
    /// Called many times a second.
    fn tick(&mut self, load: Load) -> Go;
}

/// Wakes a sweep that waits.
#[derive(Clone, Debug)]
pub struct Bell(Arc<Waker>);

impl Bell {
    /// Wakes it.
    pub fn ring(&self) {
        // A sweep that is over hears nothing.
        let _ = self.0.wake();
    }
}

/// A host that was asked for and is not being looked at yet.
struct Waiting {
    asked: Box<Asked>,
    tries: u8,
}

/// Many hosts being looked at.
pub struct Sweep {
    poll: Poll,
    bell: Bell,
    pace: Pace,
    gate: Gate,
    clock: Instant,
    wall: UnixSeconds,
    places: Vec<Place>,
    free: Vec<usize>,
    /// Deadlines, soonest first; those of hosts that are done are skipped when they come up.
    deadlines: BinaryHeap<Reverse<(Micros, usize, u32)>>,
    /// Hosts that begin at a moment of their own.
    later: BinaryHeap<Reverse<(Micros, u64)>>,
    delayed: std::collections::BTreeMap<u64, Waiting>,
    parked: VecDeque<Waiting>,
    names: Names,
    in_flight: usize,
    number: u64,
}

/// A place for a host that is being looked at.
#[derive(Default)]
struct Place {
    /// How many hosts had it before.
    turn: u32,
    glance: Option<Box<Glance>>,
    tries: u8,
}

impl Sweep {
    /// A sweep at this pace. More sockets are asked of the system when it grants them.
    pub fn new(pace: Pace) -> io::Result<Self> {
        let poll = Poll::new()?;
        let bell = Bell(Arc::new(Waker::new(poll.registry(), WAKE)?));
        let sockets = platform::raise_sockets();
        // Some are for files, names and second looks.
        let most = sockets.saturating_sub(128).max(16).min(pace.at_once.max(1));
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let wall = now.map_or(0, |since| since.as_secs());
        Ok(Self {
            names: Names::new(bell.clone()),
            gate: Gate::new(&pace, most),
            poll,
            bell,
            pace,
            clock: Instant::now(),
            wall: UnixSeconds(i64::try_from(wall).unwrap_or(i64::MAX)),
            places: Vec::new(),
            free: Vec::new(),
            deadlines: BinaryHeap::new(),
            later: BinaryHeap::new(),
            delayed: std::collections::BTreeMap::new(),
            parked: VecDeque::new(),
            in_flight: 0,
            number: 0,
        })
    }

    /// Wakes this sweep from another thread.
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    /// Looks at what the desk asks for until it has nothing more, or says to stop.
    pub fn run(mut self, desk: &mut impl Desk) -> io::Result<()> {
        let mut events = Events::with_capacity(EVENTS);
        let mut piece = vec![0; PIECE];
        let mut over = false;
        loop {
            let now = self.now();
            let mut wake = None;
            over |= self.admit(now, desk, over, &mut wake);
            self.gate.closed(self.in_flight);
            let waiting = self.waiting();
            let load = Load {
                in_flight: self.in_flight,
                window: self.gate.window(),
                waiting,
                held: 0,
            };
            if desk.tick(load) == Go::Stop {
                return Ok(());
            }
            if over && self.in_flight == 0 && waiting == 0 && self.names.is_idle() {
                return Ok(());
            }
            let soonest = self.deadlines.peek().map(|Reverse((at, ..))| *at);
            let nap = [soonest, wake]
                .into_iter()
                .flatten()
                .min()
                .map_or(TICK, |at| Duration::from_micros(at.since(now).0).min(TICK));
            match self.poll.poll(&mut events, Some(nap)) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let now = self.now();
            for event in &events {
                if event.token() != WAKE {
                    let readable =
                        event.is_readable() || event.is_read_closed() || event.is_error();
                    self.step(event.token().0, now, readable, &mut piece, desk);
                }
            }
            self.expire(now, &mut piece, desk);
            while let Some((waiting, answer)) = self.names.answered(now) {
                self.named(waiting, answer, now, desk);
            }
        }
    }

    fn now(&self) -> Micros {
        Micros(u64::try_from(self.clock.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    fn waiting(&self) -> usize {
        self.parked.len().saturating_add(self.delayed.len())
    }

    /// Begins as many hosts as may be; says whether the desk has nothing more.
    fn admit(
        &mut self,
        now: Micros,
        desk: &mut impl Desk,
        over: bool,
        wake: &mut Option<Micros>,
    ) -> bool {
        // Those whose subnet was busy come first, each once a round.
        for _ in 0..self.parked.len() {
            if !self.has_room(now, wake) {
                return over;
            }
            if let Some(waiting) = self.parked.pop_front() {
                self.begin_or_park(waiting, now, desk);
            }
        }
        while let Some(Reverse((at, number))) = self.later.peek().copied() {
            if at > now {
                soonest(wake, at);
                break;
            }
            if !self.has_room(now, wake) {
                return over;
            }
            self.later.pop();
            if let Some(waiting) = self.delayed.remove(&number) {
                self.begin_or_park(waiting, now, desk);
            }
        }
        while !over && self.waiting() < MOST_PARKED && self.has_room(now, wake) {
            if !self.names.has_room() {
                return false;
            }
            match desk.next() {
                Supply::Host(asked) => {
                    let waiting = Waiting { asked, tries: 0 };
                    match self.gate.jitter() {
                        Some(jitter) => self.delay(waiting, now.plus(jitter)),
                        None => self.begin_or_park(waiting, now, desk),
                    }
                }
                Supply::Later => {
                    soonest(wake, now.plus(Micros::from_millis(10)));
                    return false;
                }
                Supply::Over => return true,
            }
        }
        over
    }

    fn has_room(&self, now: Micros, wake: &mut Option<Micros>) -> bool {
        match self.gate.clearance(now, self.in_flight) {
            Clearance::Go => true,
            Clearance::At(moment) => {
                soonest(wake, moment);
                false
            }
            Clearance::Full => false,
        }
    }

    fn delay(&mut self, waiting: Waiting, until: Micros) {
        self.number = self.number.wrapping_add(1);
        self.later.push(Reverse((until, self.number)));
        self.delayed.insert(self.number, waiting);
    }

    /// Begins to look at a host, unless its subnet is busy.
    fn begin_or_park(&mut self, waiting: Waiting, now: Micros, desk: &mut impl Desk) {
        let Some(address) = waiting.asked.target.address else {
            let until = now.plus(self.pace.resolve_patience());
            self.names.ask(waiting, now, until);
            return;
        };
        if !self.gate.enter(address) {
            self.parked.push_back(waiting);
            return;
        }
        self.gate.spend(now);
        let Waiting { asked, tries } = waiting;
        let glance = Glance::of(*asked, now, self.wall_at(now));
        self.begin(glance, address, tries, now, desk);
    }

    /// A name was looked up, or was not.
    fn named(
        &mut self,
        waiting: Waiting,
        answer: names::Answer,
        now: Micros,
        desk: &mut impl Desk,
    ) {
        let Waiting { asked, tries } = waiting;
        let mut glance = Glance::of(*asked, answer.asked_at, self.wall_at(answer.asked_at));
        let addresses = glance.resolved(answer.fact, now);
        let Some(&address) = addresses.first() else {
            return desk.take(glance.into_swept(now));
        };
        if let Err(why) = desk.may(address) {
            glance.forgo(why);
            return desk.take(glance.into_swept(now));
        }
        // Its subnet may be busy; a name that was looked up waits for nothing more.
        self.gate.enter_anyway(address);
        self.gate.spend(now);
        self.begin(glance, address, tries, now, desk);
    }

    fn begin(
        &mut self,
        mut glance: Glance,
        address: IpAddr,
        tries: u8,
        now: Micros,
        desk: &mut impl Desk,
    ) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place::default());
            self.places.len().saturating_sub(1)
        });
        let to = SocketAddr::new(address, glance.port());
        let turn = glance.connect(to, now, &self.pace, self.poll.registry(), Token(index));
        self.in_flight = self.in_flight.saturating_add(1);
        if let Some(place) = self.places.get_mut(index) {
            place.glance = Some(Box::new(glance));
            place.tries = tries;
        }
        self.follow(index, turn, now, desk);
        if let Some(place) = self.places.get(index)
            && let Some(glance) = &place.glance
        {
            self.deadlines
                .push(Reverse((glance.deadline(), index, place.turn)));
        }
    }

    /// Something happened on a connection.
    fn step(
        &mut self,
        index: usize,
        now: Micros,
        readable: bool,
        piece: &mut [u8],
        desk: &mut impl Desk,
    ) {
        let Some(glance) = self
            .places
            .get_mut(index)
            .and_then(|place| place.glance.as_mut())
        else {
            return;
        };
        let turn = glance.ready(now, readable, piece);
        self.follow(index, turn, now, desk);
    }

    /// Ends the waits that are over.
    fn expire(&mut self, now: Micros, piece: &mut [u8], desk: &mut impl Desk) {
        while let Some(Reverse((at, index, turn))) = self.deadlines.peek().copied() {
            if at > now {
                break;
            }
            self.deadlines.pop();
            let Some(glance) = self
                .places
                .get_mut(index)
                .filter(|place| place.turn == turn)
                .and_then(|place| place.glance.as_mut())
            else {
                continue;
            };
            let due = glance.deadline();
            if due > now {
                self.deadlines.push(Reverse((due, index, turn)));
                continue;
            }
            let turn_of_events = glance.overdue(now, piece);
            self.follow(index, turn_of_events, now, desk);
            if let Some(place) = self.places.get(index).filter(|place| place.turn == turn)
                && let Some(glance) = &place.glance
            {
                // Never now: a glance that stays overdue would hold up all others.
                let next = glance.deadline().max(now.plus(Micros::from_millis(1)));
                self.deadlines.push(Reverse((next, index, turn)));
            }
        }
    }

    /// Does what a step of a glance led to.
    fn follow(&mut self, index: usize, turn: Turn, now: Micros, desk: &mut impl Desk) {
        if turn == Turn::Waits {
            return;
        }
        let Some(place) = self.places.get_mut(index) else {
            return;
        };
        let Some(glance) = place.glance.take() else {
            return;
        };
        place.turn = place.turn.wrapping_add(1);
        let tries = place.tries;
        self.free.push(index);
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(to) = glance.to() {
            self.gate.leave(to.ip());
        }
        match turn {
            Turn::Waits => {}
            Turn::Exhausted if tries < TRIES => {
                // This machine has no more sockets: less at once, and this host again.
                self.gate.shrink(now, self.in_flight);
                let waiting = Waiting {
                    asked: Box::new(glance.into_asked()),
                    tries: tries.saturating_add(1),
                };
                self.delay(
                    waiting,
                    now.plus(AGAIN.times(u64::from(tries).saturating_add(1))),
                );
            }
            Turn::Exhausted | Turn::Done => {
                self.gate.learn(now, self.in_flight, glance.opened_after());
                desk.take(glance.into_swept(now));
            }
        }
    }

    fn wall_at(&self, now: Micros) -> UnixSeconds {
        let since = i64::try_from(now.as_millis() / 1000).unwrap_or(i64::MAX);
        UnixSeconds(self.wall.0.saturating_add(since))
    }
}

fn soonest(wake: &mut Option<Micros>, at: Micros) {
    *wake = Some(wake.map_or(at, |wake| wake.min(at)));
}
