//! Captures: the laws, with captures written by the test, and each way in which a connection opens and
//! ends. It is long because every course of a connection is laid packet by packet, beside what it must tell.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

use std::net::{IpAddr, SocketAddr};

use intake::capture::{self, Capture, Protocol, Reader};
use model::codes::{IcmpError, NegFlags, Protocols};
use model::{Bytes, Ending, Evidence, Fact, FactKind, Message, Micros, Phase, Place};
use proptest::prelude::*;
use wire::machine::Seen;
use wire::watch::Watch;
use wire::x224::{self, Answer};

pub const CLIENT: &str = "192.0.2.1:50000";
pub const SERVER: &str = "198.51.100.7:3389";
/// The time of the first packet, in microseconds since 1970.
const BEGAN: u64 = 1_700_000_000_250_000;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;

/// A TCP segment as a test writes it.
#[derive(Clone, Debug)]
pub struct Sent {
    at: u64,
    from: SocketAddr,
    to: SocketAddr,
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    ttl: u8,
    identification: u16,
    options: Vec<u8>,
    data: Vec<u8>,
}

/// A connection being written.
pub struct Script {
    pub sent: Vec<Sent>,
    client: SocketAddr,
    server: SocketAddr,
    now: u64,
    /// The next sequence numbers, close to where they wrap around.
    next: [u32; 2],
    mss: usize,
}

impl Script {
    fn new(client: &str, server: &str) -> Self {
        Self {
            sent: Vec::new(),
            client: client.parse().unwrap(),
            server: server.parse().unwrap(),
            now: BEGAN,
            next: [u32::MAX - 30, u32::MAX - 700],
            mss: 1460,
        }
    }

    pub fn opened(client: &str, server: &str) -> Self {
        Self::new(client, server)
            .flags(0, SYN)
            .wait(10)
            .flags(1, SYN | ACK)
            .wait(1)
            .flags(0, ACK)
    }

    fn wait(mut self, millis: u64) -> Self {
        self.now += millis * 1000;
        self
    }

    fn push(&mut self, side: usize, flags: u8, data: &[u8]) {
        let (from, to) = match side {
            0 => (self.client, self.server),
            _ => (self.server, self.client),
        };
        let identification = u16::try_from(self.sent.len()).unwrap() + 1;
        self.sent.push(Sent {
            at: self.now,
            from,
            to,
            sequence: self.next[side],
            acknowledged: self.next[1 - side],
            flags,
            ttl: 60,
            identification,
            options: Vec::new(),
            data: data.to_vec(),
        });
        let length = u32::try_from(data.len()).unwrap() + u32::from(flags & (SYN | FIN) != 0);
        self.next[side] = self.next[side].wrapping_add(length);
    }

    fn flags(mut self, side: usize, flags: u8) -> Self {
        self.push(side, flags, &[]);
        self
    }

    pub fn data(mut self, side: usize, data: &[u8]) -> Self {
        self = self.wait(1);
        for piece in data.chunks(self.mss) {
            self.push(side, ACK, piece);
        }
        self
    }

    /// What went over the wire in a recording of `crates/wire/tests/files`.
    fn recording(mut self, text: &str) -> Self {
        for line in text.lines() {
            match line.split_once(' ') {
                Some((">", digits)) => self = self.data(0, &unhex(digits)),
                Some(("<", digits)) => self = self.data(1, &unhex(digits)),
                _ => {}
            }
        }
        self
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    let value = |digit: u8| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap();
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| value(pair[0]) << 4 | value(pair[1]))
        .collect()
}

/// How a capture is written.
#[derive(Clone, Copy, Debug)]
enum Written {
    Pcap { big: bool, nanoseconds: bool },
    Pcapng { big: bool },
}

const WAYS: [Written; 6] = [
    Written::Pcap {
        big: false,
        nanoseconds: false,
    },
    Written::Pcap {
        big: true,
        nanoseconds: false,
    },
    Written::Pcap {
        big: false,
        nanoseconds: true,
    },
    Written::Pcap {
        big: true,
        nanoseconds: true,
    },
    Written::Pcapng { big: false },
    Written::Pcapng { big: true },
];

fn ip(sent: &Sent) -> Vec<u8> {
    let mut tcp = Vec::new();
    tcp.extend(sent.from.port().to_be_bytes());
    tcp.extend(sent.to.port().to_be_bytes());
    tcp.extend(sent.sequence.to_be_bytes());
    tcp.extend(sent.acknowledged.to_be_bytes());
    let words = u8::try_from(5 + sent.options.len() / 4).unwrap();
    tcp.extend([words << 4, sent.flags, 0xFA, 0xF0, 0, 0, 0, 0]);
    tcp.extend(&sent.options);
    tcp.extend(&sent.data);
    around(
        sent.from.ip(),
        sent.to.ip(),
        6,
        sent.ttl,
        sent.identification,
        &tcp,
    )
}

fn around(
    from: IpAddr,
    to: IpAddr,
    protocol: u8,
    ttl: u8,
    identification: u16,
    inner: &[u8],
) -> Vec<u8> {
    let mut out = Vec::new();
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let total = u16::try_from(inner.len() + 20).unwrap();
            out.extend([0x45, 0]);
            out.extend(total.to_be_bytes());
            out.extend(identification.to_be_bytes());
            out.extend([0x40, 0, ttl, protocol, 0, 0]);
            out.extend(from.octets());
            out.extend(to.octets());
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let total = u16::try_from(inner.len() + 8).unwrap();
            out.extend([0x60, 0, 0, 0]);
            out.extend(total.to_be_bytes());
            // A hop-by-hop header in front, as real packets may have.
            out.extend([0, ttl]);
            out.extend(from.octets());
            out.extend(to.octets());
            out.extend([protocol, 0, 1, 4, 0, 0, 0, 0]);
        }
        _ => panic!("two families"),
    }
    out.extend(inner);
    out
}

/// A packet behind the header of its link.
fn frame(link: u16, packet: &[u8]) -> Vec<u8> {
    let v6 = packet[0] >> 4 == 6;
    let ether = if v6 { [0x86, 0xDD] } else { [0x08, 0x00] };
    let header: Vec<u8> = match link {
        // Ethernet with two VLAN tags.
        1 => [&[2; 12][..], &[0x88, 0xA8, 0, 7, 0x81, 0x00, 0, 9], &ether].concat(),
        0 => vec![if v6 { 30 } else { 2 }, 0, 0, 0],
        101 => Vec::new(),
        113 => [&[0; 14][..], &ether].concat(),
        276 => [&ether[..], &[0; 18]].concat(),
        105 => [
            &[0x88, 0x01][..],
            &[0; 24],
            &[0xAA, 0xAA, 3, 0, 0, 0],
            &ether,
        ]
        .concat(),
        other => panic!("no frame for {other}"),
    };
    let mut out = [header, packet.to_vec()].concat();
    // Ethernet fills short frames up.
    if link == 1 {
        out.resize(out.len().max(60), 0);
    }
    out
}

fn file(way: Written, link: u16, packets: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let u16_of = |big: bool, value: u16| {
        if big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    };
    let u32_of = |big: bool, value: u32| {
        if big {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    };
    let mut out = Vec::new();
    match way {
        Written::Pcap { big, nanoseconds } => {
            let magic = if nanoseconds {
                0xA1B2_3C4D
            } else {
                0xA1B2_C3D4
            };
            out.extend(u32_of(big, magic));
            out.extend([0; 12]);
            out.extend(u32_of(big, 65_535));
            out.extend(u32_of(big, u32::from(link)));
            for (at, packet) in packets {
                let length = u32::try_from(packet.len()).unwrap();
                let fraction = u32::try_from(at % 1_000_000).unwrap();
                out.extend(u32_of(big, u32::try_from(at / 1_000_000).unwrap()));
                out.extend(u32_of(
                    big,
                    if nanoseconds {
                        fraction * 1000
                    } else {
                        fraction
                    },
                ));
                out.extend(u32_of(big, length));
                out.extend(u32_of(big, length));
                out.extend(packet);
            }
        }
        Written::Pcapng { big } => {
            let mut block = |kind: u32, body: &[u8]| {
                let mut body = body.to_vec();
                body.resize(body.len().next_multiple_of(4), 0);
                let length = u32::try_from(body.len() + 12).unwrap();
                out.extend(u32_of(big, kind));
                out.extend(u32_of(big, length));
                out.extend(body);
                out.extend(u32_of(big, length));
            };
            let magic = u32_of(big, 0x1A2B_3C4D);
            block(
                0x0A0D_0D0A,
                &[&magic[..], &u16_of(big, 1), &[0, 0], &[0xFF; 8]].concat(),
            );
            // Time in nanoseconds: option 9 with the value 9.
            let resolution =
                [&u16_of(big, 9)[..], &u16_of(big, 1), &[9, 0, 0, 0], &[0; 4]].concat();
            let interface = [&u16_of(big, link)[..], &[0; 6], &resolution].concat();
            block(1, &interface);
            block(5, &[0; 12]);
            for (at, packet) in packets {
                let ticks = at * 1000;
                let length = u32::try_from(packet.len()).unwrap();
                let body = [
                    &u32_of(big, 0)[..],
                    &u32_of(big, u32::try_from(ticks >> 32).unwrap()),
                    &u32_of(big, u32::try_from(ticks & 0xFFFF_FFFF).unwrap()),
                    &u32_of(big, length),
                    &u32_of(big, length),
                    packet,
                ]
                .concat();
                block(6, &body);
            }
        }
    }
    out
}

pub fn plain(sent: &[Sent]) -> Vec<u8> {
    written(WAYS[0], 1, sent)
}

fn written(way: Written, link: u16, sent: &[Sent]) -> Vec<u8> {
    let packets: Vec<(u64, Vec<u8>)> = sent
        .iter()
        .map(|sent| (sent.at, frame(link, &ip(sent))))
        .collect();
    file(way, link, &packets)
}

fn read(sent: &[Sent]) -> Capture {
    capture::read("test.pcap", &plain(sent))
}

pub fn facts(capture: &Capture) -> Vec<(Place, Fact)> {
    let seen = capture.connections.iter().flat_map(|one| &one.seen);
    seen.map(|(_, place, fact)| (*place, fact.clone()))
        .collect()
}

pub fn kinds(capture: &Capture) -> Vec<FactKind> {
    facts(capture).iter().map(|(_, fact)| fact.kind()).collect()
}

/// What does not depend on when and in how many pieces things came.
pub fn timeless(facts: Vec<(Place, Fact)>) -> Vec<(Place, Fact)> {
    let zero = Micros::ZERO;
    let strip = |(place, mut fact): (Place, Fact)| {
        match &mut fact {
            Fact::AnswerTook {
                first,
                whole,
                pieces,
                ..
            } => {
                (*first, *whole, *pieces) = (zero, zero, 0);
            }
            Fact::TlsEstablished { took, .. } | Fact::TcpOpened { took, .. } => *took = zero,
            Fact::Ended { waited, .. } | Fact::ClientEnded { waited, .. } => *waited = zero,
            Fact::CertificateSeen { seen_at, .. } => seen_at.0 = 0,
            _ => {}
        }
        (place, fact)
    };
    facts.into_iter().map(strip).collect()
}

fn tls12() -> Script {
    Script::opened(CLIENT, SERVER)
        .recording(include_str!("../../wire/tests/files/tls12.play"))
        .wait(3)
        .flags(1, FIN | ACK)
        .wait(1)
        .flags(0, FIN | ACK)
}

fn tls13() -> Script {
    Script::opened("[2001:db8::1]:50000", "[2001:db8::7]:13389")
        .recording(include_str!("../../wire/tests/files/tls13.play"))
        .wait(3)
        .flags(1, RST | ACK)
}

fn tls_hello() -> Vec<u8> {
    let version = model::codes::TlsVersion::TLS1_2;
    wire::tls::Hello::classic(version, version).encode()
}

fn request() -> Vec<u8> {
    x224::connection_request(Some(Protocols::TLS | Protocols::HYBRID), Some("someone"))
}

fn confirm(chosen: Protocols) -> Vec<u8> {
    x224::connection_confirm(Answer::Chosen {
        protocols: chosen,
        flags: NegFlags(0),
    })
}

// Laws

/// The same bytes through the passive machine without a capture in between.
#[test]
fn capture_equals_live() {
    for (script, text) in [
        (tls12(), include_str!("../../wire/tests/files/tls12.play")),
        (tls13(), include_str!("../../wire/tests/files/tls13.play")),
    ] {
        let how = if script.sent.iter().any(|sent| sent.flags & RST != 0) {
            Ending::Reset
        } else {
            Ending::Closed
        };
        let mut live = Vec::new();
        let mut watch = Watch::new(model::UnixSeconds(0));
        watch.on(Micros(0), Seen::Opened, &mut live);
        for line in text.lines() {
            match line.split_once(' ') {
                Some((">", digits)) => watch.on(Micros(0), Seen::Sent(&unhex(digits)), &mut live),
                Some(("<", digits)) => {
                    watch.on(Micros(0), Seen::Received(&unhex(digits)), &mut live)
                }
                _ => {}
            }
        }
        watch.on(Micros(0), Seen::Ended(how), &mut live);
        let mut captured = timeless(facts(&read(&script.sent)));
        assert_eq!(captured.remove(0).1.kind(), FactKind::TcpOpened);
        assert_eq!(captured, timeless(live));
    }
}

#[test]
fn every_container_and_link_tells_the_same() {
    for script in [tls12(), tls13()] {
        let expected = facts(&read(&script.sent));
        for way in WAYS {
            for link in [0, 1, 101, 105, 113, 276] {
                let capture = capture::read("x", &written(way, link, &script.sent));
                assert_eq!(capture.damage, [], "{way:?} {link}");
                assert_eq!(facts(&capture), expected, "{way:?} {link}");
                assert_eq!(capture.opened_at.0, 1_700_000_000);
                assert_eq!(capture.connections[0].began, Micros(250_000));
            }
        }
    }
}

#[test]
fn any_prefix_is_calm() {
    for way in [WAYS[0], WAYS[4]] {
        let whole = written(way, 1, &tls12().sent);
        let all = facts(&capture::read("x", &whole));
        for end in 0..whole.len() {
            let some = facts(&capture::read("x", &whole[..end]));
            assert_eq!(some, all[..some.len()]);
        }
    }
}

proptest! {
    #[test]
    fn any_piece_gives_the_same(sizes in prop::collection::vec(1_usize..3000, 1..12), way in prop::sample::select(WAYS.to_vec())) {
        let bytes = written(way, 1, &tls12().sent);
        let mut reader = Reader::default();
        let mut rest = &bytes[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() { break; }
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            reader.push(piece);
            rest = after;
        }
        let pieces = reader.finish("x");
        let whole = capture::read("x", &bytes);
        prop_assert_eq!(facts(&pieces), facts(&whole));
        prop_assert_eq!(pieces.damage, whole.damage);
    }

    /// Segments of any size, recorded in another order, sent again or recorded twice.
    #[test]
    fn any_order_gives_the_same(
        mss in 1_usize..900,
        swaps in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..4), 0..8),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let expected = timeless(facts(&read(&tls12().sent)));
        let mut script = Script { mss, ..Script::opened(CLIENT, SERVER) };
        script = script.recording(include_str!("../../wire/tests/files/tls12.play"));
        // Only segments of one flight change places: what answers a message comes after it.
        for (at, by) in swaps {
            let at = at.index(script.sent.len());
            let with = at + by;
            if script.sent.get(with).is_some_and(|other| {
                let one = &script.sent[at];
                other.at == one.at && other.from == one.from && !one.data.is_empty()
            }) {
                script.sent.swap(at, with);
            }
        }
        for at in again {
            let mut copy = script.sent[at.index(script.sent.len())].clone();
            if !copy.data.is_empty() {
                copy.at = script.now;
                copy.identification = 60_000;
                script.sent.push(copy);
            }
        }
        let script = script.wait(3).flags(1, FIN | ACK);
        let told: Vec<_> = timeless(facts(&read(&script.sent)))
            .into_iter()
            .filter(|(_, fact)| fact.kind() != FactKind::Retransmitted)
            .collect();
        prop_assert_eq!(told, expected);
    }

    #[test]
    fn any_damage_is_calm(
        way in prop::sample::select(WAYS.to_vec()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = written(way, 1, &[tls12().sent, tls13().sent].concat());
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let cut = cut.index(bytes.len());
        let _ = capture::read("x", &bytes[..cut]);
        let _ = capture::read("x", &bytes);
    }

    #[test]
    fn any_bytes_are_calm(bytes in prop::collection::vec(any::<u8>(), 0..3000), way in prop::sample::select(WAYS.to_vec())) {
        let mut file = file(way, 1, &[]);
        file.extend(bytes);
        let _ = capture::read("x", &file);
    }

    /// Whatever a capture lost, no server is accused of what it did not do.
    #[test]
    fn what_is_lost_accuses_nobody(lost in prop::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let whole = facts(&read(&tls12().sent));
        let mut script = Script { mss: 300, ..Script::opened(CLIENT, SERVER) };
        script = script.recording(include_str!("../../wire/tests/files/tls12.play"));
        for _ in 0..20 {
            script = script.wait(1).flags(0, ACK).flags(1, ACK);
        }
        let mut sent = script.wait(3).flags(1, FIN | ACK).sent;
        for at in lost {
            let at = at.index(sent.len());
            if !sent[at].data.is_empty() {
                sent.remove(at);
            }
        }
        for (_, fact) in facts(&read(&sent)) {
            let kind = fact.kind();
            prop_assert!(whole.iter().any(|(_, known)| known.kind() == kind), "{:?}", fact);
        }
    }
}

// How connections open

#[test]
fn ports_that_do_not_open_are_told() {
    let to: SocketAddr = SERVER.parse().unwrap();
    let only = |script: Script| {
        let told = facts(&read(&script.sent));
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, Place::host(Phase::Tcp));
        told[0].1.clone()
    };
    let refused = Script::new(CLIENT, SERVER)
        .flags(0, SYN)
        .wait(5)
        .flags(1, RST | ACK);
    assert_eq!(
        only(refused),
        Fact::TcpRefused {
            to,
            took: Micros::from_millis(5)
        }
    );
    let silent = Script::new(CLIENT, SERVER).flags(0, SYN);
    let mut again = silent.sent[0].clone();
    again.at += 9_000_000;
    let waited = Micros::from_secs(9);
    let silent = Script {
        sent: vec![silent.sent[0].clone(), again],
        ..silent
    };
    assert_eq!(only(silent), Fact::TcpSilent { to, waited });
    let late = Script::new(CLIENT, SERVER)
        .flags(0, SYN)
        .wait(21_000)
        .flags(1, RST | ACK);
    assert_eq!(
        only(late),
        Fact::TcpSilent {
            to,
            waited: Micros::from_secs(21)
        }
    );
    // A capture that ends at once says nothing, and neither does another port.
    assert_eq!(
        facts(&read(&Script::new(CLIENT, SERVER).flags(0, SYN).sent)),
        []
    );
    let web = Script::new(CLIENT, "198.51.100.7:80")
        .flags(0, SYN)
        .wait(5)
        .flags(1, RST | ACK);
    assert_eq!(facts(&read(&web.sent)), []);
}

#[test]
fn an_icmp_error_names_who_sent_it() {
    let script = Script::new(CLIENT, SERVER).flags(0, SYN);
    let quoted = ip(&script.sent[0]);
    let router: IpAddr = "203.0.113.1".parse().unwrap();
    let error = [&[3, 13, 0, 0, 0, 0, 0, 0][..], &quoted[..28]].concat();
    let error = around(router, script.client.ip(), 1, 250, 9, &error);
    let packets = [
        (BEGAN, frame(1, &quoted)),
        (BEGAN + 4_000, frame(1, &error)),
        (BEGAN + 8_000, frame(1, &quoted)),
    ];
    let capture = capture::read("x", &file(WAYS[0], 1, &packets));
    let icmp = Some(IcmpError {
        v6: false,
        kind: 3,
        code: 13,
        from: Some(router),
    });
    let to = script.server;
    let took = Micros::from_millis(4);
    let told = Fact::TcpUnreachable {
        to,
        icmp,
        os_error: 0,
        took,
    };
    assert_eq!(facts(&capture), [(Place::host(Phase::Tcp), told)]);
}

#[test]
fn ports_used_again_are_two_connections() {
    let mut script = tls12();
    let mut later = Script::new(CLIENT, SERVER);
    later.next = [77, 99];
    later.now = script.now + 50_000;
    let later = later.flags(0, SYN).wait(2).flags(1, RST | ACK);
    script.sent.extend(later.sent);
    let capture = read(&script.sent);
    assert_eq!(capture.connections.len(), 2);
    assert_eq!(
        capture.connections[1].seen[0].2.kind(),
        FactKind::TcpRefused
    );
}

#[test]
fn rdp_is_found_on_any_port_and_nothing_else_is() {
    let known = Script::opened(CLIENT, "198.51.100.7:33890").data(0, &request());
    assert_eq!(
        kinds(&read(&known.sent)),
        [FactKind::TcpOpened, FactKind::NegotiationOffered]
    );
    // S7comm uses the same first layer.
    let s7 = unhex("0300001611e00000000100c0010ac1020100c2020102");
    let s7 = Script::opened(CLIENT, "198.51.100.7:102").data(0, &s7);
    let web = Script::opened(CLIENT, "198.51.100.7:80").data(0, b"GET / HTTP/1.1\r\n\r\n");
    let capture = read(&[s7.sent, web.sent].concat());
    assert_eq!(facts(&capture), []);
    assert_eq!(capture.counts.flows, 2);
    // Where RDP is expected, something else is told.
    let ssh = Script::opened(CLIENT, SERVER).data(1, b"SSH-2.0-OpenSSH_9.2\r\n");
    assert_eq!(
        kinds(&read(&ssh.sent)),
        [FactKind::TcpOpened, FactKind::OtherServiceAnswered]
    );
    let junk = Script::opened(CLIENT, SERVER).data(0, b"E junk");
    let told = facts(&read(&junk.sent));
    let message = Message::ConnectionRequest;
    let first_bytes = Bytes(b"E".to_vec());
    assert_eq!(
        told[1].1,
        Fact::Unreadable {
            message,
            first_bytes
        }
    );
}

#[test]
fn a_request_in_single_bytes_is_found_on_any_port() {
    let script = Script {
        mss: 1,
        ..Script::opened(CLIENT, "198.51.100.7:33890")
    };
    let script = script.data(0, &request()).data(1, &confirm(Protocols::TLS));
    assert!(kinds(&read(&script.sent)).contains(&FactKind::NegotiationChosen));
}

#[test]
fn rdp_behind_a_proxy_is_found() {
    let ask = b"CONNECT host.example.test:3389 HTTP/1.1\r\nHost: host.example.test\r\n\r\n";
    let script = Script::opened(CLIENT, "198.51.100.9:8080")
        .data(0, ask)
        .data(1, b"HTTP/1.1 200 Connection established\r\n\r\n")
        .data(0, &request())
        .data(1, &confirm(Protocols::HYBRID))
        .wait(2)
        .flags(1, RST);
    let capture = read(&script.sent);
    use FactKind::*;
    assert_eq!(
        kinds(&capture),
        [
            TcpOpened,
            NegotiationOffered,
            NegotiationChosen,
            AnswerTook,
            Ended
        ]
    );
    let via = capture.connections[0].via.as_deref();
    assert_eq!(via, Some("an HTTP proxy to host.example.test:3389"));
    let announced = [
        &b"PROXY TCP4 192.0.2.9 198.51.100.7 4000 3389\r\n"[..],
        &request(),
    ]
    .concat();
    let script = Script::opened(CLIENT, SERVER)
        .data(0, &announced)
        .data(1, &confirm(Protocols::TLS));
    assert_eq!(
        kinds(&read(&script.sent)),
        [TcpOpened, NegotiationOffered, NegotiationChosen, AnswerTook]
    );
    // A refusal by the proxy is no answer of an RDP server.
    let script = Script::opened(CLIENT, "198.51.100.9:8080")
        .data(0, ask)
        .data(1, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    assert_eq!(kinds(&read(&script.sent)), [TcpOpened, ProxyRefused]);
}

#[test]
fn what_a_proxy_carries_besides_is_left_out() {
    let through = |port: &str| {
        let ask = format!("CONNECT host.example.test:{port} HTTP/1.1\r\n\r\n");
        Script::opened(CLIENT, "198.51.100.9:8080")
            .data(0, ask.as_bytes())
            .data(1, b"HTTP/1.1 200 Connection established\r\n\r\n")
            .data(0, b"GET / HTTP/1.1\r\n\r\n")
            .data(1, b"HTTP/1.1 200 OK\r\n\r\n")
    };
    assert_eq!(kinds(&read(&through("80").sent)), []);
    assert_ne!(kinds(&read(&through("3389").sent)), []);
    // Bytes that might have become a request, and did not.
    let script = Script::opened(CLIENT, "198.51.100.9:1720")
        .data(0, &[3, 0, 0, 4])
        .data(1, &[3, 0, 0, 4]);
    assert_eq!(kinds(&read(&script.sent)), []);
    // TLS to a port where something else speaks first, and to that of a gateway.
    let hello = tls12()
        .sent
        .iter()
        .find(|sent| sent.data.first() == Some(&22))
        .unwrap()
        .data
        .clone();
    let to = |port: u16| {
        Script::opened(CLIENT, &format!("198.51.100.9:{port}"))
            .data(0, &hello)
            .data(1, b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .flags(1, FIN | ACK)
    };
    assert_eq!(kinds(&read(&to(465).sent)), []);
    let kinds = kinds(&read(&to(443).sent));
    assert!(kinds.contains(&FactKind::OtherServiceAnswered), "{kinds:?}");
}

#[test]
fn what_was_not_recorded_is_no_silence() {
    // Of the server nothing was recorded, and the client confirms what it said.
    let mut script = Script::opened(CLIENT, SERVER)
        .data(0, &request())
        .data(1, &confirm(Protocols::HYBRID))
        .wait(5)
        .flags(0, ACK)
        .wait(60_000)
        .flags(0, FIN | ACK);
    script
        .sent
        .retain(|sent| sent.from == CLIENT.parse().unwrap());
    let capture = read(&script.sent);
    assert!(
        !kinds(&capture).contains(&FactKind::Ended),
        "{:?}",
        facts(&capture)
    );
    // Years between two packets are no wait of anybody's.
    let mut script = Script::opened(CLIENT, SERVER).data(0, &request());
    let mut later = Script::opened("192.0.2.1:50001", SERVER).sent;
    for sent in &mut later {
        sent.at += 1000 * 86_400_000_000;
    }
    script.sent.extend(later);
    let waited = facts(&read(&script.sent))
        .into_iter()
        .find_map(|(_, fact)| match fact {
            Fact::Ended { waited, .. } => Some(waited),
            _ => None,
        });
    assert!(
        waited.is_some_and(|waited| waited <= Micros::from_secs(601)),
        "{waited:?}"
    );
}

// How connections end

#[test]
fn who_ends_a_connection_is_told() {
    let begun = || {
        Script::opened(CLIENT, SERVER)
            .data(0, &request())
            .data(1, &confirm(Protocols::HYBRID))
    };
    let last = |script: Script| facts(&read(&script.sent)).pop().unwrap();
    let after = Message::ConnectionConfirm;
    let waited = Micros::from_millis(7);
    let place = Place::host(Phase::Secure);
    for (flags, how) in [(FIN | ACK, Ending::Closed), (RST, Ending::Reset)] {
        let ended = Fact::Ended {
            how,
            after,
            waited,
            partial: 0,
        };
        assert_eq!(last(begun().wait(7).flags(1, flags)), (place, ended));
        let left = Fact::ClientEnded { how, after, waited };
        assert_eq!(last(begun().wait(7).flags(0, flags)), (place, left));
    }
}

#[test]
fn an_answer_that_never_comes_is_a_silence() {
    let asked = || Script::opened(CLIENT, SERVER).data(0, &request());
    let silence = |seconds| Fact::Ended {
        how: Ending::Silence,
        after: Message::ConnectionRequest,
        waited: Micros::from_secs(seconds),
        partial: 0,
    };
    let gives_up = asked().wait(20_000).flags(0, RST);
    assert_eq!(facts(&read(&gives_up.sent)).pop().unwrap().1, silence(20));
    // The capture goes on with other traffic.
    let mut sent = asked().sent;
    let mut other = sent[0].clone();
    other.from.set_port(50_001);
    other.at = sent[3].at + 15_000_000;
    sent.push(other);
    assert_eq!(facts(&read(&sent)).pop().unwrap().1, silence(15));
    // It ends with the request: nothing is known.
    assert_eq!(
        kinds(&read(&asked().sent)).pop(),
        Some(FactKind::NegotiationOffered)
    );
}

#[test]
fn a_reset_from_elsewhere_is_told() {
    let mut script = Script::opened(CLIENT, SERVER)
        .data(0, &request())
        .wait(1)
        .flags(1, RST);
    let fact = Fact::ResetFromElsewhere {
        ttl: 250,
        usual: 60,
    };
    assert!(
        !facts(&read(&script.sent))
            .iter()
            .any(|(_, told)| *told == fact)
    );
    script.sent.last_mut().unwrap().ttl = 250;
    let told = facts(&read(&script.sent));
    assert!(told.iter().any(|(_, told)| *told == fact), "{told:?}");
}

#[test]
fn segments_sent_again_are_counted_and_those_recorded_twice_are_not() {
    let mut twice = Vec::new();
    for sent in tls12().sent {
        let mut copy = sent.clone();
        copy.at += 20;
        twice.extend([sent, copy]);
    }
    let mirrored = read(&twice);
    assert!(!kinds(&mirrored).contains(&FactKind::Retransmitted));
    assert_eq!(
        timeless(facts(&mirrored)),
        timeless(facts(&read(&tls12().sent)))
    );
    assert!(mirrored.counts.twice > 5);

    let mut script = Script::opened(CLIENT, SERVER).data(0, &request());
    let mut again = script.sent[3].clone();
    again.at += 300_000;
    again.identification = 999;
    script.sent.push(again);
    let again = Fact::Retransmitted {
        by_client: 1,
        by_server: Some(0),
        of: 2,
    };
    assert_eq!(facts(&read(&script.sent)).pop().unwrap().1, again);

    // The server says that it had those bytes: the first copy had only been slow to be confirmed (RFC 2883).
    let first = script.sent[3].sequence;
    let mut script = script.flags(1, ACK);
    let confirms = script.sent.last_mut().unwrap();
    confirms.at += 300_100;
    confirms.options = vec![1, 1, 5, 10];
    confirms.options.extend(first.to_be_bytes());
    confirms.options.extend(confirms.acknowledged.to_be_bytes());
    let told = kinds(&read(&script.sent));
    assert!(!told.contains(&FactKind::Retransmitted), "{told:?}");
}

#[test]
fn a_hello_that_is_sent_again_in_vain_is_not_late() {
    let script = Script::opened(CLIENT, SERVER)
        .data(0, &request())
        .data(1, &confirm(Protocols::TLS))
        .wait(5)
        .data(0, &tls_hello());
    let last = script.sent.last().unwrap().clone();
    let repeated = |times: usize| {
        let mut sent = script.sent.clone();
        for after in [200_000, 600_000, 1_400_000, 3_200_000]
            .into_iter()
            .take(times)
        {
            let mut again = last.clone();
            again.at += after;
            again.identification = 900;
            sent.push(again);
        }
        sent
    };
    let ended = |sent: &[Sent]| {
        facts(&read(sent)).into_iter().any(|(_, fact)| {
            matches!(
                fact,
                Fact::Ended {
                    how: Ending::Silence,
                    after: Message::ClientHello,
                    ..
                }
            )
        })
    };
    assert!(ended(&repeated(4)));
    // It may still come.
    assert!(!ended(&repeated(2)));
}

#[test]
fn packets_cut_short_are_still_followed() {
    let whole = timeless(facts(&read(&tls12().sent)));
    let mut packets: Vec<(u64, Vec<u8>)> = Vec::new();
    for sent in tls12().sent {
        let mut packet = ip(&sent);
        // Only what is encrypted is cut.
        if sent.data.first() == Some(&0x17) {
            packet.truncate(60);
        }
        packets.push((sent.at, packet));
    }
    let capture = capture::read("x", &file(WAYS[4], 101, &packets));
    assert_eq!(timeless(facts(&capture)), whole);
}

// What comes of it

#[test]
fn evidence_is_of_one_server_and_one_attempt_per_connection() {
    let first = tls12();
    let mut second = Script::opened("192.0.2.2:50001", SERVER).data(0, &request());
    second.sent.iter_mut().for_each(|sent| sent.at += 1_000_000);
    let other = Script::opened("192.0.2.3:50002", "198.51.100.8:3389").data(0, &request());
    let tls = Script::opened("192.0.2.4:50003", "198.51.100.8:443");
    let tls = tls.data(0, &tls_hello());
    let capture = read(&[first.sent, other.sent, second.sent, tls.sent].concat());
    assert_eq!(capture.connections.len(), 4);
    assert_eq!(capture.connections[3].protocol, Protocol::Tls);
    let server: SocketAddr = SERVER.parse().unwrap();
    assert_eq!(capture.servers()[0], (server, 2));
    let evidence = capture.evidence("a.pcap", None, None);
    assert_eq!(evidence.tried.len(), 2);
    assert_eq!(
        (evidence.target.host.0.as_str(), evidence.target.port),
        ("198.51.100.7", 3389)
    );
    assert_eq!(
        evidence.target.client.offers,
        Protocols::TLS | Protocols::HYBRID
    );
    assert!(
        evidence
            .seen
            .iter()
            .all(|seen| seen.source == model::Source::Capture)
    );
    let one = capture.evidence("a.pcap", None, Some(capture.connections[1].number));
    assert_eq!(
        (one.tried.len(), one.target.host.0.as_str()),
        (1, "198.51.100.8")
    );
    let again: Evidence = serde_json::from_str(&serde_json::to_string(&evidence).unwrap()).unwrap();
    assert_eq!(again, evidence);
}

#[test]
fn a_flood_of_connections_is_bounded_and_those_of_rdp_are_kept() {
    let mut reader = Reader::with_room(500);
    reader.push(&file(WAYS[0], 1, &[]));
    let push = |reader: &mut Reader, sent: &[Sent]| reader.push(&plain(sent)[24..]);
    push(&mut reader, &tls12().sent[..6]);
    for port in 1000_u16..9000 {
        let client = format!("192.0.2.1:{port}");
        let mut script = Script::opened(&client, "198.51.100.9:80").data(0, b"GET /");
        script
            .sent
            .iter_mut()
            .for_each(|sent| sent.at += u64::from(port) * 1000);
        push(&mut reader, &script.sent);
        assert!(reader.remembered() <= 500);
    }
    let capture = reader.finish("x");
    assert_eq!(capture.counts.flows, 8001);
    assert_eq!(capture.connections.len(), 1);
    assert_eq!(capture.damage, []);
}

#[test]
fn a_flood_of_rdp_is_bounded_and_said() {
    let mut reader = Reader::with_room(500);
    reader.push(&file(WAYS[0], 1, &[]));
    for port in 1000_u16..9000 {
        let script = Script::opened(&format!("192.0.2.1:{port}"), SERVER).data(0, &request());
        reader.push(&plain(&script.sent)[24..]);
        assert!(reader.remembered() <= 500);
    }
    let capture = reader.finish("x");
    assert_eq!(capture.connections.len(), 5000);
    assert_eq!((capture.counts.rdp, capture.counts.left_out), (8000, 3000));
    assert!(capture.connections.iter().all(|one| one.seen.len() == 2));
    let says = |words: &str| {
        capture
            .damage
            .iter()
            .any(|damage| damage.says.contains(words))
    };
    assert!(says("for want of room") && says("only counted"));
}

// The labelled captures beside the project

/// The phases of the labels, as far as they can be told without keys.
fn furthest(capture: &Capture, kinds: &[FactKind]) -> &'static str {
    use FactKind::*;
    let has = |kind| kinds.contains(&kind);
    let after = |message| capture.connections.iter().any(|one| one.last >= message);
    if has(SessionRan) {
        "active"
    } else if after(Message::McsConnectInitial) {
        "mcs_connect"
    } else if after(Message::CredSspNegotiate) {
        "credssp"
    } else if has(TlsEstablished) {
        "tls_established"
    } else if has(TlsChosen) {
        "tls_server_hello"
    } else if has(TlsOffered) {
        "tls_client_hello"
    } else if has(NegotiationChosen) || has(NegotiationRefused) || has(NegotiationPlain) {
        "x224_cc"
    } else if has(NegotiationOffered) {
        "x224_cr"
    } else if has(TcpOpened) {
        "tcp_established"
    } else if has(TcpRefused) || has(TcpSilent) {
        "tcp_syn"
    } else {
        "none"
    }
}

#[test]
fn labelled_captures_agree() {
    let Some((folder, labels)) = crate::shared::labelled("captures") else {
        return;
    };
    let mut tally = crate::shared::Tally::default();
    for label in &labels {
        let name = crate::shared::text(label, "/file");
        let truth = |path: &str| crate::shared::text(label, &format!("/truth/{path}")).to_owned();
        let bytes = std::fs::read(folder.join(name)).expect(name);
        assert!(capture::is_capture(&bytes));
        let capture = capture::read(name, &bytes);
        let all = kinds(&capture);
        let mut compare = |what: &str, ours: String, theirs: String| {
            tally.note(ours == theirs, || {
                format!("{name}: {what} is {ours:?}, labelled {theirs:?}")
            });
        };
        let rdp: Vec<_> = capture
            .connections
            .iter()
            .filter(|one| one.protocol == Protocol::Rdp)
            .collect();
        let is_rdp = crate::shared::text(label, "/kind") == "capture/rdp";
        let is_malformed = truth("outcome") == "malformed";

        let flows = label
            .pointer("/truth/flows_matching")
            .and_then(|count| count.as_u64());
        if is_rdp && truth("outcome") != "midstream" {
            compare(
                "connections",
                rdp.len().to_string(),
                flows.unwrap_or(0).to_string(),
            );
        } else {
            compare("RDP connections", rdp.len().to_string(), "0".to_owned());
        }

        // Each session against the flow of the same client.
        let sessions = label
            .pointer("/truth/sessions")
            .and_then(|list| list.as_array());
        for session in sessions.into_iter().flatten() {
            let text = |path: &str| crate::shared::text(session, path).to_owned();
            let client = text("/client");
            let Some(one) = capture
                .connections
                .iter()
                .find(|one| one.client.to_string() == client)
            else {
                let expected = is_rdp && truth("outcome") != "midstream";
                compare(
                    "session of",
                    if expected {
                        String::new()
                    } else {
                        client.clone()
                    },
                    client,
                );
                continue;
            };
            let mut chosen = String::new();
            let mut refused = String::new();
            let mut version = String::new();
            let mut subject = String::new();
            let mut established = false;
            for (_, _, fact) in &one.seen {
                match fact {
                    Fact::NegotiationChosen {
                        chosen: protocols, ..
                    } => {
                        chosen = match *protocols {
                            Protocols::RDP => "RDP",
                            Protocols::TLS => "SSL",
                            Protocols::HYBRID => "HYBRID",
                            Protocols::HYBRID_EX => "HYBRID_EX",
                            _ => "other",
                        }
                        .to_owned();
                    }
                    Fact::NegotiationRefused { code, .. } => {
                        refused = code.name().unwrap_or("").to_owned();
                    }
                    Fact::TlsChosen { version: seen, .. } => version = seen.to_string(),
                    Fact::CertificateSeen { certificate, .. } => {
                        subject = certificate.common_name.clone().unwrap_or_default();
                    }
                    Fact::TlsEstablished { .. } => established = true,
                    _ => {}
                }
            }
            if !is_malformed {
                compare("chosen", chosen, text("/selected_protocol"));
                compare("refused", refused, text("/neg_failure"));
            }
            compare("version", version.replace(' ', ""), text("/tls_version"));
            let labelled = text("/cert/subject");
            let common = labelled
                .split("CN=")
                .nth(1)
                .unwrap_or("")
                .split(',')
                .next()
                .unwrap_or("");
            if !common.is_empty() {
                compare("certificate", subject, common.to_owned());
            }
            let wire_phase = text("/wire_phase");
            if !wire_phase.is_empty() {
                let expected =
                    ["tls_application_data", "tls_established"].contains(&wire_phase.as_str());
                let tls = |established: bool| format!("established: {established}");
                compare("TLS", tls(established), tls(expected));
            }
            // Who ended it, and how.
            let by = text("/first_close/by");
            let how = text("/first_close/how");
            let told = one.seen.iter().rev().find_map(|(_, _, fact)| match fact {
                Fact::Ended { how, .. } => Some(("server", *how)),
                Fact::ClientEnded { how, .. } => Some(("client", *how)),
                Fact::TcpRefused { .. } | Fact::TcpSilent { .. } => Some(("server", Ending::Reset)),
                _ => None,
            });
            // A refusal and a strange answer end a look; what follows is not told.
            if let Some((who, told)) = told {
                let told = match told {
                    Ending::Closed => "FIN",
                    Ending::Reset => "RST",
                    Ending::Silence | Ending::Unreachable => "",
                };
                compare("end", format!("{who} {told}"), format!("{by} {how}"));
            } else if one
                .seen
                .iter()
                .any(|(_, _, fact)| fact.kind() == FactKind::SessionRan)
            {
                compare("end", String::new(), by);
            }
        }
        if is_rdp {
            let ours = furthest(&capture, &all);
            let theirs = match truth("furthest_phase").as_str() {
                "credssp_auth" | "credssp_pubkey" => "credssp".to_owned(),
                "mcs_connect_initial" | "mcs_connect_response" => "mcs_connect".to_owned(),
                "udp_syn" | "udp_tls" | "no_handshake_seen" => "none".to_owned(),
                other => other.to_owned(),
            };
            compare("furthest", ours.to_owned(), theirs);
        }
    }
    let argued = [
        // The server's confirm can be read although the request before it cannot.
        "malformed-cr.pcap: furthest",
    ];
    tally.close("captures", &argued);
}

#[test]
fn captures_join_the_files_of_a_case() {
    let mut intake = intake::Intake::default();
    let refused = x224::connection_confirm(Answer::Refused(model::codes::NegFailure(5)));
    let healthy = Script::opened(CLIENT, "198.51.100.8:3389").data(0, &request());
    let script = Script::opened(CLIENT, SERVER)
        .data(0, &request())
        .data(1, &refused);
    intake.take(
        "first.pcap",
        &mut plain(&[healthy.sent, script.sent].concat()).as_slice(),
    );
    intake.take("second.pcap", &mut plain(&tls13().sent).as_slice());
    let findings = intake.finish();
    let names: Vec<_> = findings.files.iter().map(|file| file.kind).collect();
    assert_eq!(names, [Some("packet capture"); 2]);
    assert!(
        findings.files[0].says.contains("2 of RDP"),
        "{}",
        findings.files[0].says
    );
    let hosts: Vec<&str> = findings
        .targets
        .iter()
        .map(|target| target.host.0.as_str())
        .collect();
    assert_eq!(hosts, ["198.51.100.7", "2001:db8::7"]);
    let looks: Vec<u32> = findings
        .tried
        .iter()
        .map(|attempt| attempt.look.0)
        .collect();
    assert_eq!(looks, [0, 1]);
    let target = findings.targets[0].clone();
    let evidence = findings.into_evidence(target, model::UnixSeconds(0));
    assert_eq!(evidence.opened_at.0, 1_700_000_000);
    assert_eq!(evidence.seen[0].at, Some(Micros(260_000)));
    let of = |look| {
        evidence
            .seen
            .iter()
            .filter(|seen| seen.look == Some(model::LookId(look)))
            .count()
    };
    assert_eq!((of(0), of(0) + of(1)), (4, evidence.seen.len()));
}

/// A web server that closes a connection is no RDP server that refuses to authenticate.
#[test]
fn what_follows_tls_of_an_unknown_kind_is_no_evidence() {
    let text = include_str!("../../wire/tests/files/tls12.play");
    let direct: String = text
        .lines()
        .skip(2)
        .map(|line| format!("{line}\n"))
        .collect();
    let script = Script::opened(CLIENT, "198.51.100.7:443").recording(&direct);
    let capture = read(&script.wait(5).flags(1, FIN | ACK).sent);
    assert_eq!(capture.connections[0].protocol, Protocol::Tls);
    let evidence = capture.evidence("x", None, None);
    let last = evidence.seen.last().map(|seen| seen.fact.kind());
    assert_eq!(last, Some(FactKind::TlsEstablished));
}

// Proxies, large segments and the side transport

fn udp(at: u64, from: &str, to: &str, payload: &[u8]) -> (u64, Vec<u8>) {
    let (from, to): (SocketAddr, SocketAddr) = (from.parse().unwrap(), to.parse().unwrap());
    let mut datagram = Vec::new();
    datagram.extend(from.port().to_be_bytes());
    datagram.extend(to.port().to_be_bytes());
    datagram.extend(u16::try_from(payload.len() + 8).unwrap().to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(payload);
    let packet = around(from.ip(), to.ip(), 17, 64, 1, &datagram);
    (at, frame(1, &packet))
}

#[test]
fn a_proxy_that_refuses_is_told() {
    for (ask, answer, status) in [
        (
            &b"CONNECT srv.example:3389 HTTP/1.1\r\n\r\n"[..],
            &b"HTTP/1.1 403 Forbidden\r\n\r\n"[..],
            403,
        ),
        (
            b"\x05\x01\x00\x05\x01\x00\x03\x0bsrv.example\x0d\x3d",
            b"\x05\x00\x05\x02\x00\x01\0\0\0\0\0\0",
            2,
        ),
    ] {
        let mut script = Script::opened(CLIENT, "198.51.100.9:8080");
        if ask[0] == 5 {
            script = script
                .data(0, &ask[..3])
                .data(1, &answer[..2])
                .data(0, &ask[3..])
                .data(1, &answer[2..]);
        } else {
            script = script.data(0, ask).data(1, answer);
        }
        let capture = read(&script.flags(1, FIN | ACK).flags(0, FIN | ACK).sent);
        let told = facts(&capture);
        let refused = Fact::ProxyRefused {
            proxy: "198.51.100.9:8080".parse().unwrap(),
            asked: model::HostName("srv.example".to_owned()),
            answer: status,
            wants: None,
            logon: None,
        };
        assert!(told.iter().any(|(_, fact)| *fact == refused), "{told:?}");
        assert!(
            !told
                .iter()
                .any(|(_, fact)| matches!(fact, Fact::Ended { .. } | Fact::ClientEnded { .. }))
        );
        assert!(capture.connections[0].is_troubled());
    }
    // Another service behind the same proxy is no matter of ours.
    let script = Script::opened(CLIENT, "198.51.100.9:8080")
        .data(0, b"CONNECT web.example:443 HTTP/1.1\r\n\r\n")
        .data(1, b"HTTP/1.1 403 Forbidden\r\n\r\n")
        .flags(1, FIN | ACK);
    assert_eq!(
        kinds(&read(&script.sent))
            .iter()
            .filter(|kind| **kind == FactKind::ProxyRefused)
            .count(),
        0
    );
}

#[test]
fn large_segments_that_are_lost_are_told_with_what_a_router_said() {
    let hello = vec![0x16; 1200];
    let mut script = Script::opened(CLIENT, SERVER)
        .data(0, &request())
        .data(1, &confirm(Protocols::TLS))
        .flags(0, ACK)
        .data(0, &hello);
    let lost = script.sent.last().unwrap().clone();
    for wait in [300, 700, 1500, 3000] {
        script = script.wait(wait);
        let mut again = lost.clone();
        again.at = script.now;
        again.identification += u16::try_from(wait).unwrap();
        script.sent.push(again);
    }
    let told = |packets: &[(u64, Vec<u8>)]| {
        let capture = capture::read("x", &file(WAYS[0], 1, packets));
        facts(&capture)
            .into_iter()
            .find_map(|(_, fact)| match fact {
                Fact::LargeSegmentsLost {
                    by_server,
                    lost,
                    times,
                    told,
                    ..
                } => Some((by_server, lost, times, told)),
                _ => None,
            })
    };
    let mut packets: Vec<(u64, Vec<u8>)> = script
        .sent
        .iter()
        .map(|sent| (sent.at, frame(1, &ip(sent))))
        .collect();
    assert_eq!(told(&packets), Some((false, 1200, 4, None)));
    // A router says why.
    let quoted = &ip(&lost)[..28];
    let body = [&[3, 4, 0, 0, 0, 0][..], &1000_u16.to_be_bytes(), quoted].concat();
    let icmp = around(
        "203.0.113.1".parse().unwrap(),
        "192.0.2.1".parse().unwrap(),
        1,
        64,
        9,
        &body,
    );
    packets.push((script.now + 1000, frame(1, &icmp)));
    assert_eq!(told(&packets), Some((false, 1200, 4, Some(1000))));
    // Confirmed in the end, it was slow and not lost.
    let slow = script.wait(10).flags(1, ACK);
    assert!(!kinds(&read(&slow.sent)).contains(&FactKind::LargeSegmentsLost));
}

#[test]
fn the_side_transport_is_told() {
    let (client, server) = ("192.0.2.1:50001", "198.51.100.7:3389");
    let asks = wire::rdpeudp::Syn::client(7, wire::rdpeudp::VERSION_2);
    let answers = asks.answer(9, wire::rdpeudp::VERSION_2);
    let told = |packets: &[(u64, Vec<u8>)]| {
        let capture = capture::read("x", &file(WAYS[0], 1, packets));
        let evidence = capture.evidence("x", None, None);
        assert_eq!(evidence.target.host.0, "198.51.100.7");
        evidence
            .seen
            .into_iter()
            .map(|seen| seen.fact)
            .collect::<Vec<_>>()
    };
    let syn = |millis: u64| udp(BEGAN + millis * 1000, client, server, &asks.encode());
    let to: SocketAddr = server.parse().unwrap();
    let answered = udp(BEGAN + 20_000, server, client, &answers.encode());
    assert_eq!(
        told(&[syn(0), answered]),
        [Fact::UdpAnswered {
            to,
            version: Some(2),
            mtu: Some(1232),
            took: Micros(20_000)
        }]
    );
    assert_eq!(
        told(&[syn(0), syn(3000), syn(6000)]),
        [Fact::UdpSilent {
            to,
            sent: 3,
            waited: Micros(6_000_000)
        }]
    );
    // Too early to call it silence.
    let capture = capture::read("x", &file(WAYS[0], 1, &[syn(0), syn(900)]));
    assert_eq!(capture.beside.len(), 0);
    let quoted = &syn(0).1[22..22 + 28];
    let icmp = around(
        "198.51.100.7".parse().unwrap(),
        "192.0.2.1".parse().unwrap(),
        1,
        64,
        9,
        &[&[3, 3, 0, 0, 0, 0, 0, 0], quoted].concat(),
    );
    assert!(matches!(
        told(&[syn(0), (BEGAN + 1000, frame(1, &icmp))])[..],
        [Fact::UdpUnreachable { icmp, .. }] if icmp.code == 3
    ));
    // DTLS to a gateway.
    let mut hello = vec![22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 1];
    hello.resize(60, 0);
    let gateway = "198.51.100.7:3391";
    let packets = [
        udp(BEGAN, client, gateway, &hello),
        udp(BEGAN + 5_000_000, client, gateway, &hello),
    ];
    assert!(matches!(
        told(&packets)[..],
        [Fact::UdpSilent { sent: 2, .. }]
    ));
    // What an answer of DTLS says, on one attempt.
    let alert = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40];
    let packets = [
        udp(BEGAN, client, gateway, &hello),
        udp(BEGAN + 5_000, gateway, client, &alert),
    ];
    let evidence = capture::read("x", &file(WAYS[0], 1, &packets)).evidence("x", None, None);
    assert_eq!(evidence.tried.len(), 1);
    assert!(matches!(
        evidence.seen.last().map(|seen| &seen.fact),
        Some(Fact::UdpSecured {
            alert: Some(model::codes::TlsAlert(40)),
            by_server: true,
            established: false,
            ..
        })
    ));
}
