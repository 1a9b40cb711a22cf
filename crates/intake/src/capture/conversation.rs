//! One connection that is worth watching: its bytes put back in order and handed to the passive machine.

use model::codes::TlsAlert;
use model::{Ending, Fact, Message, Micros, Place, UnixSeconds};
use wire::machine::{Seen, TlsFailure, TlsUp};
use wire::watch::{State, Watch};
use wire::{Read, tls, x224};

use super::decrypt::{Decryptor, Helped, Inside};
use super::keys::Keys;
use super::packet::Segment;

/// Segments and bytes that are held while one before them is missing.
const HELD_SEGMENTS: usize = 64;
const HELD_BYTES: usize = 128 * 1024;
/// So many packets after the receiver confirmed bytes that were never seen, they are taken for lost by
/// the capture and not for late.
const PATIENCE: u32 = 16;
/// The largest preface of a proxy.
const LARGEST_PREFACE: usize = 16 * 1024;

/// What a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// RDP, by its X.224 exchange or because it goes to a port where RDP was seen.
    Rdp,
    /// TLS that began without an X.224 exchange.
    Tls,
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
    watch: Watch,
    keys: Keys,
    /// Reads TLS, when there are keys.
    tls: Option<Box<Decryptor>>,
    preface: Option<Preface>,
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
    /// Where the stream ends.
    end: Option<u32>,
}

#[derive(Debug)]
struct Held {
    sequence: u32,
    bytes: Vec<u8>,
    cut: usize,
}

/// What a proxy says before the connection proper.
#[derive(Debug, Default)]
struct Preface {
    client: Vec<u8>,
    server: Vec<u8>,
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
        _ if bytes.starts_with(b"CONNECT ")
            || bytes.starts_with(b"PROXY ")
            || bytes.starts_with(PROXY_V2) =>
        {
            Opening::Proxied
        }
        _ => Opening::Other,
    }
}

/// The signature of version 2 of HAProxy's PROXY protocol.
const PROXY_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

impl Conversation {
    pub fn new(opening: Opening, opened_at: UnixSeconds, now: Micros, keys: &Keys) -> Self {
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
            watch: Watch::new(opened_at),
            tls: (keys.sessions() > 0).then(Box::default),
            keys: keys.clone(),
            preface: (opening == Opening::Proxied).then(Preface::default),
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

    /// Everything is told; what still comes makes no difference.
    pub fn is_over(&self) -> bool {
        self.watch.state() == State::Over && self.preface.is_none()
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
        self.progress = now;
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
            // Both sides say so when they leave in good order.
            Inside::Alert(_, TlsAlert::CLOSE_NOTIFY) => {}
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

    /// One side confirmed what the other sent up to here.
    pub fn confirmed(&mut self, now: Micros, by: From, acknowledged: u32) {
        let from = match by {
            From::Client => From::Server,
            From::Server => From::Client,
        };
        let stream = self.stream(from);
        let Some(next) = stream.next else { return };
        let missing = distance(next, acknowledged);
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

    /// One side sent its last byte.
    pub fn closes(&mut self, now: Micros, from: From, sequence: u32) {
        self.stream(from).end = Some(sequence);
        self.stream(from).next.get_or_insert(sequence);
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
        self.preface = None;
        self.tell(
            now,
            match from {
                From::Client => Seen::Left(how),
                From::Server => Seen::Ended(how),
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
        self.ends(now, from, Ending::Reset);
    }

    /// The capture ends here: an answer that is long overdue will not come.
    pub fn expires(&mut self, now: Micros, patience: Micros) {
        for side in [From::Client, From::Server] {
            if self.stream(side).end.is_some() || !self.stream(side).held.is_empty() {
                self.give_up(now, side);
            }
            self.finish(now, side);
        }
        if self.watch.is_due() && now.since(self.progress) >= patience {
            self.tell(now, Seen::Ended(Ending::Silence));
        } else {
            self.watch.settle(&mut self.told);
            for (place, fact) in self.told.drain(..) {
                self.seen.push((now, place, fact));
            }
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
        if side.len() > LARGEST_PREFACE {
            self.ends(now, From::Client, Ending::Closed);
            return;
        }
        match announced(&preface.client) {
            Some(Announced::Whole { size, via }) => {
                let asked = preface.client.starts_with(b"CONNECT ");
                let answer = if asked {
                    answered(&preface.server)
                } else {
                    Read::Whole {
                        value: true,
                        used: 0,
                    }
                };
                match answer {
                    Read::Whole { value: true, used } => {
                        self.via = Some(via);
                        let client = preface.client.get(size..).unwrap_or_default().to_vec();
                        let server = preface.server.get(used..).unwrap_or_default().to_vec();
                        if matches!(opening(&client), Opening::ClientHello) {
                            self.protocol = Protocol::Tls;
                        }
                        if client.is_empty() && asked {
                            // What comes first is not known yet.
                            self.preface = Some(Preface {
                                client: preface.client,
                                server: preface.server,
                            });
                            if server.is_empty() {
                                return;
                            }
                            self.preface = None;
                        }
                        self.raw(now, From::Client, &client);
                        self.raw(now, From::Server, &server);
                    }
                    Read::Whole { value: false, .. } | Read::Not => {
                        self.ends(now, From::Client, Ending::Closed);
                    }
                    Read::Partial => self.preface = Some(preface),
                }
            }
            Some(Announced::Not) => self.ends(now, From::Client, Ending::Closed),
            None => self.preface = Some(preface),
        }
    }
}

enum Announced {
    Whole { size: usize, via: String },
    Not,
}

/// What the client tells the proxy, or the proxy tells the server.
fn announced(bytes: &[u8]) -> Option<Announced> {
    if let Some(rest) = bytes.strip_prefix(PROXY_V2) {
        let length = usize::from(super::bytes::be16(rest, 2)?);
        let size = PROXY_V2.len().saturating_add(4).saturating_add(length);
        return (bytes.len() >= size).then(|| Announced::Whole {
            size,
            via: "a PROXY header".to_owned(),
        });
    }
    let (mark, kind): (&[u8], _) = if bytes.starts_with(b"PROXY ") {
        (b"\r\n", "a PROXY header")
    } else if bytes.starts_with(b"CONNECT ") {
        (b"\r\n\r\n", "an HTTP proxy")
    } else {
        return (bytes.len() >= PROXY_V2.len()).then_some(Announced::Not);
    };
    let size = bytes
        .windows(mark.len())
        .position(|window| window == mark)?;
    let via = match (kind, bytes.split(|&byte| byte == b' ').nth(1)) {
        ("an HTTP proxy", Some(asked)) => {
            format!("an HTTP proxy to {}", String::from_utf8_lossy(asked))
        }
        _ => kind.to_owned(),
    };
    Some(Announced::Whole {
        size: size.saturating_add(mark.len()),
        via,
    })
}

/// Whether the proxy agreed, and the size of its answer.
fn answered(bytes: &[u8]) -> Read<bool> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Read::Partial;
    };
    if tls::looks_like_record(bytes) == Some(true) || !bytes.starts_with(b"HTTP/1.") {
        return Read::Not;
    }
    let value = bytes.get(9) == Some(&b'2');
    Read::Whole {
        value,
        used: end.saturating_add(4),
    }
}

/// How far `to` lies behind `from` in the circle of sequence numbers.
fn distance(from: u32, to: u32) -> i64 {
    i64::from(to.wrapping_sub(from).cast_signed())
}
