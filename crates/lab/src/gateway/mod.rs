//! An RD Gateway ([MS-TSGU]), sans-IO: what happened on its connections goes in with the time, what to do comes
//! out.
//!
//! It speaks the HTTP transport over two channels and over a WebSocket, lets its one user in by Basic or
//! NTLM, and forwards what the tunnel carries to the server behind it. Where the packets of a request come
//! from makes no difference to the tunnel, so a tunnel only knows bytes; a [`connection::Connection`] knows
//! TLS, HTTP and the faults. [`serve`] drives it with sockets.

mod connection;
mod packet;
mod script;
pub mod serve;
mod tunnel;

use std::collections::BTreeMap;

use model::{Micros, UnixSeconds};
use openssl::base64;

pub use script::{Act, Fault, Moment, Rpc, Scheme, Script, Way};

use crate::chance::Chance;
use crate::http::{self, Request, Response};
use crate::ntlm::{self, Verdict};
use crate::scenario::Then;
use crate::server::{self, Do, Error, Net, spnego};
use connection::{Connection, Event};
use tunnel::Tunnel;

/// Where the HTTP transport is found ([MS-TSGU] 1.9.2).
const TRANSPORT: &str = "/remotedesktopgateway";
/// Where RPC over HTTP is found, with and without a certificate of the client.
const RPC: [&str; 2] = ["/rpc/rpcproxy.dll", "/rpcwithcert/rpcproxy.dll"];
/// What HTTP.sys calls itself.
const PROGRAM: &str = "Server: Microsoft-HTTPAPI/2.0";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Something on a client's connection.
    Client(u32, Do),
    /// Connect this tunnel to the server behind; the client asked for one of these names.
    Dial {
        /// The tunnel.
        tunnel: u32,
        /// The names the client gave.
        names: Vec<String>,
        /// The port the client gave.
        port: u16,
    },
    /// Send this tunnel's bytes to the server behind.
    Forward(u32, Vec<u8>),
    /// Close this tunnel's connection to the server behind.
    Hangup(u32),
}

/// What happened on a tunnel's connection to the server behind.
#[derive(Clone, Copy, Debug)]
pub enum Behind<'a> {
    /// It opened.
    Opened,
    /// It could not be opened.
    Failed,
    /// Bytes came.
    Bytes(&'a [u8]),
    /// It ended.
    Ended,
}

/// A gateway.
pub struct Gateway {
    script: Script,
    settings: tls::ServerSettings,
    computer: String,
    opened_at: UnixSeconds,
    chance: Chance,
    connections: BTreeMap<u32, Connection>,
    tunnels: BTreeMap<u32, Tunnel>,
    orders: Vec<Order>,
}

impl Gateway {
    /// A gateway that follows `script`, goes by `names` (the most important first), and whose moment zero is
    /// `opened_at`. What looks random depends on `seed`.
    pub fn new(
        script: &Script,
        names: &[String],
        opened_at: UnixSeconds,
        seed: u64,
    ) -> Result<Self, Error> {
        let settings =
            server::tls_settings(&script.certificate, &script.tls, names, opened_at, None)?;
        Ok(Self {
            script: script.clone(),
            settings,
            computer: server::computer(names),
            opened_at,
            chance: Chance::of(seed),
            connections: BTreeMap::new(),
            tunnels: BTreeMap::new(),
            orders: Vec::new(),
        })
    }

    /// Takes in what happened on connection `number`, counted from 1, and says what to do.
    pub fn client(&mut self, now: Micros, number: u32, net: Net<'_>) -> Vec<Order> {
        match net {
            Net::Opened => self.opened(now, number),
            Net::Bytes(bytes) => {
                if let Some(connection) = self.connections.get_mut(&number) {
                    connection.received(bytes);
                }
                self.read(now, number);
            }
            Net::Ended => {
                if let Some(connection) = self.connections.get_mut(&number) {
                    connection.gone(now);
                }
                self.left(now, number);
            }
            Net::Time => {}
        }
        let orders = self.settle(now);
        if matches!(net, Net::Ended) {
            self.connections.remove(&number);
        }
        orders
    }

    /// Takes in what happened behind tunnel `number`, and says what to do.
    pub fn behind(&mut self, now: Micros, number: u32, net: Behind<'_>) -> Vec<Order> {
        self.from_behind(now, number, net);
        self.settle(now)
    }

    fn opened(&mut self, now: Micros, number: u32) {
        let mut chance = self.chance.part(u64::from(number));
        let draw = chance.draw();
        let open = u32::try_from(self.connections.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let faults = self
            .script
            .fault
            .iter()
            .filter(|fault| fault.when.applies(number, open, draw))
            .cloned()
            .collect();
        match tls::Server::new(&self.settings) {
            Ok(session) => {
                let think = Micros::from_millis(self.script.think_ms);
                let mut connection = Connection::new(session, faults, think, chance);
                connection.passes(now, Moment::Accept);
                self.connections.insert(number, connection);
            }
            Err(_) => self.orders.push(Order::Client(number, Do::Close)),
        }
    }

    fn read(&mut self, now: Micros, number: u32) {
        while let Some(event) = self
            .connections
            .get_mut(&number)
            .and_then(|connection| connection.next(now))
        {
            match event {
                Event::Request(request) => self.request(now, number, &request),
                Event::Tunnel(bytes) => self.packets(now, number, &bytes),
                Event::Over => self.left(now, number),
            }
        }
    }

    /// Everything that is due, and when to ask again.
    fn settle(&mut self, now: Micros) -> Vec<Order> {
        let mut orders = Vec::new();
        let mut wakes = BTreeMap::new();
        loop {
            orders.append(&mut self.orders);
            let mut over = Vec::new();
            for (number, connection) in &mut self.connections {
                wakes.remove(number);
                for step in connection.due(now) {
                    if let Do::Wake(at) = step {
                        wakes.insert(*number, at);
                    } else {
                        orders.push(Order::Client(*number, step));
                    }
                }
                if let (Some(tunnel), Some(then)) =
                    (connection.tunnel, connection.take_tunnel_over())
                {
                    over.push((tunnel, then));
                }
            }
            if over.is_empty() && self.orders.is_empty() {
                break;
            }
            for (tunnel, then) in over {
                self.end_tunnel(now, tunnel, then);
            }
        }
        let wakes = wakes
            .into_iter()
            .map(|(number, at)| Order::Client(number, Do::Wake(at)));
        orders.extend(wakes);
        orders
    }

    fn request(&mut self, now: Micros, number: u32, request: &Request) {
        let path = request.path().to_ascii_lowercase();
        let upgrade = request.says("Upgrade", "websocket");
        let transport = path.trim_end_matches('/') == TRANSPORT;
        let way = if transport {
            match request.method.as_str() {
                "RDG_OUT_DATA" | "GET" if upgrade && self.script.websocket => Way::Websocket,
                "RDG_OUT_DATA" if self.script.http => Way::Out,
                "RDG_IN_DATA" if self.script.http => Way::In,
                _ => Way::Other,
            }
        } else if RPC.contains(&path.as_str()) {
            Way::Rpc
        } else {
            Way::Other
        };
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        connection.way = Some(way);
        let transports = self.script.http || self.script.websocket;
        let there = match way {
            Way::Rpc => self.script.rpc != Rpc::Absent,
            Way::Other => transport && transports,
            Way::Out | Way::In | Way::Websocket => true,
        };
        if !there {
            let answer = self.usual(now, Response::of(404));
            self.answer(now, number, Moment::Request, answer.bytes());
            return;
        }
        if let Some(challenge) = self.stranger(now, number, request) {
            let challenge = self.usual(now, challenge);
            self.answer(now, number, Moment::Request, challenge.bytes());
            return;
        }
        // Faults that meet everybody meet those who are let in, too.
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        if !connection.passes(now, Moment::Request) {
            return;
        }
        match way {
            Way::Out => self.out_channel(now, number, request),
            Way::In => self.in_channel(now, number, request),
            Way::Websocket => self.socket(now, number, request),
            Way::Other => {
                let answer = self.usual(now, Response::of(405));
                self.answer(now, number, Moment::Logon, answer.bytes());
            }
            Way::Rpc => {
                let mut answer = Response::of(503);
                answer.reason = Some("RPC Error: 6ba".to_owned());
                let answer = self.usual(now, answer);
                self.answer(now, number, Moment::Logon, answer.bytes());
            }
        }
    }

    /// What every answer carries.
    fn usual(&self, now: Micros, response: Response) -> Response {
        let clock = server::clock(self.opened_at, now);
        response
            .with(PROGRAM)
            .with(format!("Date: {}", http::date(clock)))
    }

    fn answer(&mut self, now: Micros, number: u32, moment: Moment, bytes: Vec<u8>) -> bool {
        self.connections
            .get_mut(&number)
            .is_some_and(|connection| connection.answer(now, moment, bytes))
    }

    /// The answer to somebody who has not said, or not well, who he is; nothing for the user.
    fn stranger(&mut self, now: Micros, number: u32, request: &Request) -> Option<Response> {
        let script = &self.script;
        if script.schemes.is_empty() {
            return None;
        }
        let offers = |scheme: Scheme| script.schemes.contains(&scheme);
        let connection = self.connections.get_mut(&number)?;
        let ask = || {
            let schemes = script.schemes.iter().map(|scheme| match scheme {
                Scheme::Basic => format!("WWW-Authenticate: Basic realm=\"{}\"", script.name),
                Scheme::Digest => format!(
                    "WWW-Authenticate: Digest realm=\"{}\",qop=\"auth\",algorithm=MD5,nonce=\"b3f1\"",
                    script.name
                ),
                other => format!("WWW-Authenticate: {}", other.name()),
            });
            let mut response = Response::of(401);
            response.headers.extend(schemes);
            response
        };
        if connection.known && request.header("Authorization").is_none() {
            return None;
        }
        let parameter = request.parameter("AuthS");
        let (scheme, token) = match request.credentials("Authorization") {
            Some((scheme, token)) => (scheme, token),
            None => (parameter.as_deref().unwrap_or_default(), ""),
        };
        let named = |wanted: Scheme| wanted.name().eq_ignore_ascii_case(scheme) && offers(wanted);
        if named(Scheme::SspiNtlm) {
            return None;
        }
        let Ok(token) = base64::decode_block(token) else {
            return Some(ask());
        };
        if named(Scheme::Basic) {
            let let_in = is_user(script, &String::from_utf8_lossy(&token));
            connection.known = let_in;
            return (!let_in).then(ask);
        }
        let Some(scheme) = [Scheme::Ntlm, Scheme::Negotiate]
            .into_iter()
            .find(|scheme| named(*scheme))
        else {
            return Some(ask());
        };
        let clock = server::clock(self.opened_at, now);
        match logon(script, &self.computer, clock, connection, &token) {
            Logon::Challenge(challenge) => {
                let token = base64::encode_block(&challenge);
                let header = format!("WWW-Authenticate: {} {token}", scheme.name());
                Some(Response::of(401).with(header))
            }
            Logon::LetIn => {
                connection.known = true;
                None
            }
            Logon::Refused => Some(ask()),
        }
    }

    fn out_channel(&mut self, now: Micros, number: u32, request: &Request) {
        let mut answer = self.usual(now, Response::of(200));
        answer.body = None;
        let mut bytes = answer.bytes();
        // The specification speaks of a hundred random bytes; Windows Server sends AB CD five times.
        bytes.extend(
            [0xAB, 0xCD]
                .iter()
                .cycle()
                .take(self.script.seed_bytes.into()),
        );
        if self.answer(now, number, Moment::Logon, bytes) {
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.becomes_out();
            }
            self.begin(number, Some(number), &connection_id(request));
        }
    }

    fn in_channel(&mut self, now: Micros, number: u32, request: &Request) {
        let id = connection_id(request);
        let tunnel = self
            .tunnels
            .iter_mut()
            .find(|(_, tunnel)| tunnel.id == id && tunnel.input.is_none());
        let Some((tunnel_number, tunnel)) = tunnel else {
            let answer = self.usual(now, Response::of(400));
            self.answer(now, number, Moment::Logon, answer.bytes());
            return;
        };
        let tunnel_number = *tunnel_number;
        let chunked = request.is_chunked();
        if chunked {
            tunnel.input = Some(number);
        }
        let answer = self.usual(now, Response::of(200));
        let goes_on = self.answer(now, number, Moment::Logon, answer.bytes());
        // A request without a body only asks to be let in; the one that matters follows.
        if let Some(connection) = self.connections.get_mut(&number)
            && goes_on
            && chunked
        {
            connection.tunnel = Some(tunnel_number);
            connection.becomes_in();
        }
    }

    fn socket(&mut self, now: Micros, number: u32, request: &Request) {
        let key = request.header("Sec-WebSocket-Key").unwrap_or_default();
        let mut answer = self
            .usual(now, Response::of(101))
            .with("Upgrade: websocket")
            .with("Connection: Upgrade")
            .with(format!("Sec-WebSocket-Accept: {}", http::accept(key)));
        answer.body = None;
        if self.answer(now, number, Moment::Logon, answer.bytes()) {
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.becomes_socket();
            }
            self.begin(number, None, &connection_id(request));
            if let Some(tunnel) = self.tunnels.get_mut(&number) {
                tunnel.input = Some(number);
            }
        }
    }

    /// A tunnel begins whose answers go over this connection, and which has its number.
    fn begin(&mut self, number: u32, out: Option<u32>, id: &str) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.tunnel = Some(number);
        }
        let framed = out.is_none();
        self.tunnels
            .insert(number, Tunnel::new(id.to_owned(), number, framed));
    }

    /// A connection is over: its tunnel ends with it.
    fn left(&mut self, now: Micros, number: u32) {
        let tunnel = self
            .connections
            .get(&number)
            .and_then(|connection| connection.tunnel);
        if let Some(tunnel) = tunnel {
            self.end_tunnel(now, tunnel, Then::Close);
        }
    }

    /// Ends a tunnel and what belongs to it.
    fn end_tunnel(&mut self, now: Micros, number: u32, then: Then) {
        let Some(tunnel) = self.tunnels.remove(&number) else {
            return;
        };
        for connection in [Some(tunnel.out), tunnel.input].into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(&connection) {
                connection.end(now, then);
            }
        }
        if tunnel.dialled {
            self.orders.push(Order::Hangup(number));
        }
    }
}

/// The identifier that joins two channels, from the header or the query.
fn connection_id(request: &Request) -> String {
    let id = match request.header("RDG-Connection-Id") {
        Some(id) => id.to_owned(),
        None => request.parameter("ConId").unwrap_or_default(),
    };
    id.trim_matches(['{', '}']).to_ascii_lowercase()
}

/// These are the name and the password of the user, as Basic joins them.
fn is_user(script: &Script, credentials: &str) -> bool {
    let Some((name, password)) = credentials.split_once(':') else {
        return false;
    };
    let name = name.rsplit('\\').next().unwrap_or_default();
    let name = name.split('@').next().unwrap_or_default();
    name.eq_ignore_ascii_case(&script.user) && password == script.password
}

/// How a logon goes on.
enum Logon {
    Challenge(Vec<u8>),
    LetIn,
    Refused,
}

/// Takes an NTLM message, bare or inside SPNEGO, of the logon on this connection.
fn logon(
    script: &Script,
    computer: &str,
    clock: UnixSeconds,
    connection: &mut Connection,
    token: &[u8],
) -> Logon {
    match wire::ntlm::find(token) {
        Some((wire::ntlm::Kind::Negotiate, message)) => {
            let says = server::challenge(&script.ntlm, computer, clock);
            let nonce = connection.chance.draw().to_le_bytes();
            let challenge = wire::ntlm::challenge(&says, nonce);
            connection.logon = Some((message.to_vec(), challenge.clone()));
            Logon::Challenge(if spnego::is(token) {
                spnego::wrap(&challenge)
            } else {
                challenge
            })
        }
        Some((wire::ntlm::Kind::Authenticate, message)) => {
            let Some((negotiate, challenge)) = connection.logon.take() else {
                return Logon::Refused;
            };
            let Script { user, password, .. } = script;
            match ntlm::judge(user, password, &negotiate, &challenge, message) {
                Verdict::LetIn => Logon::LetIn,
                _ => Logon::Refused,
            }
        }
        _ => Logon::Refused,
    }
}

#[cfg(test)]
mod tests;
