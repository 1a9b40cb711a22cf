//! An RD Gateway ([MS-TSGU]), sans-IO: what happened on its connections goes in with the time, what to do comes
//! out.
//!
//! It speaks the HTTP transport over two channels and over a WebSocket, lets its one user in by Basic or
//! NTLM, and forwards what the tunnel carries to the server behind it. Where the packets of a request come
//! from makes no difference to the tunnel, so a tunnel only knows bytes; a connection ([`crate::front`]) knows TLS,
//! HTTP and the faults. The older transport, RPC over HTTP, has a folder of its own.

mod packet;
mod rpc;
mod script;
mod tunnel;

use std::collections::BTreeMap;

use model::{Micros, UnixSeconds};

pub use script::{Rpc, Script};

use crate::chance::Chance;
use crate::front::connection::{Connection, Event, Word, begin, settle};
use crate::front::{Behind, Door, Moment, Order, Way};
use crate::http::{self, Request, Response};
use crate::scenario::Then;
use crate::server::{self, Error, Net};
use tunnel::Tunnel;

/// Where the HTTP transport is found ([MS-TSGU] 1.9.2).
const TRANSPORT: &str = "/remotedesktopgateway";
/// Where RPC over HTTP is found, with and without a certificate of the client.
const RPC_PATHS: [&str; 2] = ["/rpc/rpcproxy.dll", "/rpcwithcert/rpcproxy.dll"];
/// What HTTP.sys calls itself.
const PROGRAM: &str = "Server: Microsoft-HTTPAPI/2.0";

/// A gateway.
pub struct Gateway {
    script: Script,
    settings: tls::ServerSettings,
    door: Door,
    opened_at: UnixSeconds,
    chance: Chance,
    connections: BTreeMap<u32, Connection>,
    tunnels: BTreeMap<u32, Tunnel>,
    rpc: rpc::Lines,
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
        let door = Door {
            status: 401,
            schemes: script.schemes.clone(),
            realm: script.name.clone(),
            user: script.user.clone(),
            password: script.password.clone(),
            ntlm: script.ntlm.clone(),
            computer: server::computer(names),
            opened_at,
            bound: server::bound(&settings, script.binds)?,
        };
        Ok(Self {
            script: script.clone(),
            settings,
            door,
            opened_at,
            chance: Chance::of(seed),
            connections: BTreeMap::new(),
            tunnels: BTreeMap::new(),
            rpc: rpc::Lines::default(),
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
            self.rpc.forget(number);
        }
        orders
    }

    /// Takes in what happened behind tunnel `number`, and says what to do.
    pub fn behind(&mut self, now: Micros, number: u32, net: Behind<'_>) -> Vec<Order> {
        if self.rpc.has(number) {
            self.happened_behind_rpc(now, number, net);
        } else {
            self.happened_behind(now, number, net);
        }
        self.settle(now)
    }

    fn opened(&mut self, now: Micros, number: u32) {
        let Ok(session) = tls::Server::new(&self.settings) else {
            self.orders.push(Order::Client(number, server::Do::Close));
            return;
        };
        let think = Micros::from_millis(self.script.think_ms);
        let faults = &self.script.fault;
        let chance = self.chance.part(u64::from(number));
        let mut connection = begin(
            now,
            number,
            self.connections.len(),
            Some(session),
            faults,
            think,
            chance,
        );
        connection.program = Some(PROGRAM);
        self.connections.insert(number, connection);
    }

    fn read(&mut self, now: Micros, number: u32) {
        while let Some(event) = self
            .connections
            .get_mut(&number)
            .and_then(|connection| connection.next(now))
        {
            match event {
                Event::Request(request) => self.request(now, number, &request),
                Event::Tunnel(bytes) if self.rpc.knows(number) => {
                    self.rpc_bytes(now, number, &bytes);
                }
                Event::Tunnel(bytes) => self.packets(now, number, &bytes),
                Event::Over => self.left(now, number),
            }
        }
    }

    /// Everything that is due, and when to ask again.
    fn settle(&mut self, now: Micros) -> Vec<Order> {
        let mut orders = Vec::new();
        loop {
            let words = settle(now, &mut self.connections, &mut orders);
            orders.append(&mut self.orders);
            if words.is_empty() {
                return orders;
            }
            for (tunnel, word) in words {
                match word {
                    Word::Alarm => self.ping(now, tunnel),
                    Word::Over(code, then) => {
                        if let Some(code) = code {
                            self.close_channel(now, tunnel, code);
                            self.close_pipe(now, tunnel, code);
                        }
                        self.end_tunnel(now, tunnel, then);
                    }
                }
            }
        }
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
        } else if RPC_PATHS.contains(&path.as_str()) {
            match request.method.as_str() {
                "RPC_OUT_DATA" => Way::RpcOut,
                "RPC_IN_DATA" => Way::RpcIn,
                _ => Way::Rpc,
            }
        } else {
            Way::Other
        };
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        connection.way = Some(way);
        let transports = self.script.http || self.script.websocket;
        let there = match way {
            Way::Rpc | Way::RpcOut | Way::RpcIn => self.script.rpc != Rpc::Absent,
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
            Way::Rpc | Way::RpcOut | Way::RpcIn if self.script.rpc == Rpc::NoServer => {
                self.rpc_error(now, number, rpc::SERVER_UNAVAILABLE);
            }
            Way::RpcOut | Way::RpcIn => self.rpc_channel(now, number, way, request),
            Way::Other | Way::Rpc => {
                let answer = self.usual(now, Response::of(405));
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
        let connection = self.connections.get_mut(&number)?;
        self.door.stranger(now, connection, request)
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
        let (ends, dialled) = if let Some(tunnel) = self.tunnels.remove(&number) {
            ([Some(tunnel.out), tunnel.input], tunnel.dialled)
        } else if let Some(ended) = self.rpc.remove(number) {
            ended
        } else {
            return;
        };
        for connection in ends.into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(&connection) {
                connection.end(now, then);
            }
        }
        if dialled {
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

#[cfg(test)]
mod tests;
