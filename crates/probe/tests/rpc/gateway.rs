//! A small RD Gateway that speaks RPC over HTTP and nothing newer, and misbehaves where it is told to: its web server, and
//! the proxies that open a connection.

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
use wire::rpch::pdu;
use wire::rpch::rts::{self, Command, Rts};

use super::server::Rpc;

/// The name and password of its only user.
pub const USER: &str = "CORP\\alice";
pub const PASSWORD: &str = "Passw0rd!";
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
    /// The way over two HTTP channels is there, too.
    pub http: bool,
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
    pub script: Script,
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

pub fn settings() -> ServerSettings {
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
pub struct Acceptor {
    ntlm: Ntlm,
    pub signed: u32,
    checked: u32,
}

impl Acceptor {
    pub fn new() -> Self {
        Self {
            ntlm: Ntlm::new(),
            signed: 0,
            checked: 0,
        }
    }

    pub fn step(&mut self, token: Vec<u8>) -> Option<Vec<u8>> {
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
    pub fn admits(&mut self, token: Vec<u8>) -> bool {
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

    pub fn sign(&mut self, covered: &[u8]) -> [u8; 16] {
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

    pub fn checks(&mut self, covered: &[u8], signature: &[u8]) -> bool {
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
                "RDG_OUT_DATA" if self.script.http && !head.contains("Upgrade") => {
                    connection.say(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n");
                    continue;
                }
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

    pub fn says(&self, bytes: &[u8]) {
        if let Some(out) = self.out.lock().unwrap().as_mut() {
            out.say(bytes);
        }
    }

    fn closes(&self) {
        if let Some(mut out) = self.out.lock().unwrap().take() {
            out.connection.tls.close();
            out.connection.say(&[]);
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
        let mut server = Rpc::new(self, channel, window);
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
    pub fn acts(&self, act: Act) -> bool {
        match act {
            Act::Close => self.closes(),
            Act::Garbage => self.says(b"<html>no PDU at all</html>"),
            Act::Silent => {}
            _ => return true,
        }
        false
    }
}
