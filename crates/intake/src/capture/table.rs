//! The connections of a capture, by their endpoints: small while they are of no interest, and forgotten
//! when there are too many. It is long because all that is kept of a connection and what ends it belong together.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use foldhash::quality::FixedState;
use hashbrown::HashMap;
use model::codes::IcmpError;
use model::target::RDP_PORT;
use model::{Fact, Message, Micros, Phase, Place, UnixSeconds};

use super::Connection;
use super::conversation::{About, Conversation, From, Opening, Protocol, opening};
use super::decrypt::Helped;
use super::keys::Keys;
use super::packet::{ACK, Datagram, Endpoint, FIN, Icmp, RST, SYN, Segment};
use super::side::{Sides, Told};

/// The most connections that are remembered at once.
const MOST_FLOWS: usize = 57_000;
/// So many connections can be watched at once, however little room there is.
const LEAST_WATCHED: usize = 64;
/// Idle connections that are not watched are forgotten after so many microseconds when room is needed.
const IDLE: u64 = 120_000_000;
/// The most connections that are told one by one.
const MOST_TOLD: usize = 5_000;
/// The most connections of plain TLS that are told one by one.
const MOST_TLS: usize = 500;
/// The same packet again within this many microseconds was recorded twice, not sent twice.
const TWICE: u64 = 5_000;
/// A reset that comes so long after a SYN is no answer of a closed port.
const NO_REFUSAL: u64 = 10_000_000;
/// A SYN without an answer counts as unanswered when the capture goes on for so long.
const UNANSWERED: u64 = 3_000_000;
/// A pause of the recording itself: what lies behind it shows of no connection before it that it waited.
const PAUSE: u64 = 600_000_000;
/// The most pauses that are remembered.
const MOST_PAUSES: usize = 1_000;
/// The port of an RD Gateway.
const GATEWAY_PORT: u16 = 443;
/// An answer that is due for so long will not come.
const OVERDUE: Micros = Micros::from_secs(10);

/// Both ends, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    low: Endpoint,
    high: Endpoint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Low,
    High,
}

#[derive(Debug)]
struct Flow {
    /// In the order in which connections began.
    number: u32,
    began: u64,
    last: u64,
    client: Option<End>,
    syn: Option<Syn>,
    /// When the SYN-ACK came, and how often.
    answered: Option<u64>,
    answers: u32,
    /// When the client first confirmed a SYN-ACK.
    confirmed: Option<u64>,
    refused: Option<u64>,
    unreachable: Option<Box<(u64, IcmpError)>>,
    /// The size of packets that a router said it takes.
    passes: Option<u16>,
    low: Half,
    high: Half,
    packets: u64,
    state: State,
}

#[derive(Clone, Copy, Debug)]
struct Syn {
    first: u64,
    sequence: u32,
    count: u32,
}

/// What is known of one end whether it is watched or not.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    /// The sequence number of its first byte of data.
    start: Option<u32>,
    ttl: Option<u8>,
    /// The last packets, to know them when they were recorded twice.
    recent: [Mark; 4],
    at: u8,
}

/// A packet in short, and when it was recorded.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    digest: u64,
    at: u64,
}

#[derive(Debug)]
enum State {
    /// No data yet.
    Fresh,
    /// Watched.
    Talks(Box<Conversation>),
    /// Of no interest.
    Ignored,
    /// Told.
    Over,
}

/// All connections.
#[derive(Debug)]
pub(super) struct Table {
    flows: HashMap<Key, Flow, FixedState>,
    /// Where RDP was seen.
    known: BTreeSet<Endpoint>,
    opened_at: Option<UnixSeconds>,
    last: u64,
    /// When the last packet before a pause was recorded.
    pauses: Vec<u64>,
    number: u32,
    room: usize,
    /// Connections that are watched, which take most of the room.
    talking: usize,
    pub keys: Keys,
    sides: Sides,
    /// What was seen over UDP, when the capture is over.
    pub beside: Vec<Told>,
    pub told: Vec<Connection>,
    pub counts: Counts,
}

/// What was seen besides the connections that are told one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets.
    pub packets: u64,
    /// TCP connections, with those of no interest.
    pub flows: u64,
    /// RDP connections.
    pub rdp: u64,
    /// TLS connections that began without an X.224 exchange.
    pub tls: u64,
    /// RDP and TLS connections beyond those that are told one by one.
    pub left_out: u64,
    /// Connections to a port of RDP of which only a later part was recorded.
    pub began_before: u64,
    /// RDP connections of which the capture lost bytes that mattered.
    pub lost: u64,
    /// Packets that were recorded twice.
    pub twice: u64,
    /// Parts of IP packets that were left out.
    pub fragments: u64,
    /// Frames of an unknown link type.
    pub unknown_link: u64,
    /// Connections that were forgotten for want of room.
    pub forgotten: u64,
    /// TLS connections that were read with keys.
    pub decrypted: u64,
    /// TLS connections whose keys are not among those given.
    pub keys_missing: u64,
    /// TLS connections that the keys given do not fit.
    pub keys_wrong: u64,
    /// TLS connections of a version or suite that is not decrypted here.
    pub not_decrypted: u64,
}

impl Default for Table {
    fn default() -> Self {
        Self::with_room(MOST_FLOWS)
    }
}

impl Table {
    /// A table that remembers so many connections at once.
    pub fn with_room(room: usize) -> Self {
        Self {
            flows: HashMap::with_hasher(FixedState::with_seed(0x5244_5031)),
            known: BTreeSet::new(),
            opened_at: None,
            last: 0,
            pauses: Vec::new(),
            number: 0,
            room,
            talking: 0,
            keys: Keys::default(),
            sides: Sides::default(),
            beside: Vec::new(),
            told: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Connections to this end are taken for RDP from the beginning: somebody says that it serves it.
    pub fn serves(&mut self, server: SocketAddr) {
        self.known.insert(Endpoint::of(server));
    }

    /// Connections that are remembered.
    pub fn len(&self) -> usize {
        self.flows.len()
    }

    /// The second in which the first packet was recorded.
    pub fn opened_at(&self) -> UnixSeconds {
        self.opened_at.unwrap_or_default()
    }

    /// A packet of any kind was recorded at this time.
    pub fn clock(&mut self, at: u64) {
        self.counts.packets = self.counts.packets.saturating_add(1);
        if at.saturating_sub(self.last) > PAUSE && self.last > 0 && self.pauses.len() < MOST_PAUSES
        {
            self.pauses.push(self.last);
        }
        self.last = self.last.max(at);
        self.opened_at
            .get_or_insert_with(|| UnixSeconds(i64::try_from(at / 1_000_000).unwrap_or(i64::MAX)));
    }

    fn micros(&self, at: u64) -> Micros {
        since(self.opened_at(), at)
    }

    /// How long a connection of which nothing more was recorded can be said to have waited: to the end of the capture,
    /// or a while into the first pause of it.
    fn watched_until(&self, last: u64) -> u64 {
        let before = self.pauses.partition_point(|&pause| pause < last);
        let end = self
            .pauses
            .get(before)
            .map(|pause| pause.saturating_add(PAUSE));
        end.unwrap_or(self.last).min(self.last).max(last)
    }

    /// Takes in a segment that was recorded at this time.
    pub fn segment(&mut self, at: u64, segment: &Segment<'_>) {
        let (key, end) = if segment.from <= segment.to {
            (
                Key {
                    low: segment.from,
                    high: segment.to,
                },
                End::Low,
            )
        } else {
            (
                Key {
                    low: segment.to,
                    high: segment.from,
                },
                End::High,
            )
        };
        let begins = segment.flags & (SYN | ACK) == SYN;
        if !self.flows.contains_key(&key) {
            if !begins && segment.flags & SYN == 0 && segment.payload.is_empty() {
                return;
            }
            self.make_room();
            self.open(key, at);
        }
        let now = self.micros(at);
        let opened_at = self.opened_at();
        let Some(flow) = self.flows.get_mut(&key) else {
            return;
        };
        if flow.is_recorded_twice(end, at, segment) {
            self.counts.twice = self.counts.twice.saturating_add(1);
            return;
        }
        if begins && flow.is_another(at, segment) {
            if let Some(old) = self.flows.remove(&key) {
                self.retire(key, old);
            }
            self.open(key, at);
            return self.segment(at, segment);
        }
        flow.last = flow.last.max(at);
        flow.packets = flow.packets.saturating_add(1);
        if segment.flags & SYN != 0 {
            return flow.synchronizes(end, at, segment);
        }
        if segment.flags & RST != 0 && flow.is_refused(end, at) {
            return;
        }
        if flow.client == Some(end) && flow.answered.is_some() {
            flow.confirmed.get_or_insert(at);
        }
        flow.half(end).ttl.get_or_insert(segment.ttl);
        match &flow.state {
            State::Ignored | State::Over => return,
            State::Fresh if segment.payload.is_empty() && segment.cut == 0 => {
                // A connection that ends without data tells something where RDP was expected.
                let server = flow.server(key);
                let is_rdp = server.port == RDP_PORT || self.known.contains(&server);
                let ends = segment.flags & (FIN | RST) != 0 && flow.answered.is_some();
                if !(ends && is_rdp) {
                    return;
                }
                flow.talks(
                    end,
                    Opening::Other,
                    server.socket(),
                    opened_at,
                    now,
                    &self.keys,
                );
                self.talking = self.talking.saturating_add(1);
            }
            State::Fresh => {
                let opening = opening(segment.payload);
                let server = flow.server_by(key, end, opening);
                let is_rdp = server.port == RDP_PORT || self.known.contains(&server);
                match opening {
                    Opening::Request | Opening::Confirm => {
                        self.known.insert(server);
                    }
                    Opening::ClientHello | Opening::Proxied | Opening::Maybe => {}
                    Opening::Other if is_rdp && flow.syn.is_some() => {}
                    Opening::Other => {
                        flow.state = State::Ignored;
                        return;
                    }
                }
                flow.talks(end, opening, server.socket(), opened_at, now, &self.keys);
                self.talking = self.talking.saturating_add(1);
            }
            State::Talks(_) => {}
        }
        let from = flow.from(end);
        let usual = flow.half(end).ttl;
        let State::Talks(conversation) = &mut flow.state else {
            return;
        };
        if segment.flags & ACK != 0 {
            conversation.confirmed(now, from, segment.acknowledged);
            if segment.twice {
                conversation.came_twice(from);
            }
        }
        if !segment.payload.is_empty() || segment.cut > 0 {
            conversation.data(now, from, segment);
        }
        if segment.flags & RST != 0 {
            let elsewhere = usual.filter(|&usual| usual != segment.ttl);
            if let (From::Server, Some(usual), false) = (from, elsewhere, conversation.is_over()) {
                let fact = Fact::ResetFromElsewhere {
                    ttl: segment.ttl,
                    usual,
                };
                let place = conversation.place();
                conversation.seen.push((now, place, fact));
            }
            conversation.resets(now, from);
        } else if segment.flags & FIN != 0 {
            let length = segment.payload.len().saturating_add(segment.cut);
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            conversation.closes(now, from, segment.sequence.wrapping_add(length));
        }
        if conversation.is_over() {
            let state = std::mem::replace(&mut flow.state, State::Over);
            let flow = flow.copy_with(state);
            self.retire(key, flow);
        }
    }

    /// Takes in a datagram.
    pub fn datagram(&mut self, at: u64, datagram: &Datagram<'_>) {
        self.sides.datagram(at, datagram);
    }

    /// Takes in an ICMP error about a segment or a datagram.
    pub fn icmp(&mut self, at: u64, icmp: &Icmp) {
        if icmp.is_udp {
            return self.sides.icmp(at, icmp);
        }
        let key = if icmp.from <= icmp.to {
            Key {
                low: icmp.from,
                high: icmp.to,
            }
        } else {
            Key {
                low: icmp.to,
                high: icmp.from,
            }
        };
        let Some(flow) = self.flows.get_mut(&key) else {
            return;
        };
        if icmp.passes.is_some() {
            flow.passes = icmp.passes.and_then(|bytes| u16::try_from(bytes).ok());
        } else if flow.answered.is_none() && flow.syn.is_some() {
            flow.unreachable
                .get_or_insert_with(|| Box::new((at, icmp.error)));
        }
    }

    /// The capture is over.
    pub fn finish(&mut self) {
        let mut rest: Vec<(Key, Flow)> = std::mem::take(&mut self.flows).into_iter().collect();
        rest.sort_by_key(|(_, flow)| flow.number);
        for (key, flow) in rest {
            self.retire(key, flow);
        }
        self.told.sort_by_key(|connection| connection.number);
        self.beside = self.sides.tell(self.last);
    }

    fn open(&mut self, key: Key, at: u64) {
        self.counts.flows = self.counts.flows.saturating_add(1);
        self.number = self.number.saturating_add(1);
        self.flows.insert(key, Flow::new(self.number, at));
    }

    /// Forgets connections when there are too many: first those that are told or of no interest, then
    /// those that are idle longest, which are told as far as they came.
    fn make_room(&mut self) {
        let watched = (self.room / 4).max(LEAST_WATCHED);
        if self.flows.len() < self.room && self.talking < watched {
            return;
        }
        let wanted = self.room / 4 * 3;
        self.flows
            .retain(|_, flow| !matches!(flow.state, State::Ignored | State::Over));
        let mut idle = IDLE;
        while self.flows.len() > wanted || self.talking > watched / 4 * 3 {
            let before = self.last.saturating_sub(idle);
            let known = &self.known;
            self.flows.retain(|key, flow| {
                let server = flow.server(*key);
                let tells = matches!(flow.state, State::Talks(_))
                    || server.port == RDP_PORT
                    || known.contains(&server);
                tells || (flow.last >= before && idle > 0)
            });
            let mut gone: Vec<(u32, Key)> = self
                .flows
                .iter()
                .filter(|(_, flow)| flow.last < before || idle == 0)
                .map(|(key, flow)| (flow.number, *key))
                .collect();
            gone.sort_unstable_by_key(|(number, _)| *number);
            for (_, key) in gone {
                if let Some(flow) = self.flows.remove(&key) {
                    self.counts.forgotten = self.counts.forgotten.saturating_add(1);
                    self.retire(key, flow);
                }
            }
            idle /= 4;
        }
    }

    /// Tells a connection that is over or forgotten.
    fn retire(&mut self, key: Key, mut flow: Flow) {
        let server = flow.server(key);
        let client = if server == key.low { key.high } else { key.low };
        let is_rdp = server.port == RDP_PORT || self.known.contains(&server);
        let end = self.micros(self.watched_until(flow.last));
        let mut seen = self.opening(&flow, server);
        let mut protocol = Protocol::Rdp;
        let mut via = None;
        let mut helped = None;
        let mut about = About::default();
        let mut last = Message::TcpHandshake;
        let mut segments = 0;
        match std::mem::replace(&mut flow.state, State::Over) {
            State::Over => return,
            State::Talks(mut conversation) => {
                self.talking = self.talking.saturating_sub(1);
                conversation.expires(end, OVERDUE);
                helped = conversation.helped();
                last = conversation.last();
                segments = conversation.segments;
                // First bytes that might have become a request, or TLS, and did not.
                let nothing = conversation.seen.is_empty();
                let never_began = conversation.protocol == Protocol::Rdp
                    && !conversation.refused
                    && conversation.via.is_none()
                    && last < Message::ConnectionRequest;
                let another = conversation.protocol == Protocol::Tls
                    && conversation.answers_otherwise()
                    && server.port != GATEWAY_PORT;
                if (nothing || never_began || another) && !is_rdp {
                    return;
                }
                let mut again = conversation.again;
                if let ([by_client, by_server], Some(syn)) = (&mut again, flow.syn) {
                    *by_client = by_client.saturating_add(syn.count.saturating_sub(1));
                    *by_server = by_server.saturating_add(flow.answers.saturating_sub(1));
                }
                if again != [0, 0] {
                    let [by_client, by_server] = again;
                    let of = conversation.segments;
                    let fact = Fact::Retransmitted {
                        by_client,
                        by_server: Some(by_server),
                        of,
                    };
                    conversation
                        .seen
                        .push((self.micros(flow.last), Place::host(Phase::Tcp), fact));
                }
                if conversation.lost {
                    self.counts.lost = self.counts.lost.saturating_add(1);
                }
                if let Some(fact) = conversation.large_lost(flow.passes.map(u32::from)) {
                    conversation
                        .seen
                        .push((self.micros(flow.last), Place::host(Phase::Tcp), fact));
                }
                about = std::mem::take(&mut conversation.about);
                protocol = conversation.protocol;
                via = conversation.via.take();
                seen.append(&mut conversation.seen);
            }
            State::Fresh | State::Ignored if !is_rdp => return,
            State::Fresh | State::Ignored if flow.syn.is_none() => {
                if flow.packets > 2 {
                    self.counts.began_before = self.counts.began_before.saturating_add(1);
                }
                return;
            }
            State::Fresh | State::Ignored => {}
        }
        if seen.is_empty() {
            return;
        }
        let counted = match helped.filter(|&how| protocol == Protocol::Rdp || how == Helped::Reads)
        {
            Some(Helped::Reads) => Some(&mut self.counts.decrypted),
            Some(Helped::Missing) => Some(&mut self.counts.keys_missing),
            Some(Helped::Wrong) => Some(&mut self.counts.keys_wrong),
            Some(Helped::Unknown) => Some(&mut self.counts.not_decrypted),
            Some(Helped::Waiting) | None => None,
        };
        if let Some(count) = counted {
            *count = count.saturating_add(1);
        }
        let (count, most) = match protocol {
            Protocol::Rdp => (&mut self.counts.rdp, MOST_TOLD),
            Protocol::Tls => (&mut self.counts.tls, MOST_TLS),
        };
        *count = count.saturating_add(1);
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        if *count > most {
            self.counts.left_out = self.counts.left_out.saturating_add(1);
            return;
        }
        self.told.push(Connection {
            number: flow.number,
            client: client.socket(),
            server: server.socket(),
            protocol,
            via,
            began: self.micros(flow.began),
            ended: self.micros(flow.last),
            packets: flow.packets,
            segments,
            about,
            last,
            round_trip: flow.round_trip(),
            seen,
        });
    }

    /// How the TCP connection opened, or why it did not.
    fn opening(&self, flow: &Flow, server: Endpoint) -> Vec<(Micros, Place, Fact)> {
        let Some(syn) = flow.syn else {
            return Vec::new();
        };
        let to = server.socket();
        let took = |at: u64| Micros(at.saturating_sub(syn.first));
        let (at, fact) = if let Some(at) = flow.answered {
            // Near the server, a SYN-ACK that was lost on the way shows in its repetition alone.
            let at = flow.confirmed.filter(|_| flow.answers > 1).unwrap_or(at);
            (at, Fact::TcpOpened { to, took: took(at) })
        } else if let Some(at) = flow.refused {
            if at.saturating_sub(syn.first) >= NO_REFUSAL {
                (
                    at,
                    Fact::TcpSilent {
                        to,
                        waited: took(at),
                    },
                )
            } else {
                (at, Fact::TcpRefused { to, took: took(at) })
            }
        } else if let Some(&(at, icmp)) = flow.unreachable.as_deref() {
            let icmp = Some(icmp);
            (
                at,
                Fact::TcpUnreachable {
                    to,
                    icmp,
                    os_error: 0,
                    took: took(at),
                },
            )
        } else if matches!(flow.state, State::Fresh) {
            let end = self.watched_until(flow.last);
            if end.saturating_sub(syn.first) < UNANSWERED {
                return Vec::new();
            }
            (
                end,
                Fact::TcpSilent {
                    to,
                    waited: took(end),
                },
            )
        } else {
            return Vec::new();
        };
        vec![(self.micros(at), Place::host(Phase::Tcp), fact)]
    }
}

fn since(opened_at: UnixSeconds, at: u64) -> Micros {
    let opened = u64::try_from(opened_at.0)
        .unwrap_or_default()
        .saturating_mul(1_000_000);
    Micros(at.saturating_sub(opened))
}

impl Flow {
    fn new(number: u32, at: u64) -> Self {
        Self {
            number,
            began: at,
            last: at,
            client: None,
            syn: None,
            answered: None,
            answers: 0,
            confirmed: None,
            refused: None,
            unreachable: None,
            passes: None,
            low: Half::default(),
            high: Half::default(),
            packets: 0,
            state: State::Fresh,
        }
    }

    /// The same connection with another state, to be told while this one stays behind to catch what
    /// still comes.
    fn copy_with(&self, state: State) -> Self {
        Self {
            number: self.number,
            began: self.began,
            last: self.last,
            client: self.client,
            syn: self.syn,
            answered: self.answered,
            answers: self.answers,
            confirmed: self.confirmed,
            refused: self.refused,
            unreachable: self.unreachable.clone(),
            passes: self.passes,
            low: self.low,
            high: self.high,
            packets: self.packets,
            state,
        }
    }

    const fn half(&mut self, end: End) -> &mut Half {
        match end {
            End::Low => &mut self.low,
            End::High => &mut self.high,
        }
    }

    /// From the SYN to the client's confirmation of the answer, wherever between both it was recorded; only
    /// where neither was repeated.
    fn round_trip(&self) -> Option<Micros> {
        let syn = self.syn.filter(|syn| syn.count == 1 && self.answers == 1)?;
        let confirmed = self.confirmed?;
        Some(Micros(confirmed.saturating_sub(syn.first)))
    }

    /// The end that is the server; while nothing tells, the one with the port of RDP, else the one with
    /// the lower port.
    fn server(&self, key: Key) -> Endpoint {
        match self.client {
            Some(End::Low) => key.high,
            Some(End::High) => key.low,
            None if key.low.port == RDP_PORT => key.low,
            None if key.high.port == RDP_PORT => key.high,
            None if key.low.port < key.high.port => key.low,
            None => key.high,
        }
    }

    /// The server, where the first message tells who sent it.
    fn server_by(&mut self, key: Key, end: End, opening: Opening) -> Endpoint {
        let other = match end {
            End::Low => End::High,
            End::High => End::Low,
        };
        match opening {
            Opening::Request | Opening::ClientHello | Opening::Proxied => {
                self.client.get_or_insert(end);
            }
            Opening::Confirm => {
                self.client.get_or_insert(other);
            }
            Opening::Maybe | Opening::Other => {}
        }
        let server = self.server(key);
        self.client.get_or_insert(if server == key.low {
            End::High
        } else {
            End::Low
        });
        server
    }

    fn from(&self, end: End) -> From {
        if self.client == Some(end) {
            From::Client
        } else {
            From::Server
        }
    }

    /// A SYN that does not belong to this connection: the ports are used again.
    fn is_another(&self, at: u64, segment: &Segment<'_>) -> bool {
        match (self.syn, &self.state) {
            (None, _) => self.packets > 0,
            // Windows tries a refused port twice more from the same one.
            (Some(syn), State::Fresh) if at.saturating_sub(syn.first) < NO_REFUSAL => false,
            (Some(syn), State::Over) => {
                syn.sequence != segment.sequence || at.saturating_sub(self.last) > TWICE
            }
            (Some(syn), _) => syn.sequence != segment.sequence,
        }
    }

    fn synchronizes(&mut self, end: End, at: u64, segment: &Segment<'_>) {
        let start = segment.sequence.wrapping_add(1);
        self.half(end).start = Some(start);
        self.half(end).ttl = Some(segment.ttl);
        if segment.flags & ACK != 0 {
            self.answered.get_or_insert(at);
            self.answers = self.answers.saturating_add(1);
            self.client.get_or_insert(match end {
                End::Low => End::High,
                End::High => End::Low,
            });
        } else {
            self.client = Some(end);
            let count = self.syn.map_or(0, |syn| syn.count).saturating_add(1);
            let first = self.syn.map_or(at, |syn| syn.first);
            self.syn = Some(Syn {
                first,
                sequence: segment.sequence,
                count,
            });
        }
    }

    /// A reset in answer to a SYN.
    fn is_refused(&mut self, end: End, at: u64) -> bool {
        let waits = self.syn.is_some()
            && self.answered.is_none()
            && self.from(end) == From::Server
            && matches!(self.state, State::Fresh);
        if waits {
            self.refused.get_or_insert(at);
        }
        waits
    }

    /// Begins to watch.
    fn talks(
        &mut self,
        end: End,
        opening: Opening,
        server: SocketAddr,
        opened_at: UnixSeconds,
        now: Micros,
        keys: &Keys,
    ) {
        let client = *self.client.get_or_insert(end);
        let opened = self.answered.map_or(now, |at| since(opened_at, at));
        let mut conversation =
            Box::new(Conversation::new(opening, opened_at, opened, keys, server));
        let (client, server) = match client {
            End::Low => (self.low.start, self.high.start),
            End::High => (self.high.start, self.low.start),
        };
        conversation.begins(client, server);
        self.state = State::Talks(conversation);
    }

    fn is_recorded_twice(&mut self, end: End, at: u64, segment: &Segment<'_>) -> bool {
        // A bare confirmation may well be repeated, and nothing is counted by it.
        if segment.payload.is_empty() && segment.flags & (SYN | FIN | RST) == 0 {
            return false;
        }
        let half = self.half(end);
        let digest = digest(segment);
        let twice = half
            .recent
            .iter()
            .any(|seen| seen.digest == digest && seen.at != 0 && at.abs_diff(seen.at) <= TWICE);
        if !twice {
            if let Some(place) = half.recent.get_mut(usize::from(half.at & 3)) {
                *place = Mark { digest, at };
            }
            half.at = half.at.wrapping_add(1);
        }
        twice
    }
}

/// What tells a packet from its neighbours of the same connection and direction.
fn digest(segment: &Segment<'_>) -> u64 {
    let numbers = (u64::from(segment.sequence) << 32) | u64::from(segment.acknowledged);
    let length = u64::try_from(segment.payload.len()).unwrap_or(u64::MAX);
    let rest =
        (u64::from(segment.identification) << 32) ^ (u64::from(segment.flags) << 24) ^ length;
    (numbers ^ rest.rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ rest
}
