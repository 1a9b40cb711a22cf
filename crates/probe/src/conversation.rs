//! One connection without its socket: the climbing client joined with a TLS session and, where a logon or a
//! desktop is wished for, with the client that sets it up.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};

use model::codes::{Protocols, TlsVersion};
use model::{Ending, Fact, Message, Micros, Phase, Place, Resumption, UnixSeconds};
use session::{Credentials, Session, Setup, Until};
use tls::Client;
use wire::climb::{Climb, Wish};
use wire::machine::{Output, Seen, TlsFailure, TlsUp};
use wire::watch::State;
use wire::{certificate, mcs, x224};

use crate::Error;
use crate::logon::{Goes, KerberosLogon};
use crate::look::Ascent;
use crate::sessions::{SessionUse, Sessions};

/// What happened on the connection.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// It is open.
    Opened,
    /// Bytes arrived.
    Bytes(&'a [u8]),
    /// It ended, or the moment of the last [`Do::Wake`] passed without anything new ([`Ending::Silence`]).
    Ended(Ending),
}

/// What is to be done about it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Without anything new until this moment, hand in [`Ending::Silence`]. Replaces the moment before.
    Wake(Micros),
    /// Record this.
    Fact(Place, Fact),
    /// Hold this chain, the server's own certificate first, against the trust store; once a case is enough.
    Judge(Vec<Vec<u8>>),
    /// The look is over through a fault of ours.
    Broke(String),
    /// Close the connection; nothing more will be asked for.
    Close,
}

/// One connection without its socket.
pub struct Conversation {
    ascent: Ascent,
    opened_at: UnixSeconds,
    climb: Option<Climb>,
    tls: Option<Client>,
    /// The client that logs on and sets a session up.
    session: Option<Box<Session>>,
    /// The client that logs on with a ticket, before.
    logon: Option<Box<KerberosLogon>>,
    /// A ticket was taken.
    logged_on: bool,
    /// The key of the server's certificate.
    public_key: Option<Vec<u8>>,
    stage: Stage,
    /// What is shared with other looks.
    sessions: Sessions,
    /// Enough was seen, and a session to keep is waited for, or the server's word on the handshake.
    lingers: bool,
    /// When that began.
    done_at: Micros,
    /// What the machine is still to be told, in order: what it wanted is carried out first.
    untold: VecDeque<Told>,
}

/// Where TLS stands, as far as it matters for closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Up,
    Failed,
    Closed,
}

/// An event that owns its bytes.
enum Told {
    Sent(Vec<u8>),
    PlainSent(Vec<u8>),
    PlainReceived(Vec<u8>),
    Up(TlsUp),
    Failed(TlsFailure),
}

impl Conversation {
    /// A conversation for this ascent. `opened_at` is the wall clock at [`Micros::ZERO`].
    pub fn new(ascent: Ascent, opened_at: UnixSeconds) -> Self {
        Self {
            ascent,
            opened_at,
            climb: None,
            tls: None,
            session: None,
            logon: None,
            logged_on: false,
            public_key: None,
            stage: Stage::Before,
            sessions: Sessions::default(),
            lingers: false,
            done_at: Micros::ZERO,
            untold: VecDeque::new(),
        }
    }

    /// The same with what other looks of the case share.
    #[must_use]
    pub fn sharing(mut self, sessions: Sessions) -> Self {
        self.sessions = sessions;
        self
    }

    /// Takes in what happened and says what to do about it.
    pub fn on(&mut self, now: Micros, net: Net<'_>) -> Vec<Do> {
        let mut acts = Vec::new();
        match net {
            Net::Opened => self.tell(now, Seen::Opened, &mut acts),
            Net::Bytes(bytes) => {
                let within = self.tls.is_some();
                let in_clear = self.session.is_some() && !within;
                self.tell(now, Seen::Received(bytes), &mut acts);
                if within && self.stage != Stage::Closed {
                    if let Some(tls) = &mut self.tls {
                        tls.received(bytes);
                    }
                    self.advance(now, &mut acts);
                } else if in_clear {
                    self.session_received(now, bytes, &mut acts);
                }
            }
            Net::Ended(how) if self.settles() && how != Ending::Silence => {
                let (after, waited) = (Message::ClientFinished, now.since(self.done_at));
                let ended = Fact::Ended {
                    how,
                    after,
                    waited,
                    partial: 0,
                };
                acts.push(Do::Fact(Place::host(Phase::Secure), ended));
            }
            Net::Ended(how) => self.tell(now, Seen::Ended(how), &mut acts),
        }
        while let Some(told) = self.untold.pop_front() {
            let seen = match &told {
                Told::Sent(bytes) => Seen::Sent(bytes),
                Told::PlainSent(bytes) => Seen::PlainSent(bytes),
                Told::PlainReceived(bytes) => Seen::PlainReceived(bytes),
                Told::Up(up) => Seen::TlsUp(up.clone()),
                Told::Failed(failure) => Seen::TlsFailed(failure.clone()),
            };
            self.tell(now, seen, &mut acts);
            if let Told::PlainReceived(bytes) = &told {
                self.session_received(now, bytes, &mut acts);
            }
        }
        if matches!(net, Net::Ended(_)) {
            self.close(&mut acts);
        }
        acts
    }

    /// How long the peer has to close its side after ours.
    pub(crate) const fn farewell(&self) -> Micros {
        self.ascent.farewell
    }

    /// Tells the machine, and does what it wants.
    fn tell(&mut self, now: Micros, seen: Seen<'_>, acts: &mut Vec<Do>) {
        if self.stage == Stage::Closed {
            return;
        }
        let climb = self.climb.get_or_insert_with(|| {
            let patience = self.ascent.patience(now);
            let mut wish = Wish {
                patience,
                ..self.ascent.wish.clone()
            };
            if let (SessionUse::Resume, Some(hello)) = (self.ascent.session, &mut wish.hello) {
                hello.survey.resumes = self.sessions.of(hello.highest, now);
                // It goes on with its own suite or not at all.
                if let Some(resume) = &hello.survey.resumes {
                    hello.suites = vec![resume.session.suite];
                }
            }
            Climb::new(wish, self.opened_at)
        });
        let mut wants = Vec::new();
        climb.on(now, seen, &mut wants);
        for want in wants {
            match want {
                Output::Send(bytes) => self.send(bytes, acts),
                Output::StartTls => match Client::new(&self.ascent.hello) {
                    Ok(client) => {
                        self.tls = Some(client);
                        self.advance(now, acts);
                    }
                    Err(error) => {
                        acts.push(Do::Broke(error.to_string()));
                        self.close(acts);
                    }
                },
                Output::SendPlain(bytes) => self.send_plain(bytes, acts),
                Output::StartSession => self.begin_session(acts),
                Output::Wake(moment) => acts.push(Do::Wake(moment)),
                Output::Fact(place, fact) => {
                    let enough = self.ascent.enough.contains(&fact.kind());
                    acts.push(Do::Fact(place, fact));
                    if enough {
                        self.close(acts);
                        return;
                    }
                }
                Output::Done => self.done(now, acts),
            }
        }
    }

    fn send_plain(&mut self, bytes: Vec<u8>, acts: &mut Vec<Do>) {
        match &mut self.tls {
            Some(tls) => {
                tls.write_plain(&bytes);
                self.untold.push_back(Told::PlainSent(bytes));
                self.flush(acts);
            }
            None => self.send(bytes, acts),
        }
    }

    /// Begins the logon with a ticket, where there is one.
    fn begin_logon(&mut self, acts: &mut Vec<Do>) {
        let Some(watch) = self.climb.as_ref().map(Climb::watch) else {
            return;
        };
        let gives_word = watch
            .chosen()
            .is_some_and(|chosen| chosen.has(Protocols::HYBRID_EX));
        let credentials = self.ascent.credentials.clone();
        let ticket = credentials.as_deref().and_then(Credentials::take_ticket);
        let begun = match (credentials, ticket, self.public_key.clone()) {
            (Some(credentials), Some(ticket), Some(key)) => KerberosLogon::begin(
                credentials,
                ticket,
                key,
                gives_word,
                self.ascent.wish.until > Phase::Authenticate,
            ),
            _ => Err(Error::NoTicket),
        };
        match begun {
            Ok(mut logon) => {
                let bytes = logon.take_outgoing();
                self.logon = Some(Box::new(logon));
                self.send_plain(bytes, acts);
            }
            Err(error) => {
                acts.push(Do::Broke(error.to_string()));
                self.close(acts);
            }
        }
    }

    /// Hands bytes to the client that logs on with a ticket.
    fn logon_received(&mut self, mut logon: Box<KerberosLogon>, bytes: &[u8], acts: &mut Vec<Do>) {
        if self.stage == Stage::Closed {
            return;
        }
        let went = logon.received(bytes);
        let answer = logon.take_outgoing();
        if !answer.is_empty() {
            self.send_plain(answer, acts);
        }
        match went {
            Ok(Goes::On) => self.logon = Some(logon),
            Ok(Goes::Done) if self.ascent.wish.until > Phase::Authenticate => {
                self.logged_on = true;
                self.begin_session(acts);
            }
            // The machine has told what the server said.
            Ok(Goes::Done) => {}
            Ok(Goes::Refused) => self.close(acts),
            Err(error) => {
                acts.push(Do::Broke(error.to_string()));
                self.close(acts);
            }
        }
    }

    fn begin_session(&mut self, acts: &mut Vec<Do>) {
        if self.ascent.kerberos && !self.logged_on {
            self.begin_logon(acts);
            return;
        }
        let Some(watch) = self.climb.as_ref().map(Climb::watch) else {
            return;
        };
        let chosen = watch.chosen().unwrap_or_default();
        let confirm = x224::connection_confirm(x224::Answer::Chosen {
            protocols: chosen,
            flags: watch.flags(),
        });
        let wish = &self.ascent.wish;
        let setup = Setup {
            confirm: &confirm,
            offered: wish.offers.unwrap_or_default().0,
            chosen: chosen.0,
            public_key: self.public_key.take(),
            host: &self.ascent.host,
            // Servers write it into their logs; behind a translation of addresses it means nothing anyway.
            client: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            credentials: self.ascent.credentials.as_deref(),
            until: if wish.until > Phase::Authenticate {
                Until::Desktop
            } else {
                Until::Logon
            },
            logged_on: self.logged_on,
        };
        match Session::begin(&setup) {
            Ok(mut session) => {
                let bytes = session.take_outgoing();
                self.session = Some(Box::new(session));
                self.send_plain(bytes, acts);
            }
            Err(error) => {
                acts.push(Do::Broke(error.to_string()));
                self.close(acts);
            }
        }
    }

    /// Hands bytes to the client that sets the session up. The machine has read them before.
    fn session_received(&mut self, now: Micros, bytes: &[u8], acts: &mut Vec<Do>) {
        if let Some(logon) = self.logon.take() {
            self.logon_received(logon, bytes, acts);
            return;
        }
        let Some(session) = &mut self.session else {
            return;
        };
        if self.stage == Stage::Closed {
            return;
        }
        let went = session.received(bytes, now.as_millis());
        let answer = session.take_outgoing();
        if !answer.is_empty() {
            self.send_plain(answer, acts);
        }
        // Where the server said why it goes no further, the machine has told it. Otherwise that this client
        // cannot go on is our affair, and the silence that would follow accuses nobody.
        if let Err(error) = went {
            let told = self
                .climb
                .as_ref()
                .is_some_and(|climb| climb.watch().is_refused());
            if !told {
                acts.push(Do::Broke(error.to_string()));
            }
            self.close(acts);
        }
    }

    /// The machine has seen enough; a session that is to be kept may still come, or a word on the handshake.
    fn done(&mut self, now: Micros, acts: &mut Vec<Do>) {
        let is_last = self.climb.as_ref().is_some_and(|climb| {
            let watch = climb.watch();
            watch.state() == State::Secured && watch.tls_version() >= Some(TlsVersion::TLS1_3)
        });
        match self.ascent.session {
            SessionUse::Settle(wait) if self.stage == Stage::Up && is_last => {
                self.lingers = true;
                self.done_at = now;
                acts.push(Do::Wake(now.plus(wait)));
            }
            SessionUse::Keep(wait) if self.stage == Stage::Up => {
                self.lingers = true;
                acts.push(Do::Wake(now.plus(wait)));
            }
            _ => self.close(acts),
        }
    }

    /// The server's word on the handshake is waited for.
    fn settles(&self) -> bool {
        self.lingers && matches!(self.ascent.session, SessionUse::Settle(_))
    }

    /// Keeps the session when one was given.
    fn keep_session(&mut self, now: Micros, acts: &mut Vec<Do>) {
        let written = self.tls.as_mut().and_then(Client::take_session);
        // Whoever gives a session behind the handshake is content with it.
        if written.is_some() && self.settles() {
            return self.close(acts);
        }
        let (SessionUse::Keep(_), Some(written)) = (self.ascent.session, written) else {
            return;
        };
        if let Some(version) = self.sessions.keep(&written, now) {
            let what = Resumption::Given;
            let fact = Fact::TlsResumption { version, what };
            acts.push(Do::Fact(Place::host(Phase::Secure), fact));
            // One is enough.
            self.ascent.session = SessionUse::None;
            if self.lingers {
                self.close(acts);
            }
        }
    }

    /// Carries TLS on as far as the bytes allow.
    fn advance(&mut self, now: Micros, acts: &mut Vec<Do>) {
        while let Some(tls) = &mut self.tls {
            let progress = tls.step();
            let plain = tls.take_plain();
            self.flush(acts);
            self.keep_session(now, acts);
            if self.stage == Stage::Closed {
                return;
            }
            match progress {
                tls::Progress::Up(up) => {
                    self.stage = Stage::Up;
                    let own = up.certificates.first();
                    self.public_key = own.and_then(|own| certificate::public_key(own));
                    acts.push(Do::Judge(up.certificates.clone()));
                    self.untold.push_back(Told::Up(TlsUp {
                        version: up.version,
                        suite: up.suite,
                        certificates: up.certificates,
                    }));
                    continue;
                }
                tls::Progress::Failed(failure) if self.settles() => {
                    self.stage = Stage::Failed;
                    if let Some(alert) = failure.received {
                        let after = Message::ClientFinished;
                        let alerted = Fact::TlsAlerted { alert, after };
                        acts.push(Do::Fact(Place::host(Phase::Secure), alerted));
                    }
                    return self.close(acts);
                }
                tls::Progress::Failed(failure) if self.stage != Stage::Failed => {
                    self.stage = Stage::Failed;
                    self.untold.push_back(Told::Failed(TlsFailure {
                        alert: failure.sent,
                        received: failure.received,
                        reason: failure.reason,
                    }));
                }
                _ => {}
            }
            if !plain.is_empty() {
                self.untold.push_back(Told::PlainReceived(plain));
            }
            return;
        }
    }

    fn flush(&mut self, acts: &mut Vec<Do>) {
        let bytes = self
            .tls
            .as_mut()
            .map(Client::take_outgoing)
            .unwrap_or_default();
        if !bytes.is_empty() {
            self.send(bytes, acts);
        }
    }

    /// Every byte sent is told to the machine, which sees both directions.
    fn send(&mut self, bytes: Vec<u8>, acts: &mut Vec<Do>) {
        acts.push(Do::Send(bytes.clone()));
        self.untold.push_back(Told::Sent(bytes));
    }

    /// Takes leave of a session as a user does who closes the window.
    fn leave(&mut self, acts: &mut Vec<Do>) {
        const USER_REQUESTED: u8 = 3;
        if self
            .session
            .take()
            .is_some_and(|session| session.is_set_up())
        {
            let farewell = mcs::write_disconnect(USER_REQUESTED);
            match &mut self.tls {
                Some(tls) if self.stage == Stage::Up => tls.write_plain(&farewell),
                None if self.stage == Stage::Before => acts.push(Do::Send(farewell)),
                _ => {}
            }
        }
    }

    fn close(&mut self, acts: &mut Vec<Do>) {
        self.leave(acts);
        if self.stage == Stage::Up
            && let Some(tls) = &mut self.tls
        {
            tls.close();
            let farewell = tls.take_outgoing();
            if !farewell.is_empty() {
                acts.push(Do::Send(farewell));
            }
        }
        if self.stage != Stage::Closed {
            self.stage = Stage::Closed;
            acts.push(Do::Close);
        }
    }
}
