//! A gateway and a client that goes through it over RPC, joined in memory, in counted time.

use super::pdu::{Trailer, flag};
use super::security::{INTEGRITY, PRIVACY, SIGNATURE, Security};
use super::tsproxy::opnum;
use super::*;
use crate::gateway::tests::Bench;
use crate::ntlm::{Session, tests as ntlm};
use crate::server::{Do, Net};

mod faults;

const BASIC: &str = "Authorization: Basic TEFCXGxhYjpQYXNzdzByZCE=\r\n";
const PATH: &str = "/rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\nHost: gw\r\n";
const OUT: u32 = 1;
const IN: u32 = 2;

/// What came for a client: what kind of PDU, and its stub or what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Got {
    Rts(u16),
    /// The call, its flags, and its stub.
    Response(u32, u8, Vec<u8>),
    /// The call and its status.
    Fault(u32, u32),
    Other(u8),
}

struct Client {
    bench: Bench,
    /// auth_type and auth_level.
    kind: u8,
    level: u8,
    security: Option<Security>,
    next: u32,
}

impl Client {
    fn of(rest: &str) -> Self {
        let text = format!("http = false\nwebsocket = false\nrpc = \"serves\"\n{rest}");
        Self {
            bench: Bench::of(&text),
            kind: 10,
            level: INTEGRITY,
            security: None,
            next: 2,
        }
    }

    /// Says something on a channel; what came on the OUT channel.
    fn says(&mut self, number: u32, bytes: &[u8]) -> Vec<u8> {
        let own = self.bench.say(number, bytes);
        if number == OUT {
            return own;
        }
        self.got()
    }

    fn got(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bench.lines.get_mut(&OUT).unwrap().got)
    }

    fn ended(&self, number: u32) -> Option<Do> {
        self.bench.lines[&number].ended.clone()
    }

    /// Both channels, up to CONN/C2. The IN channel comes first, as FreeRDP has it.
    fn connects(&mut self) -> Vec<u8> {
        self.bench.open(IN);
        let head = format!("RPC_IN_DATA {PATH}{BASIC}Content-Length: 1073741824\r\n\r\n");
        assert_eq!(self.bench.ask(IN, &head), "");
        self.bench.say(IN, &opens_in());
        self.bench.open(OUT);
        let head = format!("RPC_OUT_DATA {PATH}{BASIC}Content-Length: 76\r\n\r\n");
        self.bench.say(OUT, head.as_bytes());
        self.says(OUT, &opens_out(WINDOW))
    }

    /// bind and rpc_auth_3.
    fn binds(&mut self, password: &str) {
        let negotiate = [b"NTLMSSP\0\x01\0\0\0".to_vec(), vec![0; 24]].concat();
        let answer = self.says(IN, &bind(self.level, &negotiate));
        assert_eq!(answer[2], kind::BIND_ACK);
        assert_eq!(answer[3], flag::WHOLE | flag::HEADER_SIGN | flag::MULTIPLEX);
        let length = usize::from(u16::from_le_bytes([answer[10], answer[11]]));
        let challenge = &answer[answer.len() - length..];
        let token = ntlm::authenticate("lab", password, challenge, Some(&negotiate), None);
        let mut body = vec![0; 4];
        body.extend([10, self.level, 0, 0, 7, 0, 0, 0]);
        body.extend(&token);
        let auth = pdu::write(kind::AUTH_3, flag::WHOLE, 2, &body, token.len());
        assert_eq!(self.says(IN, &auth), [0_u8; 0]);
        let session = Session {
            key: ntlm::EXPORTED.to_vec(),
            flags: ntlm::FLAGS,
        };
        self.security = Security::of_client(&session, self.level);
    }

    /// A fragment of a request.
    fn request(&mut self, call: u32, flags: u8, opnum: u16, stub: &[u8]) -> Vec<u8> {
        let mut body = pdu::response(stub.len(), 0);
        body.splice(6..8, opnum.to_le_bytes());
        body.extend(stub);
        let pad = body.len().next_multiple_of(4) - body.len();
        body.resize(body.len() + pad, 0);
        let end = pdu::COMMON + body.len();
        body.extend([
            self.kind,
            self.level,
            u8::try_from(pad).unwrap(),
            0,
            7,
            0,
            0,
            0,
        ]);
        let mut whole = pdu::write(kind::REQUEST, flags, call, &body, SIGNATURE);
        let length = u16::try_from(whole.len() + SIGNATURE).unwrap();
        whole.splice(8..10, length.to_le_bytes());
        let security = self.security.as_mut().unwrap();
        security.close(whole, pdu::RESPONSE..end).unwrap()
    }

    /// Makes a call; what came.
    fn call(&mut self, opnum: u16, stub: &[u8]) -> Vec<Got> {
        let call = self.next;
        self.next += 1;
        let request = self.request(call, flag::WHOLE, opnum, stub);
        let answer = self.says(IN, &request);
        self.reads(&answer)
    }

    /// Reads what came, and checks its signatures.
    fn reads(&mut self, stream: &[u8]) -> Vec<Got> {
        let mut rest = stream;
        let mut got = Vec::new();
        while let Read::Whole { value, used } = pdu::cut(rest) {
            rest = &rest[used..];
            let header = Header::read(&value).unwrap();
            let body = match header.kind {
                kind::RTS => {
                    got.push(Got::Rts(u16::from_le_bytes([value[16], value[17]])));
                    continue;
                }
                kind::RESPONSE => pdu::RESPONSE,
                kind::FAULT => 32,
                other => {
                    got.push(Got::Other(other));
                    continue;
                }
            };
            assert!(usize::from(header.length) <= 5840);
            let status = || u32::from_le_bytes(*value[24..].first_chunk().unwrap());
            if header.auth_length == 0 {
                got.push(Got::Fault(header.call, status()));
                continue;
            }
            let (end, trailer, token) = pdu::trailer(&value, header.auth_length).unwrap();
            assert_eq!((end - body) % 16, 0);
            let expected = Trailer {
                kind: self.kind,
                level: self.level,
                pad: trailer.pad,
                context: 7,
            };
            assert_eq!(trailer, expected);
            let security = self.security.as_mut().unwrap();
            let signed = value.strip_suffix(token).unwrap();
            let mut stub = security.open(signed, body..end, token).unwrap();
            stub.truncate(stub.len() - usize::from(trailer.pad));
            if header.kind == kind::FAULT {
                got.push(Got::Fault(header.call, status()));
            } else {
                got.push(Got::Response(header.call, header.flags, stub));
            }
        }
        assert!(rest.is_empty(), "{rest:?}");
        got
    }

    /// Makes a call that is answered in one response; its stub.
    fn answered(&mut self, opnum: u16, stub: &[u8]) -> Vec<u8> {
        let call = self.next;
        let got = self.call(opnum, stub);
        match got.as_slice() {
            [Got::Response(number, flag::WHOLE, stub)] if *number == call => stub.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Goes as far as a channel; its handle, and that of the tunnel.
    fn channel(&mut self) -> ([u8; 20], [u8; 20]) {
        self.connects();
        self.binds("Passw0rd!");
        let created = self.answered(opnum::CREATE_TUNNEL, &create_tunnel(0x1F));
        let tunnel = handle(&created, created.len() - 28);
        self.answered(opnum::AUTHORIZE_TUNNEL, &authorize_tunnel(&tunnel));
        let created = self.answered(opnum::CREATE_CHANNEL, &create_channel(&tunnel));
        assert_eq!(created.len(), 28);
        assert_eq!(created[20..], [1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(self.bench.names, ["pc"]);
        (handle(&created, 0), tunnel)
    }

    /// Goes as far as data.
    fn pipe(&mut self) -> ([u8; 20], [u8; 20]) {
        let (channel, tunnel) = self.channel();
        assert_eq!(self.call(opnum::SETUP_RECEIVE_PIPE, &channel), []);
        (channel, tunnel)
    }

    /// Lets so much time pass, and what is planned within it happen.
    fn passes(&mut self, ms: u64) {
        let end = self.bench.now.plus(Micros::from_millis(ms));
        while let Some((number, at)) = self
            .bench
            .wakes
            .iter()
            .map(|(number, at)| (*number, *at))
            .filter(|(_, at)| *at <= end)
            .min_by_key(|(_, at)| *at)
        {
            self.bench.wakes.remove(&number);
            self.bench.now = self.bench.now.max(at);
            let now = self.bench.now;
            let orders = self.bench.gateway.client(now, number, Net::Time);
            self.bench.carry_out(orders);
        }
        self.bench.now = end;
    }
}

fn handle(stub: &[u8], at: usize) -> [u8; 20] {
    *stub[at..].first_chunk().unwrap()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn code(stub: &[u8]) -> u32 {
    u32::from_le_bytes(*stub.last_chunk().unwrap())
}

fn opens_out(window: u32) -> Vec<u8> {
    let commands = [
        rts::Command::Version(1),
        rts::Command::Cookie([1; 16]),
        rts::Command::Cookie([2; 16]),
        rts::Command::ReceiveWindowSize(window),
    ];
    rts::write(rts::flag::NONE, &commands)
}

fn opens_in() -> Vec<u8> {
    let commands = [
        rts::Command::Version(1),
        rts::Command::Cookie([1; 16]),
        rts::Command::Cookie([3; 16]),
        rts::Command::ChannelLifetime(LIFETIME),
        rts::Command::ClientKeepalive(300_000),
        rts::Command::AssociationGroupId([4; 16]),
    ];
    rts::write(rts::flag::NONE, &commands)
}

const TSPROXY: &[u8] =
    b"\xDD\x65\xE2\x44\xAF\x7D\xCD\x42\x85\x60\x3C\xDB\x6E\x7A\x27\x29\x01\0\x03\0";
const NDR: &[u8] = b"\x04\x5D\x88\x8A\xEB\x1C\xC9\x11\x9F\xE8\x08\x00\x2B\x10\x48\x60\x02\0\0\0";
const NDR64: &[u8] = b"\x33\x05\x71\x71\xBA\xBE\x37\x49\x83\x19\xB5\xDB\xEF\x9C\xCC\x36\x01\0\0\0";
const FEATURES: &[u8] = b"\x2C\x1C\xB7\x6C\x12\x98\x40\x45\x03\0\0\0\0\0\0\0\x01\0\0\0";

/// bind as Windows writes it: NDR, NDR64, and features.
fn bind(level: u8, token: &[u8]) -> Vec<u8> {
    let mut body = vec![0xD0, 0x16, 0xD0, 0x16, 0, 0, 0, 0, 3, 0, 0, 0];
    for (id, transfer) in (0_u8..).zip([NDR, NDR64, FEATURES]) {
        body.extend([id, 0, 1, 0]);
        body.extend(TSPROXY);
        body.extend(transfer);
    }
    body.extend([10, level, 0, 0, 7, 0, 0, 0]);
    body.extend(token);
    let flags = flag::WHOLE | flag::HEADER_SIGN | flag::MULTIPLEX;
    pdu::write(kind::BIND, flags, 2, &body, token.len())
}

fn create_tunnel(can: u32) -> Vec<u8> {
    words(&[
        0x5643,
        0x5643,
        0x0002_0000,
        0x5643_5452,
        0x0002_0004,
        1,
        0x0001_0001,
        0,
        1,
        1,
        1,
        can,
    ])
}

fn authorize_tunnel(tunnel: &[u8]) -> Vec<u8> {
    let rest = words(&[
        0x5152,
        0x5152,
        0x0002_0000,
        0,
        0x0002_0004,
        2,
        0,
        0,
        2,
        0,
        2,
        u32::from(b'p'),
    ]);
    [tunnel, &rest].concat()
}

fn create_channel(tunnel: &[u8]) -> Vec<u8> {
    let rest = words(&[
        0x0002_0000,
        1,
        0,
        0,
        0x0D3D_0003,
        1,
        0x0002_0004,
        3,
        0,
        3,
        0x0063_0070,
        0,
    ]);
    [tunnel, &rest].concat()
}

fn tunnel_call(tunnel: &[u8], what: u32) -> Vec<u8> {
    [tunnel, &words(&[what, 0x4752, 0x4752, 0x0002_0000, 1])[..]].concat()
}

fn send(channel: &[u8], bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    let mut stub = channel.to_vec();
    for number in [length + 4, 1, length] {
        stub.extend(number.to_be_bytes());
    }
    stub.extend(bytes);
    stub
}

#[test]
fn two_channels_make_a_virtual_connection() {
    let mut client = Client::of("");
    let answer = client.connects();
    let (head, pdus) =
        answer.split_at(answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4);
    let head = String::from_utf8_lossy(head);
    assert!(head.starts_with("HTTP/1.1 200 Success\r\n"), "{head}");
    assert!(head.contains("Content-Type: application/rpc\r\n"), "{head}");
    assert!(head.contains("Content-Length: 1073741824\r\n"), "{head}");
    let expected = [
        rts::out_is_open(120_000),
        rts::both_are_open(65_536, 120_000),
    ];
    assert_eq!(pdus, expected.concat());
}

#[test]
fn who_asks_before_the_body_is_told_to_go_on() {
    let mut client = Client::of("");
    client.bench.open(IN);
    let head = format!("RPC_IN_DATA {PATH}{BASIC}Content-Length: 1073741824\r\n");
    let head = format!("{head}Expect: 100-continue\r\n\r\n");
    assert_eq!(client.bench.ask(IN, &head), "HTTP/1.1 100 Continue\r\n\r\n");
    client.bench.say(IN, &opens_in());
    assert_eq!(client.bench.gateway.rpc.lines.len(), 1);
}

#[test]
fn the_interface_is_agreed_on() {
    let mut client = Client::of("");
    client.connects();
    let answer = client.says(IN, &bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0"));
    assert_eq!(answer[16..20], [0xD0, 0x16, 0xD0, 0x16]);
    assert_ne!(answer[20..24], [0; 4]);
    assert_eq!(answer[24..31], *b"\x05\x003388\0");
    // The list of results, aligned: accepted, no such transfer syntax, no features.
    let results = [
        &[3, 0, 0, 0][..],
        &[0, 0, 0, 0],
        NDR,
        &[2, 0, 2, 0],
        &[0; 20],
        &[3, 0, 0, 0],
        &[0; 20],
    ]
    .concat();
    assert_eq!(answer[32..108], results);
    let (at, trailer, token) =
        pdu::trailer(&answer, u16::from_le_bytes([answer[10], answer[11]])).unwrap();
    assert_eq!((at, trailer.level, trailer.context), (108, INTEGRITY, 7));
    assert!(token.starts_with(b"NTLMSSP\0\x02"));
}

#[test]
fn calls_lead_to_the_server_and_back() {
    for level in [INTEGRITY, PRIVACY] {
        let mut client = Client::of("");
        client.level = level;
        let (channel, tunnel) = client.pipe();
        let pipe = client.next - 1;
        let got = client.call(opnum::SEND_TO_SERVER, &send(&channel, &[7, 8, 9]));
        let sent = client.next - 1;
        let expected = [
            Got::Response(sent, flag::WHOLE, vec![0; 4]),
            Got::Response(pipe, flag::FIRST, vec![7, 8, 9]),
        ];
        assert_eq!(got, expected);
        assert_eq!(
            client.call(opnum::MAKE_TUNNEL_CALL, &tunnel_call(&tunnel, 1)),
            []
        );
        let waits = client.next - 1;
        let got = client.call(opnum::CLOSE_CHANNEL, &channel);
        let closed = client.next - 1;
        let expected = [
            Got::Response(pipe, flag::LAST, words(&[0x4CA])),
            Got::Response(closed, flag::WHOLE, vec![0; 24]),
        ];
        assert_eq!(got, expected);
        assert!(client.bench.hung_up);
        let got = client.call(opnum::MAKE_TUNNEL_CALL, &tunnel_call(&tunnel, 2));
        let cancelled = client.next - 1;
        let expected = [
            Got::Response(waits, flag::WHOLE, words(&[0, 0x8007_071A])),
            Got::Response(cancelled, flag::WHOLE, vec![0; 8]),
        ];
        assert_eq!(got, expected);
        assert_eq!(client.answered(opnum::CLOSE_TUNNEL, &tunnel), [0; 24]);
        assert_eq!(
            [OUT, IN].map(|number| client.ended(number)),
            [Some(Do::Close), Some(Do::Close)]
        );
    }
}

#[test]
fn there_is_something_to_agree_to_for_clients_that_can() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for (can, kind, shown) in [(0x1F, 0x4350, true), (0x1B, 0x4552, false)] {
        let mut client = Client::of("consent = \"Agreed?\"");
        client.connects();
        client.binds("Passw0rd!");
        let created = client.answered(opnum::CREATE_TUNNEL, &create_tunnel(can));
        assert_eq!(created[4..8], words(&[kind]));
        let text = wide("Agreed?");
        assert_eq!(created.windows(14).any(|part| part == text), shown);
        // The gateway has no health checks.
        let common = words(&[can & !1]);
        assert!(created.windows(4).any(|part| part == common));
    }
}

#[test]
fn what_fits_into_no_fragment_comes_in_several() {
    let mut client = Client::of("");
    let (channel, _) = client.pipe();
    let pipe = client.next - 1;
    let bytes: Vec<u8> = (0..20_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    // The call comes in three fragments.
    let stub = send(&channel, &bytes);
    let call = client.next;
    client.next += 1;
    let mut sent = Vec::new();
    for (index, piece) in stub.chunks(8_000).enumerate() {
        let flags = [flag::FIRST, 0, flag::LAST][index];
        sent.extend(client.request(call, flags, opnum::SEND_TO_SERVER, piece));
    }
    let answer = client.says(IN, &sent);
    let mut came = Vec::new();
    for got in client.reads(&answer) {
        match got {
            Got::Response(number, flags, stub) if number == pipe => {
                assert_eq!(flags & flag::LAST, 0);
                came.extend(stub);
            }
            Got::Response(..) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(came, bytes);
}

#[test]
fn what_finds_no_room_comes_when_there_is() {
    let mut client = Client::of("");
    let (channel, _) = client.pipe();
    let mut came = 0;
    for _ in 0..8 {
        for got in client.call(opnum::SEND_TO_SERVER, &send(&channel, &[5; 10_000])) {
            if let Got::Response(_, _, stub) = got {
                came += stub.len();
            }
        }
    }
    assert!(came < 66_000, "{came}");
    let ack = rts::Ack {
        received: 60_000,
        window: WINDOW,
        channel: [2; 16],
    };
    let commands = [
        rts::Command::Destination(rts::TO_OUT_PROXY),
        rts::Command::FlowControlAck(ack),
    ];
    let answer = client.says(IN, &rts::write(rts::flag::OTHER_CMD, &commands));
    for got in client.reads(&answer) {
        if let Got::Response(_, _, stub) = got {
            came += stub.len();
        }
    }
    assert_eq!(came, 80_000 + 8 * 4);
}

#[test]
fn what_came_is_acknowledged() {
    let mut client = Client::of("");
    let (channel, _) = client.pipe();
    let mut acks = 0;
    for _ in 0..6 {
        let got = client.call(opnum::SEND_TO_SERVER, &send(&channel, &[5; 10_000]));
        acks += got.iter().filter(|got| **got == Got::Rts(2)).count();
    }
    assert_eq!(acks, 1);
}

#[test]
fn an_echo_is_answered() {
    for (path, length, body) in [
        ("/rpc/rpcproxy.dll", 0, &[][..]),
        ("/RpcWithCert/RpcProxy.dll", 4, &[0xF8, 0xE8, 0x18, 0x08]),
    ] {
        let mut client = Client::of("");
        client.bench.open(OUT);
        let head = format!(
            "RPC_IN_DATA {path}?gw:3388 HTTP/1.0\r\n{BASIC}Content-Length: {length}\r\n\r\n"
        );
        let answer = client.bench.say(OUT, &[head.as_bytes(), body].concat());
        let text = String::from_utf8_lossy(&answer);
        assert!(text.starts_with("HTTP/1.1 200 Success\r\n"), "{text}");
        assert!(text.contains("Content-Length: 20\r\n"), "{text}");
        assert!(answer.ends_with(&rts::echo()), "{text}");
        // The connection is good for more.
        let answer = client.bench.say(OUT, &[head.as_bytes(), body].concat());
        assert!(answer.ends_with(&rts::echo()));
    }
}

#[test]
fn who_is_not_let_in_is_asked_who_he_is() {
    let mut client = Client::of("");
    client.bench.open(IN);
    let head = format!("RPC_IN_DATA {PATH}Content-Length: 0\r\n\r\n");
    let answer = client.bench.ask(IN, &head);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(client.ended(IN), None);
    let head = format!("RPC_IN_DATA {PATH}Content-Length: 1073741824\r\n\r\n");
    let answer = client.bench.ask(IN, &head);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    // What he says all the same is the body that he announced, and nobody reads it.
    assert_eq!(client.bench.say(IN, &opens_in()), [0_u8; 0]);
    assert_eq!(client.ended(IN), None);
    assert!(client.bench.gateway.rpc.lines.is_empty());
}

#[test]
fn pings_keep_a_quiet_connection_alive() {
    let mut client = Client::of("");
    client.connects();
    client.passes(59_999);
    assert_eq!(client.got(), [0_u8; 0]);
    client.passes(1);
    assert_eq!(client.got(), rts::ping());
    client.passes(30_000);
    client.binds("Passw0rd!");
    client.passes(59_999);
    assert_eq!(client.got(), [0_u8; 0], "something was said meanwhile");
    client.passes(1);
    assert_eq!(client.got(), rts::ping());
}

/// However the bytes come, and whatever they are, a gateway stays calm.
/// The logon in SPNEGO takes its last leg in alter_context ([MS-RPCE] 2.2.2.12).
#[test]
fn a_logon_in_spnego_leads_in_too() {
    let mut client = Client::of("");
    client.connects();
    let negotiate = [b"NTLMSSP\0\x01\0\0\0".to_vec(), vec![0; 24]].concat();
    let mut asked = bind(INTEGRITY, &[&[0x60, 0x22][..], &negotiate].concat());
    let at = asked.len() - negotiate.len() - 2 - 8;
    // RPC_C_AUTHN_GSS_NEGOTIATE.
    asked[at] = 9;
    let answer = client.says(IN, &asked);
    assert_eq!(answer[2], kind::BIND_ACK);
    let length = u16::from_le_bytes([answer[10], answer[11]]);
    let (_, trailer, token) = pdu::trailer(&answer, length).unwrap();
    assert_eq!((trailer.kind, token[0]), (9, 0xA1));
    let (_, challenge) = wire::ntlm::find(token).unwrap();
    let token = ntlm::authenticate("lab", "Passw0rd!", challenge, Some(&negotiate), None);
    let mut body = vec![0xD0, 0x16, 0xD0, 0x16, 0, 0, 0, 0, 0, 0, 0, 0];
    body.extend([9, INTEGRITY, 0, 0, 7, 0, 0, 0]);
    body.extend(&token);
    let last = pdu::write(kind::ALTER_CONTEXT, flag::WHOLE, 3, &body, token.len());
    let answer = client.says(IN, &last);
    assert_eq!(answer[2], kind::ALTER_CONTEXT_RESP);
    // accept-completed.
    assert!(answer.ends_with(&[0xA1, 7, 0x30, 5, 0xA0, 3, 0x0A, 1, 0]));
    let session = Session {
        key: ntlm::EXPORTED.to_vec(),
        flags: ntlm::FLAGS,
    };
    client.security = Security::of_client(&session, INTEGRITY);
    client.kind = 9;
    let created = client.answered(opnum::CREATE_TUNNEL, &create_tunnel(0));
    assert_eq!(code(&created), 0);
}
