//! Packet captures: every RDP connection in them with its ladder, times, and who ended it how.
//!
//! A capture is handed in as pieces of any size and may be larger than memory: what is held is one
//! packet, and for each connection that is watched the few messages that can be read. RDP is recognised
//! by its bytes on any port, also behind an HTTP proxy; what the machine of [`wire::watch`] tells is the
//! same as in a live look.

mod bytes;
mod ciphers;
mod conversation;
mod decrypt;
mod file;
mod keys;
mod outline;
mod packet;
mod preface;
mod secured;
mod side;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::net::{IpAddr, SocketAddr};

use model::{
    Attempt, AttemptOutcome, Damage, Evidence, Fact, FactKind, HostName, Intent, LookId, Message,
    Micros, Observation, Phase, Place, Source, Target, Trace, UnixMicros, UnixSeconds,
};

use crate::findings::{Findings, Recorded, Seen};
pub use conversation::{About, Protocol};
use file::{Framing, Item};
pub use keys::{Keys, is_key_log, take_keys};
pub use outline::{Outline, Party};
use packet::Frame;
pub use table::Counts;
use table::Table;

/// So much of a file is read at a time.
const PIECE: usize = 1 << 20;
/// So much is added at a time to a packet that was cut by the end of a piece.
const STEP: usize = 4_096;
/// The most places of damage that are told one by one.
const MOST_DAMAGE: usize = 50;

/// Whether these bytes begin a capture.
pub fn is_capture(first: &[u8]) -> bool {
    file::is_capture(first)
}

/// Reads a capture piece by piece.
#[derive(Debug, Default)]
pub struct Reader {
    framing: Framing,
    /// The beginning of an item whose end is still to come.
    held: Vec<u8>,
    table: Table,
    damage: Vec<(u64, &'static str)>,
    /// Bytes that could not be used.
    unused: u64,
    offset: u64,
    over: bool,
    filter: Filter,
}

/// What is taken in: everything when both lists are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One end has one of these addresses.
    pub hosts: Vec<IpAddr>,
    /// One end has one of these ports.
    pub ports: Vec<u16>,
}

impl Filter {
    fn takes(&self, one: SocketAddr, other: SocketAddr) -> bool {
        let ends = [one, other];
        let is_one_of_hosts = ends.iter().any(|end| self.hosts.contains(&end.ip()));
        let is_one_of_ports = ends.iter().any(|end| self.ports.contains(&end.port()));
        (self.hosts.is_empty() || is_one_of_hosts) && (self.ports.is_empty() || is_one_of_ports)
    }
}

/// What a capture tells.
#[derive(Clone, Debug)]
pub struct Capture {
    /// The second in which the first packet was recorded: the zero of every time in it.
    pub opened_at: UnixSeconds,
    /// The connections, in the order in which they began.
    pub connections: Vec<Connection>,
    /// Conversations of the side transport over UDP.
    pub beside: Vec<Beside>,
    /// What was seen besides.
    pub counts: Counts,
    /// What could not be read.
    pub damage: Vec<Damage>,
}

/// A conversation of the side transport over UDP.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The end that opened it.
    pub client: SocketAddr,
    /// The end it was opened to.
    pub server: SocketAddr,
    /// When its first datagram was recorded.
    pub began: Micros,
    /// When what is told of it was certain.
    pub at: Micros,
    /// What became of it.
    pub fact: Fact,
}

/// A connection of a capture.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its number among all TCP connections of the capture.
    pub number: u32,
    /// The end that opened it.
    pub client: SocketAddr,
    /// The end it was opened to: the server, or a proxy before it.
    pub server: SocketAddr,
    /// What it is.
    pub protocol: Protocol,
    /// The proxy it goes through, in words.
    pub via: Option<String>,
    /// When its first packet was recorded.
    pub began: Micros,
    /// When its last packet was recorded.
    pub ended: Micros,
    /// Its packets.
    pub packets: u64,
    /// Its segments with data.
    pub segments: u32,
    /// What TLS is for that began without an X.224 exchange.
    pub about: About,
    /// The last message that was seen as a whole.
    pub last: Message,
    /// The round-trip time of its opening, from the client's SYN to its confirmation.
    pub round_trip: Option<Micros>,
    /// What was seen on it, and when.
    pub seen: Vec<(Micros, Place, Fact)>,
}

/// Reads a capture that is in memory.
pub fn read(name: &str, bytes: &[u8]) -> Capture {
    let mut reader = Reader::default();
    reader.push(bytes);
    reader.finish(name)
}

impl Reader {
    /// A reader that remembers so many connections at once; the others are told early.
    pub fn with_room(room: usize) -> Self {
        Self {
            table: Table::with_room(room),
            ..Self::default()
        }
    }

    /// The same reader, which also reads inside the TLS sessions whose keys these are.
    #[must_use]
    pub fn with_keys(mut self, keys: Keys) -> Self {
        self.table.keys = keys;
        self
    }

    /// The same reader, which takes every connection to this server for one of RDP, whatever is said on it.
    #[must_use]
    pub fn with_server(mut self, server: Option<(IpAddr, Option<u16>)>) -> Self {
        if let Some((address, Some(port))) = server {
            self.table.serves(SocketAddr::new(address, port));
        }
        self
    }

    /// Connections that are remembered at this moment.
    pub fn remembered(&self) -> usize {
        self.table.len()
    }

    /// The same reader, which takes in nothing but what goes from or to one of these addresses and ports.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Takes in a packet that was heard at this moment, of a link with this number.
    pub fn heard(&mut self, at: UnixMicros, link: u16, data: &[u8]) {
        let at = u64::try_from(at.0).unwrap_or_default();
        self.packet(&file::Packet { at, link, data });
    }

    /// What was counted so far.
    pub const fn counts(&self) -> Counts {
        self.table.counts
    }

    /// Takes in the next piece of the file.
    pub fn push(&mut self, mut piece: &[u8]) {
        // An item that the end of the piece before has cut is completed first.
        while !self.held.is_empty() && !piece.is_empty() && !self.over {
            let before = self.held.len();
            let (head, rest) = piece.split_at(piece.len().min(STEP.max(before)));
            let mut held = std::mem::take(&mut self.held);
            held.extend(head);
            let used = self.items(&held);
            if used >= before {
                piece = piece.get(used.saturating_sub(before)..).unwrap_or_default();
            } else {
                held.drain(..used);
                self.held = held;
                piece = rest;
            }
        }
        if !self.over && self.held.is_empty() {
            let used = self.items(piece);
            self.held.extend(piece.get(used..).unwrap_or_default());
        }
    }

    /// Reads the items at the front and says how many bytes they took.
    fn items(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0_usize;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            let taken = match self.framing.next(rest) {
                Item::Packet(packet, taken) => {
                    self.packet(&packet);
                    taken
                }
                Item::Keys(log, taken) => {
                    self.table.keys.take(log);
                    taken
                }
                Item::Skip(taken) if taken <= rest.len() => taken,
                Item::Damage(says, taken) if taken <= rest.len() => {
                    self.damaged(used, says, taken);
                    taken
                }
                Item::More | Item::Skip(_) | Item::Damage(..) => break,
                Item::Unusable(says) => {
                    self.damaged(used, says, rest.len());
                    self.over = true;
                    rest.len()
                }
            };
            used = used.saturating_add(taken);
        }
        self.offset = self
            .offset
            .saturating_add(u64::try_from(used).unwrap_or(u64::MAX));
        used
    }

    fn damaged(&mut self, at: usize, says: &'static str, unused: usize) {
        self.unused = self
            .unused
            .saturating_add(u64::try_from(unused).unwrap_or(u64::MAX));
        if !says.is_empty() && self.damage.len() < MOST_DAMAGE {
            let at = u64::try_from(at).unwrap_or(u64::MAX);
            self.damage.push((self.offset.saturating_add(at), says));
        }
    }

    fn packet(&mut self, packet: &file::Packet<'_>) {
        self.table.clock(packet.at);
        let frame = packet::read(packet.link, packet.data);
        if self.filter != Filter::default() {
            let ends = match &frame {
                Frame::Tcp(segment) => Some((segment.from, segment.to)),
                Frame::Udp(datagram) => Some((datagram.from, datagram.to)),
                Frame::Icmp(icmp) => Some((icmp.from, icmp.to)),
                _ => None,
            };
            if !ends.is_some_and(|(one, other)| self.filter.takes(one.socket(), other.socket())) {
                return;
            }
        }
        let counts = &mut self.table.counts;
        match frame {
            Frame::Tcp(segment) => self.table.segment(packet.at, &segment),
            Frame::Udp(datagram) => self.table.datagram(packet.at, &datagram),
            Frame::Icmp(icmp) => self.table.icmp(packet.at, &icmp),
            Frame::Fragment => counts.fragments = counts.fragments.saturating_add(1),
            Frame::UnknownLink => counts.unknown_link = counts.unknown_link.saturating_add(1),
            Frame::Other => {}
        }
    }

    /// The file is over. `name` is what damage in it is told under.
    pub fn finish(mut self, name: &str) -> Capture {
        self.table.finish();
        let mut damage = Vec::new();
        let mut say = |place: String, says: String| damage.push(Damage { place, says });
        for (offset, says) in &self.damage {
            say(format!("{name}, byte {offset}"), (*says).to_owned());
        }
        if self.unused > 0 && !self.damage.is_empty() {
            say(
                name.to_owned(),
                format!("{} bytes could not be used", self.unused),
            );
        }
        if !self.held.is_empty() {
            let says = "the last packet is not whole".to_owned();
            say(format!("{name}, byte {}", self.offset), says);
        }
        let counts = self.table.counts;
        for (count, says) in [
            (
                counts.unknown_link,
                "packets of a link type that is not known were left out",
            ),
            (counts.fragments, "parts of IP packets were left out"),
            (
                counts.began_before,
                "connections to an RDP port began before the capture",
            ),
            (
                counts.lost,
                "connections miss packets that the capture does not hold",
            ),
            (
                counts.left_out,
                "connections beyond the first are only counted",
            ),
            (
                counts.keys_missing,
                "TLS connections stay closed: their keys are not in the key log",
            ),
            (
                counts.keys_wrong,
                "TLS connections stay closed: the keys in the key log are not theirs",
            ),
            (
                counts.not_decrypted,
                "TLS connections stay closed: their TLS version or cipher suite is not decrypted here",
            ),
            (
                counts.forgotten,
                "connections were told early for want of room",
            ),
        ] {
            if count > 0 {
                // One is told as one.
                let says = match count {
                    1 => says
                        .replacen("connections", "connection", 1)
                        .replacen("packets of", "packet of", 1)
                        .replacen("parts of IP packets", "part of an IP packet", 1)
                        .replacen("their ", "its ", 1)
                        .replacen("are not theirs", "are not its own", 1)
                        .replacen(" stay closed", " stays closed", 1)
                        .replacen(" miss ", " misses ", 1)
                        .replacen(" were ", " was ", 1),
                    _ => says.to_owned(),
                };
                say(name.to_owned(), format!("{count} {says}"));
            }
        }
        let opened = u64::try_from(self.table.opened_at().0)
            .unwrap_or_default()
            .saturating_mul(1_000_000);
        let micros = |at: u64| Micros(at.saturating_sub(opened));
        let beside = self
            .table
            .beside
            .drain(..)
            .map(|told| Beside {
                client: told.client.socket(),
                server: told.server.socket(),
                began: micros(told.first),
                at: micros(told.at),
                fact: told.fact,
            })
            .collect();
        Capture {
            opened_at: self.table.opened_at(),
            beside,
            connections: self.table.told,
            counts,
            damage,
        }
    }
}

impl Connection {
    /// It did not become a session, and not because the client chose to leave.
    pub fn is_troubled(&self) -> bool {
        let has = |kinds: &[FactKind]| {
            self.seen
                .iter()
                .any(|(_, _, fact)| kinds.contains(&fact.kind()))
        };
        // TLS that came up served its purpose, whatever that was; who closes it says nothing.
        if self.protocol == Protocol::Tls && self.last >= Message::ClientFinished {
            return has(&[FactKind::TlsRejected, FactKind::TlsAlerted]);
        }
        !has(&[FactKind::SessionRan])
            && has(&[
                FactKind::TcpRefused,
                FactKind::TcpUnreachable,
                FactKind::TcpSilent,
                FactKind::NegotiationRefused,
                FactKind::ProxyRefused,
                FactKind::OtherServiceAnswered,
                FactKind::Unreadable,
                FactKind::TlsAlerted,
                FactKind::TlsRejected,
                FactKind::NotTls,
                FactKind::CredSspAnswerTooSmall,
                FactKind::Ended,
            ])
    }
}

/// Reads a capture into the findings of a case: the connections to the server with most trouble.
pub(crate) fn gather(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut reader = Reader::default()
        .with_keys(findings.wishes.keys.clone())
        .with_server(findings.wishes.server);
    let mut piece = vec![0; PIECE];
    loop {
        match input.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => reader.push(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => {
                findings.damaged(file, "", format!("reading stopped: {error}"));
                break;
            }
        }
    }
    take(file, reader.finish(file), findings)
}

/// Puts a capture into the findings of a case: every connection in short, and those to one server with all
/// they tell.
pub fn take(file: &str, capture: Capture, findings: &mut Findings) -> String {
    let servers = capture.servers();
    let wished = findings.wishes.server.and_then(|(address, port)| {
        servers
            .iter()
            .map(|&(server, _)| server)
            .find(|server| server.ip() == address && port.is_none_or(|port| port == server.port()))
    });
    let connection = findings.wishes.connection;
    // A server that was asked for and is not in this capture is not replaced by another.
    let other = findings.wishes.server.is_some() && wished.is_none() && connection.is_none();
    let mut evidence = capture.evidence(file, wished, connection);
    if other {
        evidence.seen.clear();
        evidence.tried.clear();
    }
    let judged: BTreeSet<u32> = evidence
        .tried
        .iter()
        .map(|attempt| attempt.look.0)
        .collect();
    let first = findings.next_look();
    let opened = UnixMicros(capture.opened_at.0.saturating_mul(1_000_000));
    let moment = |at: Micros| UnixMicros(opened.0.saturating_add_unsigned(at.0));
    let mut looks = BTreeMap::new();
    for (look, mut attempt) in (first.0..).zip(evidence.tried) {
        looks.insert(attempt.look, LookId(look));
        attempt.look = LookId(look);
        findings.tried.push(attempt);
    }
    for mut observation in evidence.seen {
        let at = observation.at.take().map(moment);
        observation.look = observation.look.and_then(|look| looks.get(&look).copied());
        findings.seen.push(Seen { at, observation });
    }
    findings.damage.extend(evidence.damage);
    if !looks.is_empty() {
        findings.targets.push(evidence.target);
    }
    findings
        .connections
        .extend(capture.connections.iter().map(|connection| Recorded {
            file: file.to_owned(),
            began: moment(connection.began),
            connection: connection.outline(),
            judged: judged.contains(&connection.number),
        }));
    let Counts {
        packets,
        flows,
        rdp,
        ..
    } = capture.counts;
    let of_rdp = match rdp {
        0 => "none of RDP".to_owned(),
        some => format!("{some} of RDP"),
    };
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    format!(
        "{packets} packet{}, {flows} TCP connection{}, {of_rdp}",
        plural(packets),
        plural(flows)
    )
}

impl Capture {
    /// The connections that evidence is made of: those of RDP, or where there are none those of TLS.
    fn of_interest(&self) -> impl Iterator<Item = &Connection> {
        let has_rdp = self
            .connections
            .iter()
            .any(|one| one.protocol == Protocol::Rdp);
        let wanted = if has_rdp {
            Protocol::Rdp
        } else {
            Protocol::Tls
        };
        self.connections
            .iter()
            .filter(move |one| one.protocol == wanted)
    }

    /// The servers and their connections, the most telling first: those that failed after they began to
    /// speak, then those with most trouble, then those with most connections.
    pub fn servers(&self) -> Vec<(SocketAddr, usize)> {
        let mut counts: BTreeMap<SocketAddr, (bool, usize, usize)> = BTreeMap::new();
        for connection in self.of_interest() {
            let (spoke, troubled, all) = counts.entry(connection.server).or_default();
            let fails = connection.is_troubled();
            *spoke |= fails && connection.last > Message::TcpHandshake;
            *troubled = troubled.saturating_add(usize::from(fails));
            *all = all.saturating_add(1);
        }
        let mut servers: Vec<_> = counts.into_iter().collect();
        servers.sort_by_key(|&(server, counts)| (std::cmp::Reverse(counts), server));
        servers
            .into_iter()
            .map(|(server, (_, _, all))| (server, all))
            .collect()
    }

    /// What was seen of one server, by default the one with most trouble, or on one connection.
    pub fn evidence(
        &self,
        name: &str,
        server: Option<SocketAddr>,
        connection: Option<u32>,
    ) -> Evidence {
        let chosen: Vec<&Connection> = match connection {
            Some(number) => self
                .connections
                .iter()
                .filter(|one| one.number == number)
                .collect(),
            None => {
                let most = self.servers().first().map(|&(server, _)| server);
                let server = server.or(most);
                self.of_interest()
                    .filter(|one| Some(one.server) == server)
                    .collect()
            }
        };
        let mut target = target(name, &chosen);
        // Without any TCP, what went over UDP tells whom it is about.
        if let (None, None, Some(first)) = (target.address, connection, self.beside.first()) {
            let about = server.unwrap_or(first.server);
            target.host = HostName(about.ip().to_string());
            target.port = model::target::RDP_PORT;
            target.address = Some(about.ip());
        }
        let host = target.address;
        let clients: BTreeSet<IpAddr> = chosen.iter().map(|one| one.client.ip()).collect();
        let mut evidence = Evidence::of(target, self.opened_at);
        evidence.damage.clone_from(&self.damage);
        for connection in chosen {
            let look = LookId(connection.number);
            let via = connection
                .via
                .as_deref()
                .map(|via| format!(" through {via}"));
            evidence.tried.push(Attempt {
                look,
                probe: "capture".to_owned(),
                intent: Intent::AsClient,
                says: format!(
                    "{} to {}{}",
                    connection.client,
                    connection.server,
                    via.unwrap_or_default()
                ),
                outcome: AttemptOutcome::Ran,
                at: Some(connection.began),
                took: Some(connection.ended.since(connection.began)),
                trace: Trace::Nothing,
            });
            // What follows TLS that began without an X.224 exchange need not be RDP.
            let told = connection.seen.iter().filter(|(_, place, _)| {
                connection.protocol == Protocol::Rdp || place.phase <= Phase::Secure
            });
            evidence
                .seen
                .extend(told.map(|(at, place, fact)| Observation {
                    at: Some(*at),
                    place: Some(*place),
                    source: Source::Capture,
                    vantage: name.to_owned(),
                    look: Some(look),
                    fact: fact.clone(),
                }));
        }
        let highest = self.connections.iter().map(|one| one.number).max();
        let beside = self.beside.iter().filter(|beside| {
            Some(beside.server.ip()) == host
                && (clients.is_empty() || clients.contains(&beside.client.ip()))
        });
        let mut look = LookId(highest.unwrap_or(0));
        let mut before = None;
        for beside in beside {
            let ends = Some((beside.client, beside.server));
            let is_same = std::mem::replace(&mut before, ends) == ends;
            look.0 = look.0.saturating_add(u32::from(!is_same));
            let attempt = (!is_same).then(|| Attempt {
                look,
                probe: "capture".to_owned(),
                intent: Intent::AsClient,
                says: format!("{} to {} over UDP", beside.client, beside.server),
                outcome: AttemptOutcome::Ran,
                at: Some(beside.began),
                took: Some(beside.at.since(beside.began)),
                trace: Trace::Nothing,
            });
            evidence.tried.extend(attempt);
            evidence.seen.push(Observation {
                at: Some(beside.at),
                place: Some(side::PLACE),
                source: Source::Capture,
                vantage: name.to_owned(),
                look: Some(look),
                fact: beside.fact.clone(),
            });
        }
        evidence
    }
}

/// Whom the clients of these connections tried to reach, and with what.
fn target(name: &str, connections: &[&Connection]) -> Target {
    let server = connections.first().map(|one| one.server);
    let offers = connections
        .iter()
        .flat_map(|one| &one.seen)
        .find_map(|(_, _, fact)| match fact {
            Fact::NegotiationOffered { offered } => Some(offered.unwrap_or_default()),
            _ => None,
        });
    let mut client = model::ClientProfile::default();
    if let Some(offers) = offers {
        client.offers = offers;
    }
    Target {
        input: name.to_owned(),
        host: HostName(server.map_or_else(String::new, |server| server.ip().to_string())),
        port: server.map_or(model::target::RDP_PORT, |server| server.port()),
        address: server.map(|server| server.ip()),
        zone: None,
        gateway: None,
        proxy: None,
        client,
    }
}
