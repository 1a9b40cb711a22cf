//! A proxy, sans-IO: HTTP CONNECT (RFC 9110 section 9.3.6) or SOCKS 5 (RFC 1928, RFC 1929), with its faults.
//!
//! It leads to the one server behind it, whatever a client asks for: a lab is no open proxy.

use std::collections::BTreeMap;

use model::{Micros, UnixSeconds};
use serde::Deserialize;

use crate::certificate::Recipe;
use crate::chance::Chance;
use crate::front::connection::{Connection, Event, Word, begin, settle};
use crate::front::{Behind, Door, Fault, Moment, Order, Scheme, check};
use crate::http::{Request, Response, date};
use crate::ntlm::Bound;
use crate::scenario::{Ntlm, Then, TlsSettings};
use crate::server::{self, Error, MOST_UNREAD, Net};

/// A proxy. The default is an HTTP proxy that leads everybody anywhere.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// What it speaks.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Clients speak TLS to it.
    pub tls: Option<TlsSettings>,
    /// Its certificate, where they do.
    pub certificate: Recipe,
    /// The schemes it offers with 407, or for SOCKS `basic` for name and password; with none, everybody may come.
    pub schemes: Vec<Scheme>,
    /// The user it knows.
    pub user: String,
    /// The password of that user.
    pub password: String,
    /// The ports it leads to; all when empty.
    pub ports: Vec<u16>,
    /// What an HTTP proxy says when it cannot reach the server.
    pub unreachable: u16,
    /// Time it takes to answer anything, in milliseconds.
    pub think_ms: u64,
    /// What it does wrong.
    pub fault: Vec<Fault>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            kind: Kind::Http,
            name: "proxy.lab.test".to_owned(),
            tls: None,
            certificate: Recipe::default(),
            schemes: Vec::new(),
            user: "lab".to_owned(),
            password: "Passw0rd!".to_owned(),
            ports: Vec::new(),
            unreachable: 503,
            think_ms: 0,
            fault: Vec::new(),
        }
    }
}

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// HTTP, with CONNECT.
    Http,
    /// SOCKS 5.
    Socks5,
}

impl Script {
    /// What makes no sense in it.
    pub(crate) fn check(&self) -> Result<(), String> {
        let socks = self.kind == Kind::Socks5;
        if socks && self.schemes.iter().any(|scheme| *scheme != Scheme::Basic) {
            return Err("SOCKS knows name and password (`basic`) alone".to_owned());
        }
        for Fault {
            at, status, code, ..
        } in &self.fault
        {
            if socks && status.is_some() || !socks && code.is_some() {
                return Err("`status` is HTTP's, and `code` is that of SOCKS".to_owned());
            }
            if !socks && *at == Moment::Greeting || socks && *at == Moment::Data && code.is_some() {
                return Err(format!("{at:?} does not come, or no code is said then"));
            }
        }
        check(&self.fault, |at| at <= Moment::Logon || at == Moment::Data)
    }
}

/// Codes of SOCKS (RFC 1928 section 6).
mod reply {
    pub(super) const SUCCEEDED: u8 = 0;
    pub(super) const FORBIDDEN: u8 = 2;
    pub(super) const REFUSED: u8 = 5;
    pub(super) const COMMAND_UNKNOWN: u8 = 7;
    pub(super) const ADDRESS_UNKNOWN: u8 = 8;
}

/// Methods of SOCKS (RFC 1928 section 3).
mod method {
    pub(super) const NONE: u8 = 0;
    pub(super) const PASSWORD: u8 = 2;
    pub(super) const NO_ACCEPTABLE: u8 = 0xFF;
}

/// Where a connection of SOCKS stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Greeting,
    Logon,
    Request,
    /// The server behind is being dialled.
    Server,
    Data,
}

struct Hop {
    stage: Stage,
    incoming: Vec<u8>,
    dialled: bool,
}

/// A proxy.
pub struct Forwarder {
    script: Script,
    settings: Option<tls::ServerSettings>,
    door: Door,
    chance: Chance,
    connections: BTreeMap<u32, Connection>,
    hops: BTreeMap<u32, Hop>,
    orders: Vec<Order>,
}

impl Forwarder {
    /// A proxy that follows `script`, goes by `names` (the most important first), and whose moment zero is
    /// `opened_at`. What looks random depends on `seed`.
    pub fn new(
        script: &Script,
        names: &[String],
        opened_at: UnixSeconds,
        seed: u64,
    ) -> Result<Self, Error> {
        let settings = script
            .tls
            .as_ref()
            .map(|tls| server::tls_settings(&script.certificate, tls, names, opened_at, None))
            .transpose()?;
        let bound = match &settings {
            Some(settings) => server::bound(settings, false)?,
            None => Bound::default(),
        };
        Ok(Self {
            script: script.clone(),
            settings,
            door: Door {
                bound,
                status: 407,
                schemes: script.schemes.clone(),
                realm: script.name.clone(),
                user: script.user.clone(),
                password: script.password.clone(),
                ntlm: Ntlm::default(),
                computer: server::computer(names),
                opened_at,
            },
            chance: Chance::of(seed),
            connections: BTreeMap::new(),
            hops: BTreeMap::new(),
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
                self.leave(number);
            }
            Net::Time => {}
        }
        let orders = self.settle(now);
        if matches!(net, Net::Ended) {
            self.connections.remove(&number);
        }
        orders
    }

    /// Takes in what happened behind connection `number`, and says what to do.
    pub fn behind(&mut self, now: Micros, number: u32, net: Behind<'_>) -> Vec<Order> {
        let stage = self.hops.get(&number).map(|hop| hop.stage);
        match (net, stage) {
            (Behind::Opened, Some(Stage::Server)) => self.reached(now, number),
            (Behind::Failed, Some(Stage::Server)) => self.not_reached(now, number),
            (Behind::Bytes(bytes), Some(Stage::Data)) => self.say(now, number, bytes),
            (Behind::Ended, Some(Stage::Data)) => self.end(now, number, Then::Close),
            _ => {}
        }
        self.settle(now)
    }

    fn opened(&mut self, now: Micros, number: u32) {
        let session = match self.settings.as_ref().map(tls::Server::new).transpose() {
            Ok(session) => session,
            Err(_) => {
                self.orders.push(Order::Client(number, server::Do::Close));
                return;
            }
        };
        let think = Micros::from_millis(self.script.think_ms);
        let mut connection = begin(
            now,
            number,
            self.connections.len(),
            session,
            &self.script.fault,
            think,
            self.chance.part(u64::from(number)),
        );
        if self.script.kind == Kind::Socks5 {
            connection.speaks_no_http();
        }
        connection.tunnel = Some(number);
        self.connections.insert(number, connection);
        self.hops.insert(
            number,
            Hop {
                stage: Stage::Greeting,
                incoming: Vec::new(),
                dialled: false,
            },
        );
    }

    fn read(&mut self, now: Micros, number: u32) {
        while let Some(event) = self
            .connections
            .get_mut(&number)
            .and_then(|connection| connection.next(now))
        {
            match event {
                Event::Request(request) => self.connect(now, number, &request),
                Event::Tunnel(bytes) => self.bytes(now, number, bytes),
                Event::Over => self.leave(number),
            }
        }
    }

    fn settle(&mut self, now: Micros) -> Vec<Order> {
        let mut orders = Vec::new();
        loop {
            let words = settle(now, &mut self.connections, &mut orders);
            orders.append(&mut self.orders);
            if words.is_empty() {
                return orders;
            }
            for (number, word) in words {
                if let Word::Over(_, then) = word {
                    self.end(now, number, then);
                }
            }
        }
    }

    fn say(&mut self, now: Micros, number: u32, bytes: &[u8]) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.say(now, bytes);
        }
    }

    /// Sends the answer that is due; a connection that does not go on is left.
    fn answer(&mut self, now: Micros, number: u32, moment: Moment, bytes: Vec<u8>) -> bool {
        self.connections
            .get_mut(&number)
            .is_some_and(|connection| connection.answer(now, moment, bytes))
    }

    /// The code with which a fault says no, or this one.
    fn code(&self, number: u32, moment: Moment, usual: u8) -> u8 {
        self.connections
            .get(&number)
            .and_then(|connection| connection.refusal(moment))
            .and_then(|(code, _)| u8::try_from(code).ok())
            .unwrap_or(usual)
    }

    fn usual(&self, now: Micros, response: Response) -> Response {
        let clock = server::clock(self.door.opened_at, now);
        response
            .with(format!("Via: 1.1 {}", self.script.name))
            .with(format!("Date: {}", date(clock)))
    }

    fn connect(&mut self, now: Micros, number: u32, request: &Request) {
        let Some(connection) = self.connections.get_mut(&number) else {
            return;
        };
        if let Some(challenge) = self.door.stranger(now, connection, request) {
            let challenge = self.usual(now, challenge);
            self.answer(now, number, Moment::Request, challenge.bytes());
            return;
        }
        if !connection.passes(now, Moment::Request) {
            return;
        }
        let refusal = match request.target.rsplit_once(':') {
            _ if request.method != "CONNECT" => Some(405),
            Some((_, port)) => match port.parse::<u16>() {
                Ok(port) if self.leads_to(port) => None,
                Ok(_) => Some(403),
                Err(_) => Some(400),
            },
            None => Some(400),
        };
        if let Some(status) = refusal {
            let answer = self.usual(now, Response::of(status));
            self.answer(now, number, Moment::Logon, answer.bytes());
            return;
        }
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.waits();
        }
        self.dial(number, &request.target);
    }

    fn leads_to(&self, port: u16) -> bool {
        self.script.ports.is_empty() || self.script.ports.contains(&port)
    }

    fn dial(&mut self, number: u32, target: &str) {
        let (name, port) = target.rsplit_once(':').unwrap_or((target, ""));
        if let Some(hop) = self.hops.get_mut(&number) {
            hop.stage = Stage::Server;
            hop.dialled = true;
            self.orders.push(Order::Dial {
                tunnel: number,
                names: vec![name.to_owned()],
                port: port.parse().unwrap_or_default(),
            });
        }
    }

    fn reached(&mut self, now: Micros, number: u32) {
        let goes_on = match self.script.kind {
            Kind::Http => {
                let mut answer = self.usual(now, Response::of(200));
                answer.reason = Some("Connection established".to_owned());
                answer.body = None;
                self.answer(now, number, Moment::Logon, answer.bytes())
            }
            Kind::Socks5 => self.answer(now, number, Moment::Request, bound(reply::SUCCEEDED)),
        };
        if !goes_on {
            return self.leave(number);
        }
        let mut early = Vec::new();
        if let Some(hop) = self.hops.get_mut(&number) {
            hop.stage = Stage::Data;
            early = std::mem::take(&mut hop.incoming);
        }
        if !early.is_empty() {
            self.orders.push(Order::Forward(number, early));
        }
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.becomes_through();
            connection.later(now);
        }
        self.read(now, number);
    }

    fn not_reached(&mut self, now: Micros, number: u32) {
        let (moment, answer) = match self.script.kind {
            Kind::Http => {
                let answer = self.usual(now, Response::of(self.script.unreachable));
                (Moment::Logon, answer.bytes())
            }
            Kind::Socks5 => (
                Moment::Request,
                bound(self.code(number, Moment::Request, reply::REFUSED)),
            ),
        };
        if self.answer(now, number, moment, answer) {
            self.end(now, number, Then::Close);
        }
    }

    fn bytes(&mut self, now: Micros, number: u32, bytes: Vec<u8>) {
        let Some(hop) = self.hops.get_mut(&number) else {
            return;
        };
        if hop.stage == Stage::Data {
            self.orders.push(Order::Forward(number, bytes));
            return;
        }
        hop.incoming.extend(bytes);
        if hop.incoming.len() > MOST_UNREAD {
            return self.end(now, number, Then::Close);
        }
        loop {
            let Some(hop) = self.hops.get_mut(&number) else {
                return;
            };
            let before = (hop.stage, hop.incoming.len());
            let goes_on = match hop.stage {
                Stage::Greeting => self.greeting(now, number),
                Stage::Logon => self.logon(now, number),
                Stage::Request => self.request(now, number),
                Stage::Server | Stage::Data => return,
            };
            if !goes_on {
                return self.end(now, number, Then::Close);
            }
            let after = self
                .hops
                .get(&number)
                .map(|hop| (hop.stage, hop.incoming.len()));
            if after == Some(before) {
                return;
            }
        }
    }

    /// The bytes of a message that `size` finds whole.
    fn message(
        &mut self,
        number: u32,
        size: impl FnOnce(&[u8]) -> Option<usize>,
    ) -> Option<Vec<u8>> {
        let hop = self.hops.get_mut(&number)?;
        let size = size(&hop.incoming).filter(|size| hop.incoming.len() >= *size)?;
        Some(hop.incoming.drain(..size).collect())
    }

    fn goes_to(&mut self, number: u32, stage: Stage) {
        if let Some(hop) = self.hops.get_mut(&number) {
            hop.stage = stage;
        }
    }

    /// The methods a client offers; false when the connection ends.
    fn greeting(&mut self, now: Micros, number: u32) -> bool {
        let first = |hop: &Hop| hop.incoming.first().copied();
        if self.hops.get(&number).and_then(first) != Some(5) {
            return false;
        }
        let size = |bytes: &[u8]| Some(usize::from(*bytes.get(1)?).saturating_add(2));
        let Some(greeting) = self.message(number, size) else {
            return true;
        };
        let offered = greeting.get(2..).unwrap_or_default();
        let wanted = if self.script.schemes.is_empty() {
            method::NONE
        } else {
            method::PASSWORD
        };
        let chosen = if offered.contains(&wanted) {
            wanted
        } else {
            method::NO_ACCEPTABLE
        };
        let chosen = self.code(number, Moment::Greeting, chosen);
        if !self.answer(now, number, Moment::Greeting, vec![5, chosen]) {
            self.leave(number);
            return true;
        }
        self.goes_to(
            number,
            if chosen == method::PASSWORD {
                Stage::Logon
            } else {
                Stage::Request
            },
        );
        chosen != method::NO_ACCEPTABLE
    }

    /// Name and password; false when the connection ends.
    fn logon(&mut self, now: Micros, number: u32) -> bool {
        let size = |bytes: &[u8]| {
            let name = usize::from(*bytes.get(1)?);
            let password = usize::from(*bytes.get(name.saturating_add(2))?);
            Some(name.saturating_add(password).saturating_add(3))
        };
        let Some(said) = self.message(number, size) else {
            return true;
        };
        let name = usize::from(said.get(1).copied().unwrap_or_default()).saturating_add(2);
        let text =
            |range: Option<&[u8]>| String::from_utf8_lossy(range.unwrap_or_default()).into_owned();
        let user = text(said.get(2..name));
        let password = text(said.get(name.saturating_add(1)..));
        let usual = u8::from(!self.door.is_user(&user, &password));
        let code = self.code(number, Moment::Logon, usual);
        if !self.answer(now, number, Moment::Logon, vec![1, code]) {
            self.leave(number);
            return true;
        }
        self.goes_to(number, Stage::Request);
        code == 0
    }

    /// Where a client wants to go; false when the connection ends.
    fn request(&mut self, now: Micros, number: u32) -> bool {
        let size = |bytes: &[u8]| {
            let address = match bytes.get(3)? {
                1 => 4,
                4 => 16,
                3 => usize::from(*bytes.get(4)?).saturating_add(1),
                // Nobody knows how long it is.
                _ => return Some(bytes.len()),
            };
            Some(address.saturating_add(6))
        };
        let Some(asked) = self.message(number, size) else {
            return true;
        };
        let port = asked
            .last_chunk::<2>()
            .map_or(0, |port| u16::from_be_bytes(*port));
        let usual = match (asked.get(1), asked.get(3)) {
            (_, Some(1 | 3 | 4)) if asked.get(1) != Some(&1) => reply::COMMAND_UNKNOWN,
            (_, Some(1 | 3 | 4)) if !self.leads_to(port) => reply::FORBIDDEN,
            (_, Some(1 | 3 | 4)) => reply::SUCCEEDED,
            _ => reply::ADDRESS_UNKNOWN,
        };
        let code = self.code(number, Moment::Request, usual);
        if code != reply::SUCCEEDED {
            return !self.answer(now, number, Moment::Request, bound(code));
        }
        self.dial(number, &format!(":{port}"));
        true
    }

    /// Ends a connection and what belongs to it.
    fn end(&mut self, now: Micros, number: u32, then: Then) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.end(now, then);
        }
        self.leave(number);
    }

    fn leave(&mut self, number: u32) {
        if self.hops.remove(&number).is_some_and(|hop| hop.dialled) {
            self.orders.push(Order::Hangup(number));
        }
    }
}

/// A reply of SOCKS, with an address that says nothing.
fn bound(code: u8) -> Vec<u8> {
    vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

#[cfg(test)]
mod tests;
