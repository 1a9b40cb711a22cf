//! A gateway and its clients joined in memory, in counted time.

use std::collections::BTreeMap;

use wire::Read;

use super::packet::{self, Fields, kind};
use super::*;
use crate::server::Do;

const OUT: &str =
    "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw\r\nRDG-Connection-Id: {AB}\r\n";
const IN: &str =
    "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw\r\nRDG-Connection-Id: {ab}\r\n";
const BASIC: &str = "Authorization: Basic TEFCXGxhYjpQYXNzdzByZCE=\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

pub(super) struct Line {
    tls: tls::Client,
    pub(super) got: Vec<u8>,
    pub(super) ended: Option<Do>,
}

/// A gateway with clients, and a server behind it that says back what it is told.
pub(super) struct Bench {
    pub(super) gateway: Gateway,
    pub(super) now: Micros,
    pub(super) lines: BTreeMap<u32, Line>,
    pub(super) wakes: BTreeMap<u32, Micros>,
    pub(super) behind: bool,
    pub(super) names: Vec<String>,
    pub(super) hung_up: bool,
}

impl Bench {
    pub(super) fn of(rest: &str) -> Self {
        let text = format!(
            "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = {{ outcome = \"healthy\" }}\n[gateway]\n{rest}"
        );
        let scenario = crate::scenario::read("gateway/test", &text).unwrap();
        let script = scenario.gateway.unwrap();
        let names = [script.name.clone()];
        Self {
            gateway: Gateway::new(&script, &names, UnixSeconds(1_780_272_000), 1).unwrap(),
            now: Micros::ZERO,
            lines: BTreeMap::new(),
            wakes: BTreeMap::new(),
            behind: true,
            names: Vec::new(),
            hung_up: false,
        }
    }

    /// Opens connection `number` up to TLS.
    pub(super) fn open(&mut self, number: u32) {
        let hello = tls::ClientHello::default();
        let tls = tls::Client::new(&hello).unwrap();
        let (got, ended) = (Vec::new(), None);
        self.lines.insert(number, Line { tls, got, ended });
        let orders = self.gateway.client(self.now, number, Net::Opened);
        self.carry_out(orders);
        self.carry_on(number);
    }

    fn carry_on(&mut self, number: u32) {
        let line = self.lines.get_mut(&number).unwrap();
        line.tls.step();
        let sent = line.tls.take_outgoing();
        line.got.extend(line.tls.take_plain());
        if !sent.is_empty() {
            let orders = self.gateway.client(self.now, number, Net::Bytes(&sent));
            self.carry_out(orders);
        }
    }

    pub(super) fn carry_out(&mut self, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Client(number, Do::Send(bytes)) => {
                    self.lines.get_mut(&number).unwrap().tls.received(&bytes);
                    self.carry_on(number);
                }
                Order::Client(number, Do::Wake(at)) => {
                    self.wakes.insert(number, at);
                }
                Order::Client(number, ended) => {
                    self.lines.get_mut(&number).unwrap().ended = Some(ended);
                }
                Order::Dial { tunnel, names, .. } => {
                    self.names = names;
                    let net = if self.behind {
                        Behind::Opened
                    } else {
                        Behind::Failed
                    };
                    let orders = self.gateway.behind(self.now, tunnel, net);
                    self.carry_out(orders);
                }
                Order::Forward(tunnel, bytes) => {
                    let orders = self.gateway.behind(self.now, tunnel, Behind::Bytes(&bytes));
                    self.carry_out(orders);
                }
                Order::Hangup(_) => self.hung_up = true,
            }
        }
    }

    /// Says something on a connection; returns what came for it.
    pub(super) fn say(&mut self, number: u32, bytes: &[u8]) -> Vec<u8> {
        let line = self.lines.get_mut(&number).unwrap();
        line.tls.write_plain(bytes);
        self.carry_on(number);
        std::mem::take(&mut self.lines.get_mut(&number).unwrap().got)
    }

    pub(super) fn ask(&mut self, number: u32, head: &str) -> String {
        String::from_utf8_lossy(&self.say(number, head.as_bytes())).into_owned()
    }

    /// Lets time pass until everything that is planned has happened.
    fn wait(&mut self) {
        while let Some((number, at)) = self.wakes.pop_first() {
            self.now = self.now.max(at);
            let orders = self.gateway.client(self.now, number, Net::Time);
            self.carry_out(orders);
        }
    }

    /// Opens both channels, as the user.
    fn channels(&mut self) {
        self.open(1);
        let out = self.say(1, format!("{OUT}{BASIC}\r\n").as_bytes());
        let text = String::from_utf8_lossy(&out);
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
        assert!(out.ends_with(&[0xAB, 0xCD, 0xAB, 0xCD]), "{text}");
        self.open(2);
        let answer = self.ask(2, &format!("{IN}{BASIC}{CHUNKED}"));
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }

    /// Sends a packet on the IN channel; what comes on the OUT channel.
    fn packet(&mut self, kind: u16, body: &[u8]) -> Vec<u8> {
        let packet = packet::write(kind, body);
        let chunk = [
            format!("{:x}\r\n", packet.len()).as_bytes(),
            &packet,
            b"\r\n",
        ]
        .concat();
        self.say(2, &chunk);
        std::mem::take(&mut self.lines.get_mut(&1).unwrap().got)
    }

    /// Goes as far as data.
    fn tunnel(&mut self) {
        self.channels();
        for (asked, body, answered) in [
            (kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0][..], 2),
            (kind::TUNNEL_CREATE, &[0x3F, 0, 0, 0, 0, 0, 0, 0], 5),
            (kind::TUNNEL_AUTH, &[0, 0, 4, 0, b'p', 0, 0, 0], 7),
            (kind::CHANNEL_CREATE, CHANNEL, 9),
        ] {
            let answer = self.packet(asked, body);
            let first = packet::read(&answer).whole().unwrap();
            assert_eq!(first.kind, answered);
        }
        assert_eq!(self.names, ["pc"]);
    }
}

/// One name, port 3389, protocol 3.
const CHANNEL: &[u8] = &[1, 0, 0x3D, 0x0D, 3, 0, 6, 0, b'p', 0, b'c', 0, 0, 0];

/// The kinds of the packets in a stream, and the first number in each.
fn packets(stream: &[u8]) -> Vec<(u16, u32)> {
    let mut rest = stream;
    let mut packets = Vec::new();
    while let Read::Whole { value, used } = packet::read(rest) {
        packets.push((value.kind, Fields(&value.body).long().unwrap_or_default()));
        rest = &rest[used..];
    }
    assert!(rest.is_empty());
    packets
}

#[test]
fn two_channels_lead_to_the_server_and_back() {
    let mut bench = Bench::of("");
    bench.tunnel();
    let echo = bench.packet(kind::DATA, &[3, 0, 7, 8, 9]);
    assert_eq!(echo, packet::data(&[7, 8, 9]));
    assert_eq!(bench.packet(kind::KEEPALIVE, &[]), [0_u8; 0]);
    let farewell = bench.packet(kind::CLOSE_CHANNEL, &[0; 4]);
    assert_eq!(packets(&farewell), [(kind::CLOSE_CHANNEL_RESPONSE, 0)]);
    assert!(bench.hung_up);
    for line in bench.lines.values() {
        assert_eq!(line.ended, Some(Do::Close));
    }
}

#[test]
fn a_socket_leads_to_the_server_and_back() {
    let mut bench = Bench::of("");
    bench.open(1);
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let answer = bench.ask(1, &format!("{OUT}{BASIC}{upgrade}"));
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    let mut ask = |kind: u16, body: &[u8]| {
        let mut frame = http::frame(http::Opcode::Data, &packet::write(kind, body));
        frame[1] |= 0x80;
        // A mask of zeros changes nothing.
        frame.splice(2..2, [0; 4]);
        let answer = bench.say(1, &frame);
        assert_eq!(answer.first(), Some(&0x82));
        packets(&answer[2..])
    };
    assert_eq!(ask(kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0]), [(2, 0)]);
    ask(kind::TUNNEL_CREATE, &[0; 8]);
    assert_eq!(ask(kind::TUNNEL_AUTH, &[0; 4]), [(7, 0)]);
    assert_eq!(ask(kind::CHANNEL_CREATE, CHANNEL), [(9, 0)]);
}

#[test]
fn strangers_are_asked_who_they_are() {
    let mut bench = Bench::of("");
    bench.open(1);
    for head in [
        "",
        "Authorization: Basic bGFiOm5vdGhpbmc=\r\n",
        "Authorization: Digest x\r\n",
    ] {
        let answer = bench.ask(1, &format!("{OUT}{head}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        for scheme in ["Negotiate", "NTLM", "Basic realm=\"gw.lab.test\""] {
            let header = format!("WWW-Authenticate: {scheme}\r\n");
            assert!(answer.contains(&header), "{answer}");
        }
    }
    assert!(
        bench
            .ask(1, &format!("{OUT}{BASIC}\r\n"))
            .starts_with("HTTP/1.1 200 ")
    );
    bench.open(2);
    let elsewhere = bench.ask(2, "GET / HTTP/1.1\r\nHost: gw\r\n\r\n");
    assert!(elsewhere.starts_with("HTTP/1.1 404 "), "{elsewhere}");
}

#[test]
fn a_code_is_said_at_its_moment() {
    for (at, code, steps) in [
        ("handshake", 0x59E8_u32, 0),
        ("tunnel", 0x8007_59E9, 1),
        ("tunnel-auth", 0x8007_59DB, 2),
        ("channel", 0x8007_59DA, 3),
    ] {
        let mut bench = Bench::of(&format!(
            "[[gateway.fault]]\nat = \"{at}\"\ndoes = \"code\"\ncode = {code}"
        ));
        bench.channels();
        let asked = [
            (kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0][..]),
            (kind::TUNNEL_CREATE, &[0; 8]),
            (kind::TUNNEL_AUTH, &[0; 4]),
            (kind::CHANNEL_CREATE, CHANNEL),
        ];
        for (index, (kind, body)) in asked.into_iter().enumerate().take(steps + 1) {
            let answer = bench.packet(kind, body);
            let packet = packet::read(&answer).whole().unwrap();
            let skipped = if kind == kind::TUNNEL_CREATE { 2 } else { 0 };
            let said = Fields(&packet.body[skipped..]).long();
            assert_eq!(said, Some(if index == steps { code } else { 0 }), "{at}");
        }
        assert_eq!(bench.lines[&1].ended, Some(Do::Close), "{at}");
        assert!(bench.names.is_empty(), "{at}: nobody was dialled");
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_told() {
    let mut bench = Bench::of("");
    bench.behind = false;
    bench.channels();
    bench.packet(kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0]);
    bench.packet(kind::TUNNEL_CREATE, &[0; 8]);
    bench.packet(kind::TUNNEL_AUTH, &[0; 4]);
    let answer = bench.packet(kind::CHANNEL_CREATE, CHANNEL);
    assert_eq!(packets(&answer), [(kind::CHANNEL_RESPONSE, 0x59DD)]);
}

#[test]
fn time_runs_out_while_data_flows() {
    let mut bench = Bench::of(
        "[[gateway.fault]]\nat = \"data\"\ndoes = \"code\"\ncode = 0x59F6\nafter_ms = 50",
    );
    bench.tunnel();
    let echo = bench.packet(kind::DATA, &[1, 0, 7]);
    assert_eq!(echo, packet::data(&[7]));
    bench.wait();
    assert_eq!(bench.now, bench.now.max(Micros::from_millis(50)));
    let got = std::mem::take(&mut bench.lines.get_mut(&1).unwrap().got);
    assert_eq!(packets(&got), [(kind::CLOSE_CHANNEL, 0x59F6)]);
    assert!(bench.hung_up);
    assert_eq!(bench.lines[&2].ended, Some(Do::Close));
}

#[test]
fn a_status_and_a_reset_meet_the_channel_they_are_for() {
    let mut bench = Bench::of(
        "[[gateway.fault]]\nat = \"request\"\ndoes = \"status\"\nstatus = 503\non = \"in\"",
    );
    bench.open(1);
    assert!(
        bench
            .ask(1, &format!("{OUT}{BASIC}\r\n"))
            .starts_with("HTTP/1.1 200 ")
    );
    bench.open(2);
    let answer = bench.ask(2, &format!("{IN}{BASIC}{CHUNKED}"));
    assert!(
        answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{answer}"
    );

    let mut bench = Bench::of("[[gateway.fault]]\nat = \"tunnel\"\ndoes = \"reset\"");
    bench.channels();
    bench.packet(kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0]);
    assert_eq!(bench.packet(kind::TUNNEL_CREATE, &[0; 8]), [0_u8; 0]);
    for line in bench.lines.values() {
        assert_eq!(line.ended, Some(Do::Reset));
    }
}

#[test]
fn what_is_out_of_turn_ends_the_tunnel() {
    for (kind, body) in [
        (kind::DATA, &[1, 0, 7][..]),
        (kind::TUNNEL_AUTH, &[0; 4]),
        (77, &[]),
    ] {
        let mut bench = Bench::of("");
        bench.channels();
        let answer = bench.packet(kind, body);
        assert_eq!(packets(&answer), [(kind::CLOSE_CHANNEL, 0x59E8)]);
        assert_eq!(bench.lines[&2].ended, Some(Do::Close));
    }
}

#[test]
fn a_message_is_shown_to_clients_that_can_show_it() {
    for (capabilities, shown) in [([0x3F, 0, 0, 0], true), ([0x3B, 0, 0, 0], false)] {
        let mut bench = Bench::of("consent = \"Hi\"");
        bench.channels();
        bench.packet(kind::HANDSHAKE_REQUEST, &[1, 0, 0, 0, 0, 0]);
        let body = [&capabilities[..], &[0; 4]].concat();
        let answer = bench.packet(kind::TUNNEL_CREATE, &body);
        assert_eq!(answer.ends_with(&[4, 0, b'H', 0, b'i', 0]), shown);
    }
}

#[test]
fn faults_that_make_no_sense_are_refused() {
    let check = |rest: &str, word: &str| {
        let text = format!(
            "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = {{ outcome = \"healthy\" }}\n\
             [gateway]\n[[gateway.fault]]\n{rest}"
        );
        let error = crate::scenario::read("gateway/test", &text).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    };
    check("at = \"request\"\ndoes = \"status\"", "`status`");
    check(
        "at = \"tunnel\"\ndoes = \"status\"\nstatus = 403",
        "no place",
    );
    check("at = \"request\"\ndoes = \"code\"\ncode = 5", "no place");
    check("at = \"data\"\ndoes = \"drip\"", "no place");
    check(
        "at = \"tls\"\ndoes = \"reset\"\non = \"in\"",
        "before the request",
    );
    check("at = \"tunnel\"\ndoes = \"truncate\"", "needs `bytes`");
}

/// However the bytes come, and whatever they are, a gateway stays calm.
#[test]
fn nonsense_ends_calmly() {
    let mut chance = Chance::of(7);
    for number in 1..200 {
        let mut bench = Bench::of("");
        bench.open(number);
        let length = usize::try_from(chance.below(300)).unwrap();
        let noise = chance.bytes(length);
        if number % 2 == 0 {
            bench.ask(number, &format!("{OUT}{BASIC}\r\n"));
        }
        bench.say(number, &noise);
        let orders = bench.gateway.client(bench.now, number, Net::Bytes(&noise));
        bench.carry_out(orders);
        bench.gateway.client(bench.now, number, Net::Ended);
        assert!(bench.gateway.tunnels.is_empty());
    }
}
