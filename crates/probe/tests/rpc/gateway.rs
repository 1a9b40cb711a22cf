//! A small RD Gateway that speaks RPC over HTTP and nothing newer, and misbehaves where it is told to. A host stands
//! behind it: an X.224 confirm, TLS, and a challenge.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use ironrdp_connector::sspi::{
    AuthIdentity, BufferType, CredentialUse, DataRepresentation, Ntlm, SecurityBuffer,
    SecurityBufferRef, ServerRequestFlags, Sspi as _, SspiEx as _, SspiImpl as _, Username,
};
use tls::{Identity, Server, ServerSettings};
use wire::http::{base64, from_base64};
use wire::rpch::pdu::{self, LARGEST};
use wire::rpch::rts::{self, Command, Rts};
use wire::rpch::tsproxy::{BEFORE_DATA, operation};

/// The name and password of its only user.
pub const USER: &str = "CORP\\alice";
pub const PASSWORD: &str = "Passw0rd!";
/// X.224 Connection Confirm with selectedProtocol HYBRID.
const CHOOSES_NLA: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00, 0x02, 0x0F, 0x08, 0x00, 0x02,
    0x00, 0x00, 0x00,
];
/// A TSRequest with an NTLM CHALLENGE.
const CHALLENGE: &[u8] = include_bytes!("../../../wire/corpus/credssp/challenge");
const TUNNEL: [u8; 20] = *b"\0\0\0\0a tunnel context";
const CHANNEL: [u8; 20] = *b"\0\0\0\0a channelcontext";

/// What it does instead of going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Act {
    /// Nothing else.
    #[default]
    Pass,
    /// Answers with this result.
    Code(u32),
    /// Ends the call with this fault.
    Fault(u32),
    /// Closes both channels.
    Close,
    /// Says nothing more.
    Silent,
    /// Sends what is no PDU.
    Garbage,
    /// Answers, and signs wrongly.
    Unsigned,
    /// Answers with two bytes.
    Short,
}

/// Where it misbehaves.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// How it wants to be logged on to: NTLM, Negotiate, Basic; nobody is asked otherwise.
    pub logon: Option<&'static str>,
    /// What the channels answer to the request with a body.
    pub out: Option<&'static str>,
    pub input: Option<&'static str>,
    /// At CONN/C2.
    pub opening: Act,
    /// At the bind, and for what reason it is refused.
    pub bind: Act,
    pub refuses_bind: Option<u8>,
    pub refuses_interface: Option<u8>,
    /// The challenge is none.
    pub spoils_challenge: bool,
    /// Nobody may log on inside.
    pub refuses_inside: bool,
    /// Signatures are of the body alone.
    pub signs_body: bool,
    pub tunnel: Act,
    pub authorization: Act,
    pub channel: Act,
    /// At TsProxySetupReceivePipe, and at the first data.
    pub pipe: Act,
    pub data: Act,
    /// The pipe ends with this once data came.
    pub ends: Option<u32>,
    /// Its users have to agree to this, and to so many minutes.
    pub consent: bool,
    /// The body of the channel for answers comes in chunks.
    pub chunked: bool,
    /// The window of the channel for requests.
    pub window: Option<u32>,
}

/// One that runs.
pub struct Gateway {
    script: Script,
    out: Mutex<Option<Out>>,
    /// Logons that were tried, in order, and whether they were right.
    pub logons: Mutex<Vec<(&'static str, bool)>>,
}

/// The channel on which it answers.
struct Out {
    connection: Connection,
    chunked: bool,
}

impl Out {
    fn say(&mut self, bytes: &[u8]) {
        if self.chunked {
            // In two, to no length of anything.
            for piece in bytes.chunks(bytes.len().div_ceil(2).max(1)) {
                let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
                chunk.extend(piece);
                chunk.extend(b"\r\n");
                self.connection.say(&chunk);
            }
        } else {
            self.connection.say(bytes);
        }
    }
}

/// Runs one for as long as the process lives.
pub fn run(script: Script) -> (SocketAddr, Arc<Gateway>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let gateway = Arc::new(Gateway {
        script,
        out: Mutex::default(),
        logons: Mutex::default(),
    });
    let running = Arc::clone(&gateway);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let gateway = Arc::clone(&running);
            thread::spawn(move || gateway.serve(Connection::over(stream)));
        }
    });
    (address, gateway)
}

/// A connection inside TLS.
struct Connection {
    stream: TcpStream,
    tls: Server,
    plain: Vec<u8>,
}

fn settings() -> ServerSettings {
    let chain = include_bytes!("../files/certificate.pem");
    let key = include_bytes!("../files/key.pem");
    ServerSettings::of(Identity::from_pem(chain, key).unwrap())
}

impl Connection {
    fn over(stream: TcpStream) -> Self {
        Self {
            stream,
            tls: Server::new(&settings()).unwrap(),
            plain: Vec::new(),
        }
    }

    fn say(&mut self, plain: &[u8]) {
        self.tls.write_plain(plain);
        let outgoing = self.tls.take_outgoing();
        let _ = self.stream.write_all(&outgoing);
    }

    /// Waits for more; false at the end.
    fn more(&mut self) -> bool {
        let mut buffer = vec![0; 16 * 1024];
        let before = self.plain.len();
        loop {
            let Ok(length @ 1..) = self.stream.read(&mut buffer) else {
                return false;
            };
            self.tls.received(&buffer[..length]);
            for _ in 0..2 {
                self.tls.step();
            }
            let outgoing = self.tls.take_outgoing();
            let _ = self.stream.write_all(&outgoing);
            self.plain.extend(self.tls.take_plain());
            if self.plain.len() > before {
                return true;
            }
        }
    }

    fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.plain.len() < length {
            if !self.more() {
                return None;
            }
        }
        Some(self.plain.drain(..length).collect())
    }

    fn head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.plain.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.plain.drain(..at + 4).collect();
                return String::from_utf8(head).ok();
            }
            if !self.more() {
                return None;
            }
        }
    }
}

/// The server half of a logon with NTLM.
struct Acceptor {
    ntlm: Ntlm,
    signed: u32,
    checked: u32,
}

impl Acceptor {
    fn new() -> Self {
        Self {
            ntlm: Ntlm::new(),
            signed: 0,
            checked: 0,
        }
    }

    fn step(&mut self, token: Vec<u8>) -> Option<Vec<u8>> {
        let mut input = [SecurityBuffer::new(token, BufferType::Token)];
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let mut handle = self
            .ntlm
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Inbound)
            .execute(&mut self.ntlm)
            .ok()?
            .credentials_handle;
        let request = self
            .ntlm
            .accept_security_context()
            .with_credentials_handle(&mut handle)
            .with_context_requirements(ServerRequestFlags::ALLOCATE_MEMORY)
            .with_target_data_representation(DataRepresentation::Native)
            .with_input(&mut input)
            .with_output(&mut output);
        self.ntlm
            .accept_security_context_impl(request)
            .ok()?
            .resolve_to_result()
            .ok()?;
        Some(output.remove(0).buffer)
    }

    /// The last token, and whether it is the user's.
    fn admits(&mut self, token: Vec<u8>) -> bool {
        self.step(token).is_some()
            && self
                .ntlm
                .custom_set_auth_identity(AuthIdentity {
                    username: Username::parse(USER).unwrap(),
                    password: PASSWORD.to_owned().into(),
                })
                .is_ok()
            && self.ntlm.complete_auth_token(&mut []).is_ok()
    }

    fn sign(&mut self, covered: &[u8]) -> [u8; 16] {
        let (mut covered, mut signature) = (covered.to_vec(), [0; 16]);
        let mut parts = [
            SecurityBufferRef::data_buf(&mut covered),
            SecurityBufferRef::token_buf(&mut signature),
        ];
        let signed = self.ntlm.make_signature(0, &mut parts, self.signed);
        signed.unwrap();
        self.signed += 1;
        signature
    }

    fn checks(&mut self, covered: &[u8], signature: &[u8]) -> bool {
        let (mut covered, mut signature) = (covered.to_vec(), signature.to_vec());
        let mut parts = [
            SecurityBufferRef::data_buf(&mut covered),
            SecurityBufferRef::token_buf(&mut signature),
        ];
        self.checked += 1;
        self.ntlm
            .verify_signature(&mut parts, self.checked - 1)
            .is_ok()
    }
}

impl Gateway {
    fn serve(&self, mut connection: Connection) {
        let mut logon = Acceptor::new();
        let mut is_let_in = self.script.logon.is_none();
        while let Some(head) = connection.head() {
            let method = head.split(' ').next().unwrap_or_default();
            let (name, is_out) = match method {
                "RPC_OUT_DATA" => ("out", true),
                "RPC_IN_DATA" => ("in", false),
                _ => {
                    connection.say(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
            };
            assert!(
                head.contains(" /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1\r\n"),
                "{head}"
            );
            if !is_let_in {
                match self.admits(&mut logon, &head, name) {
                    Ok(()) => is_let_in = true,
                    Err(says) => {
                        let answer = format!(
                            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {says}\r\nContent-Length: 3\r\n\r\nno\n"
                        );
                        connection.say(answer.as_bytes());
                        continue;
                    }
                }
            }
            let field = |name: &str| {
                head.lines()
                    .find_map(|line| line.strip_prefix(name)?.trim().parse::<u32>().ok())
            };
            let length = field("Content-Length:").unwrap();
            if length <= 0x10 {
                // [MS-RPCH] 2.1.2.1.6: the Echo.
                let echo = Rts {
                    flags: rts::flag::ECHO,
                    commands: Vec::new(),
                };
                let says = "HTTP/1.1 200 Success\r\nContent-Type: application/rpc\r\nContent-Length: 20\r\n\r\n";
                connection.say(&[says.as_bytes(), &echo.encode()].concat());
                continue;
            }
            if is_out {
                assert_eq!(length, 76);
                return self.opens_out(connection);
            }
            assert!(length >= 128 * 1024);
            return self.opens_in(connection);
        }
    }

    /// Whether the request is let in; what it is asked for otherwise.
    fn admits(&self, logon: &mut Acceptor, head: &str, name: &'static str) -> Result<(), String> {
        let scheme = self.script.logon.unwrap();
        let sent = head
            .lines()
            .find_map(|line| line.strip_prefix("Authorization: "))
            .ok_or(scheme)?;
        let token = from_base64(sent.strip_prefix(scheme).unwrap()).unwrap();
        let is_right = if scheme == "Basic" {
            token == format!("{USER}:{PASSWORD}").as_bytes()
        } else if token.get(8) == Some(&1) {
            *logon = Acceptor::new();
            let challenge = logon.step(token).unwrap();
            return Err(format!("{scheme} {}", base64(&challenge)));
        } else {
            logon.admits(token)
        };
        self.logons.lock().unwrap().push((name, is_right));
        is_right.then_some(()).ok_or(scheme.to_owned())
    }

    fn opens_out(&self, mut connection: Connection) {
        let opening = connection.take(76).unwrap();
        let Some(pdu::Pdu::Rts(rts)) = pdu::read(&opening).whole() else {
            panic!("{opening:?}");
        };
        assert!(matches!(
            rts.commands.as_slice(),
            [
                Command::Version(1),
                Command::Cookie(_),
                Command::Cookie(_),
                Command::ReceiveWindowSize(65_536)
            ]
        ));
        if let Some(answer) = self.script.out {
            connection.say(answer.as_bytes());
            // It stays until the client leaves.
            while connection.more() {}
            return;
        }
        let length = if self.script.chunked {
            "Transfer-Encoding: chunked"
        } else {
            "Content-Length: 1073741824"
        };
        let answer =
            format!("HTTP/1.1 200 Success\r\nContent-Type: application/rpc\r\n{length}\r\n\r\n");
        connection.say(answer.as_bytes());
        let mut out = Out {
            connection,
            chunked: self.script.chunked,
        };
        let reached = Rts {
            flags: 0,
            commands: vec![Command::ConnectionTimeout(120_000)],
        };
        out.say(&reached.encode());
        *self.out.lock().unwrap() = Some(out);
    }

    fn says(&self, bytes: &[u8]) {
        if let Some(out) = self.out.lock().unwrap().as_mut() {
            out.say(bytes);
        }
    }

    fn closes(&self) {
        if let Some(mut out) = self.out.lock().unwrap().take() {
            out.connection.tls.close();
            let _ = out.connection.say(&[]);
        }
    }

    fn opens_in(&self, mut connection: Connection) {
        let opening = connection.take(104).unwrap();
        let Some(pdu::Pdu::Rts(rts)) = pdu::read(&opening).whole() else {
            panic!("{opening:?}");
        };
        assert_eq!((rts.flags, rts.commands.len()), (0, 6));
        let Some(Command::Cookie(channel)) = rts.commands.get(2).cloned() else {
            panic!("{rts:?}");
        };
        if let Some(answer) = self.script.input {
            connection.say(answer.as_bytes());
            while connection.more() {}
            return;
        }
        if !self.acts(self.script.opening) {
            while connection.more() {}
            return;
        }
        let window = self.script.window.unwrap_or(65_536);
        let opened = Rts {
            flags: 0,
            commands: vec![
                Command::Version(1),
                Command::ReceiveWindowSize(window),
                Command::ConnectionTimeout(120_000),
            ],
        };
        // Pings may come at any time.
        self.says(&[opened.encode(), rts::ping().encode()].concat());
        let mut server = Rpc {
            gateway: self,
            logon: Acceptor::new(),
            is_right: false,
            pipe: None,
            host: Host::new(),
            received: 0,
            channel,
            window,
        };
        while let Some(header) = connection.take(16) {
            let length = usize::from(u16::from_le_bytes([header[8], header[9]]));
            let Some(rest) = connection.take(length - 16) else {
                break;
            };
            let pdu = [header, rest].concat();
            if !server.on(&pdu) {
                break;
            }
        }
        // Silence is no end.
        while connection.more() {}
    }

    /// False when it does not go on.
    fn acts(&self, act: Act) -> bool {
        match act {
            Act::Close => self.closes(),
            Act::Garbage => self.says(b"<html>no PDU at all</html>"),
            Act::Silent => {}
            _ => return true,
        }
        false
    }
}

/// The host behind.
struct Host {
    confirmed: bool,
    tls: Server,
}

impl Host {
    fn new() -> Self {
        Self {
            confirmed: false,
            tls: Server::new(&settings()).unwrap(),
        }
    }

    fn on(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !self.confirmed {
            self.confirmed = true;
            return CHOOSES_NLA.to_vec();
        }
        self.tls.received(bytes);
        for _ in 0..2 {
            self.tls.step();
        }
        if !self.tls.take_plain().is_empty() {
            self.tls.write_plain(CHALLENGE);
        }
        self.tls.take_outgoing()
    }
}

/// The RPC server.
struct Rpc<'g> {
    gateway: &'g Gateway,
    logon: Acceptor,
    is_right: bool,
    pipe: Option<u32>,
    host: Host,
    received: u32,
    channel: [u8; 16],
    window: u32,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

impl Rpc<'_> {
    /// False when nothing more is said.
    fn on(&mut self, pdu: &[u8]) -> bool {
        let script = &self.gateway.script;
        let kind = pdu[2];
        if kind == pdu::kind::RTS {
            return true;
        }
        self.received += u32::try_from(pdu.len()).unwrap();
        let ack = Rts {
            flags: rts::flag::OTHER_CMD,
            commands: vec![
                Command::Destination(rts::destination::CLIENT),
                Command::FlowControlAck(rts::Ack {
                    received: self.received,
                    window: self.window,
                    channel: self.channel,
                }),
            ],
        };
        self.gateway.says(&ack.encode());
        let auth = usize::from(u16::from_le_bytes([pdu[10], pdu[11]]));
        let (protected, token) = pdu.split_at(pdu.len() - auth);
        match kind {
            pdu::kind::BIND => self.on_bind(token),
            pdu::kind::AUTH_3 => {
                self.is_right = self.logon.admits(token.to_vec()) && !script.refuses_inside;
                let mut logons = self.gateway.logons.lock().unwrap();
                logons.push(("inside", self.is_right));
                true
            }
            pdu::kind::REQUEST => {
                let call = u32_at(pdu, 12);
                if !self.is_right {
                    self.faults(call, 5);
                    return true;
                }
                let covered = if script.signs_body {
                    &protected[24..protected.len() - 8]
                } else {
                    protected
                };
                assert!(self.logon.checks(covered, token), "a wrong signature");
                let operation = u16::from_le_bytes([pdu[22], pdu[23]]);
                let padding = usize::from(protected[protected.len() - 8 + 2]);
                let stub = &protected[24..protected.len() - 8 - padding];
                assert_eq!((protected.len() - 8 - 24) % 16, 0);
                self.on_call(call, operation, stub)
            }
            other => panic!("PTYPE {other}"),
        }
    }

    fn on_bind(&mut self, token: &[u8]) -> bool {
        let script = &self.gateway.script;
        if let Some(reason) = script.refuses_bind {
            let mut nak = vec![5, 0, 13, 3, 0x10, 0, 0, 0, 21, 0, 0, 0, 1, 0, 0, 0];
            nak.extend([reason, 0, 1, 5, 0]);
            self.gateway.says(&nak);
            return true;
        }
        if !self.gateway.acts(script.bind) {
            return false;
        }
        let challenge = if script.spoils_challenge {
            b"no challenge".to_vec()
        } else {
            self.logon.step(token.to_vec()).unwrap()
        };
        let mut body = vec![0xF8, 0x0F, 0xF8, 0x0F, 1, 0, 0, 0, 5, 0];
        body.extend(b"3388\0\0");
        // Behind the header, this is a multiple of four.
        body.truncate(body.len() / 4 * 4);
        body.extend([1, 0, 0, 0]);
        let reason = script.refuses_interface;
        body.extend([if reason.is_some() { 2 } else { 0 }, 0]);
        body.extend([reason.unwrap_or_default(), 0]);
        body.extend([0; 20]);
        body.extend([0x0A, 5, 0, 0, 1, 0, 0, 0]);
        let mut ack = vec![5, 0, 12, if script.signs_body { 0x03 } else { 0x07 }];
        ack.extend([0x10, 0, 0, 0]);
        let length = u16::try_from(16 + body.len() + challenge.len()).unwrap();
        ack.extend(length.to_le_bytes());
        ack.extend(u16::try_from(challenge.len()).unwrap().to_le_bytes());
        ack.extend(1_u32.to_le_bytes());
        ack.extend(body);
        ack.extend(challenge);
        self.gateway.says(&ack);
        true
    }

    fn on_call(&mut self, call: u32, operation: u16, stub: &[u8]) -> bool {
        let script = self.gateway.script.clone();
        match operation {
            operation::CREATE_TUNNEL => self.steps(call, script.tunnel, |code| {
                let mut answer = if code == 0 {
                    tunnel_packet(script.consent)
                } else {
                    vec![0; 4]
                };
                answer.extend(TUNNEL);
                answer.extend(7_u32.to_le_bytes());
                answer
            }),
            operation::AUTHORIZE_TUNNEL => {
                assert!(stub.starts_with(&TUNNEL));
                self.steps(call, script.authorization, |code| {
                    if code == 0 {
                        response_packet()
                    } else {
                        vec![0; 4]
                    }
                })
            }
            operation::CREATE_CHANNEL => {
                assert!(stub.starts_with(&TUNNEL));
                // The port and the protocol number.
                assert_eq!(u32_at(stub, 36), 0x0001_0003);
                self.steps(call, script.channel, |_| {
                    let mut answer = CHANNEL.to_vec();
                    answer.extend(1_u32.to_le_bytes());
                    answer
                })
            }
            operation::SETUP_RECEIVE_PIPE => {
                assert_eq!(stub, CHANNEL);
                self.pipe = Some(call);
                match script.pipe {
                    Act::Pass => true,
                    Act::Code(code) => {
                        self.answers(call, 0x02, &code.to_le_bytes());
                        true
                    }
                    act => self.steps(call, act, |_| Vec::new()),
                }
            }
            operation::SEND_TO_SERVER => self.on_data(call, stub),
            operation::CLOSE_CHANNEL | operation::CLOSE_TUNNEL => {
                self.answers(call, 0x03, &[0; 24]);
                true
            }
            other => panic!("operation {other}"),
        }
    }

    fn on_data(&mut self, call: u32, stub: &[u8]) -> bool {
        let script = self.gateway.script.clone();
        assert!(stub.starts_with(&CHANNEL));
        let data = &stub[BEFORE_DATA..];
        assert_eq!(&stub[24..28], 1_u32.to_be_bytes());
        let length = u32::try_from(data.len()).unwrap();
        assert_eq!(&stub[20..24], (length + 4).to_be_bytes());
        assert_eq!(&stub[28..32], length.to_be_bytes());
        let Some(pipe) = self.pipe else {
            self.faults(call, 0x4E3);
            return true;
        };
        match script.data {
            Act::Pass => {}
            act => return self.steps(call, act, |_| Vec::new()),
        }
        self.answers(call, 0x03, &[0; 4]);
        if let Some(code) = script.ends {
            self.answers(pipe, 0x02, &code.to_le_bytes());
            return true;
        }
        let answer = self.host.on(data);
        // What a host says at once comes in several fragments.
        for piece in answer.chunks(1_000) {
            self.answers(pipe, 0x00, piece);
        }
        true
    }

    /// Answers a call that ends with a result, or does something else.
    fn steps(&mut self, call: u32, act: Act, answer: impl Fn(u32) -> Vec<u8>) -> bool {
        let code = match act {
            Act::Pass | Act::Unsigned => 0,
            Act::Code(code) => code,
            Act::Fault(status) => {
                self.faults(call, status);
                return true;
            }
            Act::Short => {
                self.answers(call, 0x03, &[0; 2]);
                return true;
            }
            Act::Close | Act::Silent | Act::Garbage => return self.gateway.acts(act),
        };
        let mut stub = answer(code);
        stub.extend(code.to_le_bytes());
        if act == Act::Unsigned {
            self.logon.signed += 7;
        }
        // In two fragments, as nothing says how many there are.
        if stub.len() > 16 {
            let (first, last) = stub.split_at(16);
            self.answers(call, 0x01, first);
            self.answers(call, 0x02, last);
        } else {
            self.answers(call, 0x03, &stub);
        }
        true
    }

    fn answers(&mut self, call: u32, flags: u8, stub: &[u8]) {
        let body_alone = self.gateway.script.signs_body;
        let fragment = pdu::request(call, 0, stub, LARGEST).remove(0);
        let mut pdu = fragment.covered(true).to_vec();
        pdu[2] = pdu::kind::RESPONSE;
        pdu[3] = flags;
        let covered = if body_alone {
            pdu[24..pdu.len() - 8].to_vec()
        } else {
            pdu.clone()
        };
        let signature = self.logon.sign(&covered);
        pdu.extend(signature);
        self.gateway.says(&pdu);
    }

    fn faults(&mut self, call: u32, status: u32) {
        let mut fault = vec![5, 0, 3, 0x23, 0x10, 0, 0, 0, 32, 0, 0, 0];
        fault.extend(call.to_le_bytes());
        fault.extend([0; 8]);
        fault.extend(status.to_le_bytes());
        fault.extend([0; 4]);
        self.gateway.says(&fault);
    }
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

/// TSG_PACKET with TSG_PACKET_QUARENC_RESPONSE or TSG_PACKET_CAPS_RESPONSE.
fn tunnel_packet(consent: bool) -> Vec<u8> {
    let kind = if consent { 0x4350 } else { 0x4552 };
    let mut out = words(&[0x20000, kind, kind, 0x20004, 0, 0, 0]);
    out.extend([9; 16]);
    out.extend(words(&[0x20008]));
    if consent {
        out.extend(words(&[1, 1, 1, 1, 0x2000C]));
    }
    out.extend(words(&[0x5643_5452, 0x20010, 1, 0x0001_0001, 0]));
    out.extend(words(&[1, 1, 1, 0xE]));
    if consent {
        out.extend(words(&[1, 1, 3, 0x20014, 3]));
        out.extend([b'O', 0, b'K', 0, 0, 0, 0, 0]);
    }
    out
}

/// TSG_PACKET with TSG_PACKET_RESPONSE: 30 minutes, and no drives.
fn response_packet() -> Vec<u8> {
    let mut out = words(&[0x20000, 0x5052, 0x5052, 0x20004, 0x5152, 0, 0x20008, 4]);
    out.extend(words(&[0, 0, 1, 0, 0, 0, 0, 0]));
    out.extend(words(&[4, 30]));
    out
}
