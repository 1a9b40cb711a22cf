//! The server side of a connection, sans-IO: what happened goes in with the time, what to do comes out.
//!
//! A [`Host`] is a server with its certificate; each connection to it is a [`Server`]. It follows a
//! [`Script`] from the first byte to CredSSP, or to the first picture of a session where there is no NLA, and does
//! at each stage what the faults of the script say.

mod impostor;
mod set_up;
pub(crate) mod spnego;

use std::collections::VecDeque;
use std::sync::Arc;

use model::codes::{Protocols, TlsAlert, TlsVersion};
use model::{HostName, Micros, NtlmChallenge, Service, UnixSeconds};
use wire::tls::{AlertLevel, handshake};
use wire::{Read, credssp, ntlm, x224};

use crate::answers::{self, Answer};
use crate::certificate;
use crate::chance::Chance;
use crate::ntlm::Bound;
use crate::scenario::{Act, Fault, Hello, Ntlm, Script, Stage, Then, TlsSettings};

/// What happened on a connection.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// It opened.
    Opened,
    /// Bytes came from the client.
    Bytes(&'a [u8]),
    /// The client closed or reset it.
    Ended,
    /// A moment asked for has come.
    Time,
}

/// What to do on a connection, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    /// Send bytes.
    Send(Vec<u8>),
    /// Close this direction and keep reading.
    HalfClose,
    /// Close in good order.
    Close,
    /// Reset.
    Reset,
    /// Hand in [`Net::Time`] at this moment.
    Wake(Micros),
}

/// A host that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its certificate cannot be made.
    #[error(transparent)]
    Certificate(#[from] certificate::Error),
    /// The TLS library refuses its settings.
    #[error("cannot serve TLS as the script says: {0}")]
    Tls(#[from] tls::Error),
    /// What logons are tied to cannot be reckoned.
    #[error("cannot tie logons to the certificate: {0}")]
    Bindings(#[from] openssl::error::ErrorStack),
}

/// A server that connections can be opened to.
#[derive(Debug)]
pub struct Host {
    script: Script,
    settings: tls::ServerSettings,
    computer: String,
    opened_at: UnixSeconds,
    chance: Chance,
}

impl Host {
    /// A host that follows `script`, goes by `names` (names or addresses, the most important first), and
    /// whose moment zero is `opened_at`. What looks random depends on `seed`.
    pub fn new(
        script: &Script,
        names: &[String],
        opened_at: UnixSeconds,
        seed: u64,
    ) -> Result<Arc<Self>, Error> {
        Self::logging_keys(script, names, opened_at, seed, None)
    }

    /// The same host, which hands out the keys of its TLS sessions.
    pub fn logging_keys(
        script: &Script,
        names: &[String],
        opened_at: UnixSeconds,
        seed: u64,
        key_log: Option<tls::KeyLog>,
    ) -> Result<Arc<Self>, Error> {
        let settings = tls_settings(&script.certificate, &script.tls, names, opened_at, key_log)?;
        Ok(Arc::new(Self {
            computer: computer(names),
            script: script.clone(),
            settings,
            opened_at,
            chance: Chance::of(seed),
        }))
    }

    /// What it follows.
    pub const fn script(&self) -> &Script {
        &self.script
    }

    /// Its TLS.
    pub(crate) const fn settings(&self) -> &tls::ServerSettings {
        &self.settings
    }

    /// Where its chances come from.
    pub const fn chance(&self) -> Chance {
        self.chance
    }

    /// Connection `number`, counted from 1, opened while `open` with itself are open.
    pub fn connection(self: &Arc<Self>, number: u32, open: u32) -> Server {
        let mut chance = self.chance.part(u64::from(number));
        let draw = chance.draw();
        let faults = self
            .script
            .fault
            .iter()
            .filter(|fault| fault.when.applies(number, open, draw));
        Server {
            faults: faults.cloned().collect(),
            host: Arc::clone(self),
            chance,
            state: State::Request,
            incoming: Vec::new(),
            plain: Vec::new(),
            hello: None,
            session: None,
            chosen: Protocols::RDP,
            plan: VecDeque::new(),
            busy_until: Micros::ZERO,
            progress: set_up::Progress::default(),
        }
    }
}

/// One connection as its server sees it.
pub struct Server {
    host: Arc<Host>,
    /// The faults that happen to this connection.
    faults: Vec<Fault>,
    chance: Chance,
    state: State,
    /// What came and was not understood yet.
    incoming: Vec<u8>,
    /// What came inside TLS, or in clear where there is none, and was not understood yet.
    plain: Vec<u8>,
    hello: Option<Hello>,
    session: Option<tls::Server>,
    chosen: Protocols,
    /// INVARIANT: in the order in which it is due.
    plan: VecDeque<(Micros, Do)>,
    busy_until: Micros,
    progress: set_up::Progress,
}

/// What a server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Request,
    ClientHello,
    ClientFinished,
    CredSspNegotiate,
    CredSspAuthenticate,
    /// The messages that set a session up.
    SetUp,
    /// A session: nothing but its end.
    Session,
    /// Another service waits for anything.
    Anything(Service),
    /// Nothing more is listened to.
    Over,
}

/// A client that has sent so much without making sense is not listened to any further.
pub(crate) const MOST_UNREAD: usize = 512 * 1024;

impl Server {
    /// Takes in what happened at `now`, and says what to do.
    pub fn on(&mut self, now: Micros, net: Net<'_>) -> Vec<Do> {
        match net {
            Net::Opened => self.opened(now),
            Net::Bytes(bytes) => {
                if self.state != State::Over {
                    self.incoming.extend_from_slice(bytes);
                    self.read(now);
                    if self.incoming.len().max(self.plain.len()) > MOST_UNREAD {
                        self.end(now, Then::Close);
                    }
                }
            }
            Net::Ended => {
                self.state = State::Over;
                let closing = |(_, step): &(Micros, Do)| matches!(step, Do::Close | Do::Reset);
                if !self.plan.iter().any(closing) {
                    self.plan.clear();
                    self.plan.push_back((now, Do::Close));
                }
            }
            Net::Time => {}
        }
        let mut due = Vec::new();
        while let Some((_, step)) = self.plan.pop_front_if(|(at, _)| *at <= now) {
            due.push(step);
        }
        due.extend(self.plan.front().map(|(at, _)| Do::Wake(*at)));
        due
    }

    fn opened(&mut self, now: Micros) {
        if !self.passes(now, Stage::Accept) {
            return;
        }
        if let Some(service) = self.host.script.service {
            self.state = State::Anything(service);
            if let Some(banner) = impostor::banner(service) {
                self.send(now, banner);
            }
        }
    }

    fn read(&mut self, now: Micros) {
        // One piece may hold several messages: each turn reads one, until one is not whole.
        loop {
            let before = (self.state, self.incoming.len(), self.plain.len());
            match self.state {
                State::Request => self.request(now),
                State::ClientHello => self.client_hello(now),
                State::ClientFinished => self.client_finished(now),
                State::CredSspNegotiate
                | State::CredSspAuthenticate
                | State::SetUp
                | State::Session => self.inside(now),
                State::Anything(service) => self.anything(now, service),
                State::Over => {}
            }
            if before == (self.state, self.incoming.len(), self.plain.len()) {
                return;
            }
        }
    }

    fn request(&mut self, now: Micros) {
        let (request, used) = match x224::read_request(&self.incoming) {
            Read::Whole { value, used } => (value, used),
            Read::Partial => return,
            Read::Not => return self.end(now, Then::Close),
        };
        self.incoming.drain(..used);
        let script = &self.host.script;
        let answer = match answers::answer(script, request.offered) {
            Answer::Plain => x224::Answer::Plain,
            Answer::Choose(protocols) => x224::Answer::Chosen {
                protocols,
                flags: answers::flags(script),
            },
            Answer::Refuse(code) => x224::Answer::Refused(code),
            Answer::Close => return self.silent_end(now, Then::Close),
            Answer::Reset => return self.silent_end(now, Then::Reset),
            Answer::Silence => return self.silent_end(now, Then::Silence),
        };
        if !self.answer(now, Stage::Request, x224::connection_confirm(answer))
            || !self.passes(now, Stage::Confirm)
        {
            return;
        }
        match answer {
            x224::Answer::Refused(_) => self.end(now, Then::Close),
            x224::Answer::Chosen { protocols, .. } if protocols != Protocols::RDP => {
                self.chosen = protocols;
                self.state = State::ClientHello;
            }
            _ => self.state = State::SetUp,
        }
    }

    /// Ends instead of answering the request, unless a fault has it otherwise.
    fn silent_end(&mut self, now: Micros, then: Then) {
        if self.answer(now, Stage::Request, Vec::new()) {
            self.end(now, then);
        }
    }

    fn client_hello(&mut self, now: Micros) {
        match read_hello(&self.incoming) {
            Read::Whole { value, .. } => self.hello = Some(value),
            Read::Partial => return,
            // The library knows best what to say to bytes that are no hello.
            Read::Not => {}
        }
        if self.session.is_none() {
            match tls::Server::new(&self.host.settings) {
                Ok(session) => self.session = Some(session),
                Err(_) => return self.end(now, Then::Close),
            }
        }
        let Some((progress, flight)) = self.step() else {
            return;
        };
        let retry = asks_again(&flight);
        if !self.answer(now, Stage::ClientHello, flight) {
            return;
        }
        match progress {
            tls::Progress::Handshaking if retry => {}
            tls::Progress::Handshaking => {
                self.state = State::ClientFinished;
                self.passes(now, Stage::ServerFlight);
            }
            _ => self.end(now, Then::Close),
        }
    }

    fn client_finished(&mut self, now: Micros) {
        let Some((progress, flight)) = self.step() else {
            return;
        };
        self.send(now, flight);
        match progress {
            tls::Progress::Handshaking => {}
            tls::Progress::Up(_) => {
                if !self.passes(now, Stage::Tls) {
                    return;
                }
                self.state = if self.chosen.has_nla() {
                    State::CredSspNegotiate
                } else {
                    State::SetUp
                };
            }
            _ => self.end(now, Then::Close),
        }
    }

    /// Carries the session on with what came: where it stands, and what it wants to send.
    fn step(&mut self) -> Option<(tls::Progress, Vec<u8>)> {
        let session = self.session.as_mut()?;
        session.received(&std::mem::take(&mut self.incoming));
        let progress = session.step();
        Some((progress, session.take_outgoing()))
    }

    /// Reads a message inside TLS, or in clear where there is none.
    fn inside(&mut self, now: Micros) {
        let mut over = false;
        if self.session.is_none() {
            self.plain.append(&mut self.incoming);
        } else if let Some((progress, sent)) = self.step() {
            over = matches!(progress, tls::Progress::Closed | tls::Progress::Failed(_));
            self.send(now, sent);
            self.plain.extend(
                self.session
                    .as_mut()
                    .map(tls::Server::take_plain)
                    .unwrap_or_default(),
            );
        }
        match self.state {
            State::SetUp => self.set_up(now),
            State::Session => self.plain.clear(),
            _ => self.credssp(now),
        }
        if over && self.state != State::Over {
            self.end(now, Then::Close);
        }
    }

    fn credssp(&mut self, now: Micros) {
        let (request, used) = match credssp::read(&self.plain) {
            Read::Whole { value, used } => (value, used),
            Read::Partial => return,
            Read::Not => return self.end(now, Then::Close),
        };
        self.plain.drain(..used);
        let settings = &self.host.script.credssp;
        let (version, error, logon_error) =
            (settings.version, settings.error, settings.logon_error);
        if self.state == State::CredSspAuthenticate {
            let refusal = credssp::TsRequest::with_error(version, logon_error).encode();
            if self.answer(now, Stage::Authenticate, refusal) {
                self.end(now, Then::Close);
            }
            return;
        }
        if let Some(error) = error {
            let refusal = credssp::TsRequest::with_error(version, error).encode();
            if self.answer(now, Stage::Credssp, refusal) {
                self.end(now, Then::Close);
            }
            return;
        }
        let token = request.nego_token.unwrap_or_default();
        let host = Arc::clone(&self.host);
        let clock = clock(host.opened_at, now);
        let says = challenge(&host.script.ntlm, &host.computer, clock);
        let challenge = ntlm::challenge(&says, self.server_challenge());
        let reply = if spnego::is(&token) {
            spnego::wrap(&challenge)
        } else {
            challenge
        };
        let reply = credssp::TsRequest::with_token(version, reply).encode();
        if self.answer(now, Stage::Credssp, reply) && self.passes(now, Stage::Challenge) {
            self.state = State::CredSspAuthenticate;
        }
    }

    fn server_challenge(&mut self) -> [u8; 8] {
        self.chance.draw().to_le_bytes()
    }

    fn anything(&mut self, now: Micros, service: Service) {
        if service == Service::Tls && self.incoming.first() == Some(&0x16) {
            self.chosen = Protocols::TLS;
            self.state = State::ClientHello;
            return;
        }
        let (reply, then) = impostor::reply(service, &self.incoming, &mut self.chance);
        self.incoming.clear();
        if self.answer(now, Stage::Request, reply)
            && let Some(then) = then
        {
            self.end(now, then);
        }
    }

    /// Sends the answer that is due at `stage`, unless a fault has it otherwise; true when the connection
    /// goes on.
    fn answer(&mut self, now: Micros, stage: Stage, answer: Vec<u8>) -> bool {
        self.wait(now, Micros::from_millis(self.host.script.think_ms));
        let hello = self.hello;
        let faults: Vec<Fault> = self
            .faults
            .iter()
            .filter(|fault| fault.at == stage && fault.when.applies_to(hello))
            .cloned()
            .collect();
        for fault in faults {
            let late = fault.after_ms.map(Micros::from_millis);
            if fault.does != Act::Drip {
                self.wait(now, late.unwrap_or_default());
            }
            let most = fault
                .bytes
                .map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
            match fault.does {
                Act::Delay => {}
                Act::Close => return self.end_false(now, Then::Close),
                Act::Reset => return self.end_false(now, Then::Reset),
                Act::Silence => return self.end_false(now, Then::Silence),
                Act::HalfClose => return self.end_false(now, Then::HalfClose),
                Act::Drip => {
                    for part in answer.chunks(most.unwrap_or(1).max(1)) {
                        self.say(now, part.to_vec());
                        self.wait(now, late.unwrap_or(Micros::from_millis(1)));
                    }
                    return true;
                }
                Act::Garbage => {
                    let garbage = fault
                        .payload
                        .map(|payload| payload.0)
                        .unwrap_or_else(|| self.chance.bytes(most.unwrap_or(64).min(65_536)));
                    self.say(now, garbage);
                    return self.end_false(now, fault.then.unwrap_or(Then::Silence));
                }
                Act::Truncate => {
                    let mut answer = answer;
                    answer.truncate(most.unwrap_or_default());
                    self.say(now, answer);
                    return self.end_false(now, fault.then.unwrap_or(Then::Close));
                }
                Act::Alert => {
                    let alert = TlsAlert(fault.alert.unwrap_or_default());
                    self.send(now, wire::tls::alert(AlertLevel::Fatal, alert));
                    return self.end_false(now, fault.then.unwrap_or(Then::Close));
                }
            }
        }
        self.say(now, answer);
        true
    }

    /// Lets the faults of a stage happen at which no answer is due; true when the connection goes on.
    fn passes(&mut self, now: Micros, stage: Stage) -> bool {
        self.answer(now, stage, Vec::new())
    }

    /// Sends bytes, inside TLS once it is up.
    fn say(&mut self, now: Micros, bytes: Vec<u8>) {
        let inside = matches!(
            self.state,
            State::CredSspNegotiate | State::CredSspAuthenticate | State::SetUp | State::Session
        );
        match &mut self.session {
            Some(session) if inside => {
                session.write_plain(&bytes);
                let sealed = session.take_outgoing();
                self.send(now, sealed);
            }
            _ => self.send(now, bytes),
        }
    }

    fn send(&mut self, now: Micros, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.plan
                .push_back((self.busy_until.max(now), Do::Send(bytes)));
        }
    }

    fn wait(&mut self, now: Micros, time: Micros) {
        self.busy_until = self.busy_until.max(now).plus(time);
    }

    fn end(&mut self, now: Micros, then: Then) {
        self.state = State::Over;
        self.incoming.clear();
        self.plain.clear();
        let at = self.busy_until.max(now);
        match then {
            Then::Close => self.plan.push_back((at, Do::Close)),
            Then::Reset => self.plan.push_back((at, Do::Reset)),
            Then::HalfClose => self.plan.push_back((at, Do::HalfClose)),
            Then::Silence => {}
        }
    }

    fn end_false(&mut self, now: Micros, then: Then) -> bool {
        self.end(now, then);
        false
    }
}

/// What the NTLM challenge of a computer says whose settings are `says`, at this moment of its clock.
pub(crate) fn challenge(says: &Ntlm, computer: &str, clock: UnixSeconds) -> NtlmChallenge {
    let computer = says.computer.clone().unwrap_or_else(|| computer.to_owned());
    let domain = says.domain.clone().unwrap_or_else(|| computer.clone());
    let name = |name: &Option<String>| name.as_deref().map(HostName::from);
    let version = match says.version.as_slice() {
        [major, minor, build] => match (u8::try_from(*major), u8::try_from(*minor)) {
            (Ok(major), Ok(minor)) => Some((major, minor, *build)),
            _ => None,
        },
        _ => None,
    };
    NtlmChallenge {
        target: Some(domain.clone()),
        dns_computer: Some(
            name(&says.dns_computer).unwrap_or_else(|| HostName(computer.to_lowercase())),
        ),
        netbios_computer: Some(HostName(computer)),
        netbios_domain: Some(HostName(domain)),
        dns_domain: name(&says.dns_domain),
        dns_forest: name(&says.dns_domain),
        version,
        clock: says
            .clock_off_s
            .map(|off| UnixSeconds(clock.0.saturating_add(off))),
        flags: 0xE289_8235,
    }
}

/// What logons through TLS with these settings are tied to.
pub(crate) fn bound(settings: &tls::ServerSettings, required: bool) -> Result<Bound, Error> {
    match settings.identity.chain.first() {
        Some(own) => Ok(Bound::to(own, required)?),
        None => Ok(Bound::default()),
    }
}

/// TLS with this certificate, for these names.
pub(crate) fn tls_settings(
    recipe: &certificate::Recipe,
    wanted: &TlsSettings,
    names: &[String],
    opened_at: UnixSeconds,
    key_log: Option<tls::KeyLog>,
) -> Result<tls::ServerSettings, Error> {
    let identity = certificate::make(recipe, names, opened_at)?;
    let chain = std::iter::once(&identity.certificate)
        .chain(&identity.chain)
        .cloned()
        .collect();
    let mut settings = tls::ServerSettings::of(tls::Identity {
        chain,
        key: identity.key.clone(),
    });
    settings.lowest = wanted.lowest.0;
    settings.highest = wanted.highest.0;
    if let Some(ciphers) = &wanted.ciphers {
        settings.ciphers.clone_from(ciphers);
    }
    settings.groups.clone_from(&wanted.groups);
    settings.key_log = key_log;
    // Settings that cannot work are known before the first connection, not in the middle of it.
    tls::Server::new(&settings)?;
    Ok(settings)
}

/// The name of the computer that goes by these names.
pub(crate) fn computer(names: &[String]) -> String {
    names
        .iter()
        .find(|name| name.parse::<std::net::IpAddr>().is_err() && *name != "localhost")
        .map_or("LAB", |name| name.split('.').next().unwrap_or_default())
        .chars()
        .take(15)
        .collect::<String>()
        .to_uppercase()
}

/// A moment of the wall clock that stood at `opened_at` when time was zero.
pub(crate) fn clock(opened_at: UnixSeconds, now: Micros) -> UnixSeconds {
    let seconds = i64::try_from(now.0 / 1_000_000).unwrap_or(i64::MAX);
    UnixSeconds(opened_at.0.saturating_add(seconds))
}

/// Reads a whole ClientHello: what faults want to know of it.
pub(crate) fn read_hello(stream: &[u8]) -> Read<Hello> {
    let (mut joined, mut used) = (Vec::new(), 0_usize);
    loop {
        let record = match wire::tls::read_record(stream.get(used..).unwrap_or_default()) {
            Read::Whole { value, used: size } => {
                used = used.saturating_add(size);
                value
            }
            Read::Partial => return Read::Partial,
            Read::Not => return Read::Not,
        };
        if record.content != wire::tls::Content::Handshake {
            return Read::Not;
        }
        joined.extend_from_slice(record.body);
        match wire::tls::read_handshake(&joined, MOST_UNREAD) {
            Read::Whole { value, .. } if value.kind == handshake::CLIENT_HELLO => {
                let highest = wire::tls::read_client_hello(value.body, record.version)
                    .map_or(TlsVersion(0), |hello| hello.highest);
                return Read::Whole {
                    value: Hello {
                        size: used,
                        highest,
                    },
                    used,
                };
            }
            Read::Whole { .. } | Read::Not => return Read::Not,
            Read::Partial => {}
        }
    }
}

/// The flight is a HelloRetryRequest: another ClientHello will come.
pub(crate) fn asks_again(flight: &[u8]) -> bool {
    let record = wire::tls::read_record(flight).whole();
    record
        .and_then(|record| wire::tls::read_handshake(record.body, MOST_UNREAD).whole())
        .filter(|message| message.kind == handshake::SERVER_HELLO)
        .and_then(|message| wire::tls::read_server_hello(message.body))
        .is_some_and(|hello| hello.retry)
}

#[cfg(test)]
mod tests;
