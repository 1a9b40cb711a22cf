//! One connection that is worth watching: its bytes put back in order and handed to the passive machine.

use std::net::SocketAddr;

use model::codes::TlsAlert;
use model::target::RDP_PORT;
use model::{Ending, Fact, HostName, Message, Micros, Phase, Place, UnixSeconds};
use wire::machine::{Seen, TlsFailure, TlsUp};
use wire::watch::{State, Watch};
use wire::x224;

use super::decrypt::{Decryptor, Helped, Inside};
use super::keys::Keys;
use super::packet::Segment;
use super::preface::{self, Asked, Preface, Step};

/// Segments and bytes that are held while one before them is missing.
const HELD_SEGMENTS: usize = 64;
const HELD_BYTES: usize = 128 * 1024;
/// So many packets after the receiver confirmed bytes that were never seen, they are taken for lost by
/// the capture and not for late.
const PATIENCE: u32 = 16;
/// A client that waited so long for an answer gives up because none came.
const GIVEN_UP: Micros = Micros::from_secs(3);
/// Bytes that were sent again so many times, each after double the time, are not late.
const SENT_IN_VAIN: u32 = 3;
/// The status of an HTTP proxy that wants to know who asks (RFC 9110 section 15.5.8).
const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// Segments with fewer bytes pass any path that carries IP at all.
const SMALLEST_LARGE: u32 = 600;

/// What a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// RDP, by its X.224 exchange or because it goes to a port where RDP was seen.
    Rdp,
    /// TLS that began without an X.224 exchange.
    Tls,
}

/// What shows what TLS that began without an X.224 exchange is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The name that the ClientHello asks for.
    pub name: Option<String>,
    /// The first line of the client inside TLS, when it was read.
    pub asked: Option<String>,
    /// The first lines of the server's answers inside TLS, when they were read.
    pub answers: Vec<String>,
}

impl About {
    /// The most answers that are kept, and the longest line.
    const MOST: usize = 8;
    const LONGEST: usize = 120;

    /// Takes in what one side said inside TLS.
    fn says(&mut self, from: From, bytes: &[u8]) {
        let line = bytes.split(|&byte| byte == b'\r' || byte == b'\n').next();
        let Some(line) = line.and_then(|line| std::str::from_utf8(line).ok()) else {
            return;
        };
        let line: String = line.chars().take(Self::LONGEST).collect();
        match from {
            From::Client if self.asked.is_none() && line.contains(" HTTP/1.") => {
                self.asked = Some(line);
            }
            From::Server if line.starts_with("HTTP/1.") && self.answers.len() < Self::MOST => {
                self.answers.push(line);
            }
            _ => {}
        }
    }
}

/// Which side a segment comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Client,
    Server,
}

/// A conversation that is being watched.
#[derive(Debug)]
pub(super) struct Conversation {
    pub protocol: Protocol,
    pub seen: Vec<(Micros, Place, Fact)>,
    /// What was asked of the HTTP proxy in front, or that one announced itself.
    pub via: Option<String>,
    /// The capture lost bytes that mattered.
    pub lost: bool,
    /// Segments with data, and how many of them had been sent before, by client and server.
    pub segments: u32,
    pub again: [u32; 2],
    /// When the last new bytes came.
    pub progress: Micros,
    /// When those before them came.
    before: Micros,
    watch: Watch,
    keys: Keys,
    /// Reads TLS, when there are keys.
    tls: Option<Box<Decryptor>>,
    preface: Option<Box<Preface>>,
    /// The proxy refused, or what goes through it is no Remote Desktop: nothing further belongs to a connection.
    pub refused: bool,
    /// The end the connection was opened to.
    server_at: SocketAddr,
    /// The name that the ClientHello asks for, and what the first lines inside TLS say.
    pub about: About,
    client: Stream,
    server: Stream,
    told: Vec<(Place, Fact)>,
}

/// One direction.
#[derive(Debug, Default)]
struct Stream {
    /// The sequence number of the next byte.
    next: Option<u32>,
    /// Segments behind a gap.
    held: Vec<Held>,
    /// Packets since the other side confirmed bytes that were not seen.
    confirmed: u32,
    /// How far the other side has confirmed.
    acknowledged: Option<u32>,
    /// Where the stream ends.
    end: Option<u32>,
    /// The segment that was sent again most often without being confirmed: its number, its bytes, how often.
    resent: Option<(u32, u32, u32)>,
    /// Where the last segments end, and their bytes.
    recent: [(u32, u32); 4],
    /// Bytes of the largest segment that was confirmed.
    passed: u32,
}

#[derive(Debug)]
struct Held {
    sequence: u32,
    bytes: Vec<u8>,
    cut: usize,
}

/// What the first bytes of a connection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Request,
    Confirm,
    ClientHello,
    Proxied,
    /// The beginning of a request or hello, too short to tell.
    Maybe,
    Other,
}

/// Tells what begins with these bytes.
pub(super) fn opening(bytes: &[u8]) -> Opening {
    match bytes {
        [0x03, 0x00, _, _, _, code, ..] => match code & 0xF0 {
            _ if x224::is_other_user(bytes) => Opening::Other,
            0xE0 => Opening::Request,
            0xD0 => Opening::Confirm,
            _ => Opening::Other,
        },
        [0x16, 0x03, 0x00..=0x04, _, _, 0x01, ..] => Opening::ClientHello,
        [0x03] | [0x03, 0x00] | [0x03, 0x00, _] | [0x03, 0x00, _, _] | [0x03, 0x00, _, _, _] => {
            Opening::Maybe
        }
        _ if preface::begins(bytes) => Opening::Proxied,
        _ => Opening::Other,
    }
}

impl Conversation {
    pub fn new(
        opening: Opening,
        opened_at: UnixSeconds,
        now: Micros,
        keys: &Keys,
        server_at: SocketAddr,
    ) -> Self {
        let mut conversation = Self {
            protocol: match opening {
                Opening::ClientHello => Protocol::Tls,
                _ => Protocol::Rdp,
            },
            seen: Vec::new(),
            via: None,
            lost: false,
            segments: 0,
            again: [0; 2],
            progress: now,
            before: now,
            watch: Watch::new(opened_at),
            tls: (keys.sessions() > 0).then(Box::default),
            keys: keys.clone(),
            preface: (opening == Opening::Proxied).then(Box::default),
            refused: false,
            server_at,
            about: About::default(),
            client: Stream::default(),
            server: Stream::default(),
            told: Vec::new(),
        };
        conversation.tell(now, Seen::Opened);
        conversation
    }

    /// Where the bytes of both sides begin, where the handshake told it.
    pub fn begins(&mut self, client: Option<u32>, server: Option<u32>) {
        self.client.next = client;
        self.server.next = server;
    }

    /// TLS was begun, and what answered is something else: on most ports no matter of Remote Desktop, and at that of a
    /// gateway another service.
    pub fn answers_otherwise(&mut self) -> bool {
        let mut otherwise = false;
        for (_, place, fact) in &mut self.seen {
            if let Fact::NotTls { first_bytes } = fact {
                otherwise = true;
                let first_bytes = first_bytes.clone();
                place.phase = Phase::Negotiate;
                *fact = match wire::service::recognise(&first_bytes.0) {
                    Some(service) => Fact::OtherServiceAnswered {
                        service,
                        first_bytes,
                    },
                    None => Fact::Unreadable {
                        message: Message::ServerHello,
                        first_bytes,
                    },
                };
            }
        }
        otherwise
    }

    /// Everything is told; what still comes makes no difference.
    pub fn is_over(&self) -> bool {
        self.refused || (self.watch.state() == State::Over && self.preface.is_none())
    }

    /// The last message that was seen as a whole.
    pub const fn last(&self) -> Message {
        self.watch.last_message()
    }

    /// The rung that is being climbed.
    pub fn place(&self) -> Place {
        Place::host(self.watch.phase())
    }

    fn stream(&mut self, from: From) -> &mut Stream {
        match from {
            From::Client => &mut self.client,
            From::Server => &mut self.server,
        }
    }

    fn tell(&mut self, now: Micros, seen: Seen<'_>) {
        if self.refused {
            return;
        }
        self.watch.on(now, seen, &mut self.told);
        for (place, fact) in self.told.drain(..) {
            self.seen.push((now, place, fact));
        }
    }

    /// Takes in a segment with data.
    pub fn data(&mut self, now: Micros, from: From, segment: &Segment<'_>) {
        self.segments = self.segments.saturating_add(1);
        let length = segment.payload.len().saturating_add(segment.cut);
        let sequence = segment.sequence;
        let next = *self.stream(from).next.get_or_insert(sequence);
        let ahead = distance(next, sequence);
        if ahead > 0 {
            // Far away is another connection or nonsense.
            if ahead < 64 * 1024 * 1024 {
                self.hold(now, from, segment);
            }
            return;
        }
        let behind = usize::try_from(ahead.unsigned_abs()).unwrap_or(usize::MAX);
        let bytes = u32::try_from(length).unwrap_or(u32::MAX);
        let stream = self.stream(from);
        if behind < length {
            stream.recent.rotate_right(1);
            if let Some(newest) = stream.recent.first_mut() {
                *newest = (sequence.wrapping_add(bytes), bytes);
            }
        } else if length > 1 {
            stream.resent = Some(match stream.resent {
                Some((same, bytes, times)) if same == sequence => {
                    (same, bytes, times.saturating_add(1))
                }
                Some(other) if distance(other.0, sequence) > 0 => other,
                _ => (sequence, bytes, 1),
            });
        }
        if behind >= length {
            // A keep-alive repeats one byte; everything else was sent again.
            if length > 1 {
                let side = self.again.get_mut(match from {
                    From::Client => 0,
                    From::Server => 1,
                });
                if let Some(again) = side {
                    *again = again.saturating_add(1);
                }
            }
            return;
        }
        let fresh = segment.payload.get(behind..).unwrap_or_default();
        let cut = if fresh.is_empty() {
            length.saturating_sub(behind)
        } else {
            segment.cut
        };
        self.deliver(now, from, fresh, cut);
        self.release(now, from);
    }

    fn hold(&mut self, now: Micros, from: From, segment: &Segment<'_>) {
        let stream = self.stream(from);
        if stream
            .held
            .iter()
            .any(|held| held.sequence == segment.sequence)
        {
            return;
        }
        stream.held.push(Held {
            sequence: segment.sequence,
            bytes: segment.payload.to_vec(),
            cut: segment.cut,
        });
        let bytes: usize = stream.held.iter().map(|held| held.bytes.len()).sum();
        if stream.held.len() > HELD_SEGMENTS || bytes > HELD_BYTES {
            self.give_up(now, from);
        }
    }

    /// Hands on the bytes that come next.
    fn deliver(&mut self, now: Micros, from: From, bytes: &[u8], cut: usize) {
        let length = u32::try_from(bytes.len().saturating_add(cut)).unwrap_or(u32::MAX);
        let stream = self.stream(from);
        stream.next = stream.next.map(|next| next.wrapping_add(length));
        stream.confirmed = 0;
        self.before = std::mem::replace(&mut self.progress, now);
        if !bytes.is_empty() {
            if self.preface.is_some() {
                self.preface(now, from, bytes);
            } else {
                self.raw(now, from, bytes);
            }
        }
        if cut > 0 {
            self.unseen(now, from, cut);
        }
    }

    fn raw(&mut self, now: Micros, from: From, bytes: &[u8]) {
        if self.protocol == Protocol::Tls && from == From::Client && self.about.name.is_none() {
            self.about.name = server_name(bytes);
        }
        self.tell(
            now,
            match from {
                From::Client => Seen::Sent(bytes),
                From::Server => Seen::Received(bytes),
            },
        );
        let Some(mut tls) = self.tls.take() else {
            return;
        };
        let mut inside = Vec::new();
        tls.bytes(from, bytes, &self.keys, &mut inside);
        self.tls = Some(tls);
        for inside in inside {
            self.inside(now, inside);
        }
    }

    /// Takes in what was read inside TLS.
    fn inside(&mut self, now: Micros, inside: Inside) {
        if let (Protocol::Tls, Inside::Plain(from, bytes)) = (self.protocol, &inside) {
            self.about.says(*from, bytes);
        }
        match inside {
            Inside::Plain(From::Client, bytes) => self.tell(now, Seen::PlainSent(&bytes)),
            Inside::Plain(From::Server, bytes) => self.tell(now, Seen::PlainReceived(&bytes)),
            Inside::Up(version, suite, certificates) => {
                let up = TlsUp {
                    version,
                    suite,
                    certificates,
                };
                self.tell(now, Seen::TlsUp(up));
            }
            // Whoever says so first leaves; the close that answers it is a consequence.
            Inside::Alert(From::Client, TlsAlert::CLOSE_NOTIFY) => {
                self.leaves(now, self.before, Ending::Closed);
            }
            Inside::Alert(From::Server, TlsAlert::CLOSE_NOTIFY) => {}
            Inside::Alert(from, alert) => {
                let (mine, received) = match from {
                    From::Client => (Some(alert), None),
                    From::Server => (None, Some(alert)),
                };
                let reason = alert.says().unwrap_or("an alert without a name").to_owned();
                let failure = TlsFailure {
                    alert: mine,
                    received,
                    reason,
                };
                self.tell(now, Seen::TlsFailed(failure));
            }
        }
    }

    /// A large segment was sent again and again in vain, while smaller ones were confirmed.
    pub fn large_lost(&self, told: Option<u32>) -> Option<Fact> {
        [(&self.client, false), (&self.server, true)]
            .into_iter()
            .find_map(|(stream, by_server)| {
                let (_, lost, times) = stream.resent?;
                let passed = stream.passed;
                (times >= 2 && lost >= SMALLEST_LARGE && passed > 0 && passed < lost).then_some(
                    Fact::LargeSegmentsLost {
                        by_server,
                        lost,
                        times,
                        passed,
                        told,
                    },
                )
            })
    }

    /// How far the keys that were given helped.
    pub fn helped(&self) -> Option<Helped> {
        self.tls.as_ref().map(|tls| tls.helped)
    }

    fn unseen(&mut self, now: Micros, from: From, count: usize) {
        let before = self.is_over();
        self.preface = None;
        if let Some(tls) = self.tls.as_mut() {
            tls.stop(from);
        }
        self.tell(
            now,
            match from {
                From::Client => Seen::SentUnseen(count),
                From::Server => Seen::ReceivedUnseen(count),
            },
        );
        self.lost |= !before && self.is_over();
    }

    /// Hands on held segments that have become the next ones.
    fn release(&mut self, now: Micros, from: From) {
        loop {
            let stream = self.stream(from);
            let Some(next) = stream.next else { return };
            let due = stream
                .held
                .iter()
                .position(|held| distance(next, held.sequence) <= 0);
            let Some(held) = due.map(|at| stream.held.swap_remove(at)) else {
                break;
            };
            let length = held.bytes.len().saturating_add(held.cut);
            let behind = usize::try_from(distance(held.sequence, next)).unwrap_or(0);
            if behind < length {
                let fresh = held.bytes.get(behind..).unwrap_or_default();
                let cut = if fresh.is_empty() {
                    length.saturating_sub(behind)
                } else {
                    held.cut
                };
                self.deliver(now, from, fresh, cut);
            }
        }
        self.finish(now, from);
    }

    /// The bytes before the first held segment will not come any more.
    fn give_up(&mut self, now: Micros, from: From) {
        let stream = self.stream(from);
        let Some(next) = stream.next else { return };
        let first = stream
            .held
            .iter()
            .map(|held| distance(next, held.sequence))
            .min();
        if let Some(count) = first.and_then(|gap| usize::try_from(gap).ok()) {
            let length = u32::try_from(count).unwrap_or(u32::MAX);
            stream.next = Some(next.wrapping_add(length));
            stream.confirmed = 0;
            self.unseen(now, from, count);
            self.release(now, from);
        }
    }

    /// One side says that bytes of the other came twice: sending them again made good no loss.
    pub fn came_twice(&mut self, by: From) {
        let side = self.again.get_mut(match by {
            From::Client => 1,
            From::Server => 0,
        });
        if let Some(again) = side {
            *again = again.saturating_sub(1);
        }
    }

    /// One side confirmed what the other sent up to here.
    pub fn confirmed(&mut self, now: Micros, by: From, acknowledged: u32) {
        let from = match by {
            From::Client => From::Server,
            From::Server => From::Client,
        };
        let stream = self.stream(from);
        for (end, bytes) in stream.recent {
            if bytes > 0 && distance(end, acknowledged) >= 0 {
                stream.passed = stream.passed.max(bytes);
            }
        }
        if let Some((sequence, ..)) = stream.resent
            && distance(sequence, acknowledged) > 0
        {
            stream.resent = None;
        }
        // Where only one side was recorded, its first confirmation tells where the other one is.
        let next = *stream.next.get_or_insert(acknowledged);
        let missing = distance(next, acknowledged);
        if stream
            .acknowledged
            .is_none_or(|before| distance(before, acknowledged) > 0)
        {
            stream.acknowledged = Some(acknowledged);
        }
        // The number behind a FIN counts as one byte.
        let is_end = stream.end.is_some_and(|end| end == next) && missing == 1;
        if missing <= 0 || missing > 64 * 1024 * 1024 || is_end {
            return;
        }
        stream.confirmed = stream.confirmed.saturating_add(1);
        if stream.confirmed >= PATIENCE {
            if stream.held.is_empty() {
                let count = usize::try_from(missing).unwrap_or(0);
                stream.next = Some(acknowledged);
                stream.confirmed = 0;
                self.unseen(now, from, count);
            } else {
                self.give_up(now, from);
            }
        }
    }

    /// What was confirmed and not recorded is lost to the capture: nothing is concluded from its absence. More than
    /// one byte, for the number behind a FIN counts as one.
    ///
    /// While a connection ends, only a side of which nothing was recorded is meant: packets may still be late.
    fn catches_up(&mut self, now: Micros, is_over: bool) {
        for from in [From::Client, From::Server] {
            let stream = self.stream(from);
            if !is_over && stream.recent.iter().any(|&(_, bytes)| bytes > 0) {
                continue;
            }
            let (Some(next), Some(acknowledged)) = (stream.next, stream.acknowledged) else {
                continue;
            };
            let missing = distance(next, acknowledged);
            if let Ok(count @ 2..=0x0400_0000) = usize::try_from(missing)
                && stream.held.is_empty()
            {
                stream.next = Some(acknowledged);
                self.unseen(now, from, count);
            }
        }
    }

    /// One side sent its last byte.
    pub fn closes(&mut self, now: Micros, from: From, sequence: u32) {
        self.stream(from).end = Some(sequence);
        self.stream(from).next.get_or_insert(sequence);
        self.catches_up(now, false);
        self.finish(now, from);
    }

    fn finish(&mut self, now: Micros, from: From) {
        let stream = self.stream(from);
        if let (Some(end), Some(next)) = (stream.end, stream.next)
            && distance(next, end) <= 0
        {
            self.ends(now, from, Ending::Closed);
        }
    }

    /// One side ended the connection.
    pub fn ends(&mut self, now: Micros, from: From, how: Ending) {
        self.ends_the_preface(now);
        match from {
            From::Client => self.leaves(now, self.progress, how),
            From::Server => self.tell(now, Seen::Ended(how)),
        }
    }

    /// The client leaves. When it waited in vain for an answer since then, that tells of the server's silence, as the
    /// client would itself.
    fn leaves(&mut self, now: Micros, since: Micros, how: Ending) {
        let in_vain = self.watch.is_due() && now.since(since) >= GIVEN_UP;
        self.tell(
            now,
            if in_vain {
                Seen::Ended(Ending::Silence)
            } else {
                Seen::Left(how)
            },
        );
    }

    /// The connection was reset. Bytes that were expected before that are lost to the capture.
    pub fn resets(&mut self, now: Micros, from: From) {
        for side in [From::Client, From::Server] {
            if !self.stream(side).held.is_empty() {
                self.give_up(now, side);
            }
        }
        self.catches_up(now, false);
        self.ends(now, from, Ending::Reset);
    }

    /// The capture ends here: an answer that is long overdue will not come, nor one to bytes that were sent again so often
    /// and never taken.
    pub fn expires(&mut self, now: Micros, patience: Micros) {
        let patience = match self.client.resent {
            Some((.., times)) if times >= SENT_IN_VAIN => patience.min(GIVEN_UP),
            _ => patience,
        };
        for side in [From::Client, From::Server] {
            if self.stream(side).end.is_some() || !self.stream(side).held.is_empty() {
                self.give_up(now, side);
            }
            self.finish(now, side);
        }
        self.catches_up(now, true);
        self.ends_the_preface(now);
        if self.watch.is_due() && now.since(self.progress) >= patience {
            self.tell(now, Seen::Ended(Ending::Silence));
        } else {
            self.watch.settle(&mut self.told);
            for (place, fact) in self.told.drain(..) {
                self.seen.push((now, place, fact));
            }
        }
    }

    /// The proxy refused.
    fn refuses(&mut self, now: Micros, asked: Asked, answer: u16) {
        // Where something else than Remote Desktop was asked for, it is no matter of ours.
        if asked.port == RDP_PORT {
            let fact = Fact::ProxyRefused {
                proxy: self.server_at,
                asked: HostName(asked.host),
                answer,
                wants: None,
                logon: None,
            };
            self.seen.push((now, Place::host(Phase::Negotiate), fact));
        } else {
            self.seen.clear();
        }
        self.told.clear();
        self.refused = true;
    }

    /// It turned out to be no matter of Remote Desktop.
    fn forgets(&mut self) {
        self.seen.clear();
        self.told.clear();
        self.refused = true;
    }

    /// A proxy that asked who the client is, and was not answered, refused.
    fn ends_the_preface(&mut self, now: Micros) {
        if let Some(preface) = self.preface.take()
            && let Some(asked) = preface.unanswered()
        {
            self.refuses(now, asked, PROXY_AUTHENTICATION_REQUIRED);
        }
    }

    /// Reads what a proxy and its client say to each other, until the connection proper begins.
    fn preface(&mut self, now: Micros, from: From, bytes: &[u8]) {
        let Some(mut preface) = self.preface.take() else {
            return;
        };
        let side = match from {
            From::Client => &mut preface.client,
            From::Server => &mut preface.server,
        };
        side.extend(bytes);
        match preface.read() {
            Step::More => self.preface = Some(preface),
            Step::Other if self.server_at.port() != RDP_PORT => self.forgets(),
            Step::Other => self.ends(now, From::Client, Ending::Closed),
            Step::Refused { asked, answer } => self.refuses(now, asked, answer),
            Step::Open {
                via,
                port,
                client: client_used,
                server: server_used,
            } => {
                let client = preface
                    .client
                    .get(client_used..)
                    .unwrap_or_default()
                    .to_vec();
                let server = preface
                    .server
                    .get(server_used..)
                    .unwrap_or_default()
                    .to_vec();
                if client.is_empty() && server.is_empty() && from == From::Server {
                    // What comes first is not known yet.
                    self.via = Some(via);
                    self.preface = Some(preface);
                    return;
                }
                self.via = Some(via);
                let begins = opening(&client);
                if begins == Opening::ClientHello {
                    self.protocol = Protocol::Tls;
                }
                // A proxy carries much; what begins neither Remote Desktop nor TLS counts where Remote Desktop was
                // asked for.
                let asked_for = port == Some(RDP_PORT) || self.server_at.port() == RDP_PORT;
                if begins == Opening::Other && !asked_for {
                    return self.forgets();
                }
                self.raw(now, From::Client, &client);
                self.raw(now, From::Server, &server);
            }
        }
    }
}

/// The name that a ClientHello asks for, when these bytes hold it whole.
fn server_name(bytes: &[u8]) -> Option<String> {
    let wire::Read::Whole { value: record, .. } = wire::tls::read_record(bytes) else {
        return None;
    };
    let wire::Read::Whole { value: message, .. } =
        wire::tls::read_handshake(record.body, bytes.len())
    else {
        return None;
    };
    wire::tls::read_client_hello(message.body, record.version)?.server_name
}

/// How far `to` lies behind `from` in the circle of sequence numbers.
fn distance(from: u32, to: u32) -> i64 {
    i64::from(to.wrapping_sub(from).cast_signed())
}
