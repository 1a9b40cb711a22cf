//! The active client: it decides what to say next. What happened is told by the [`Watch`] it holds, so
//! the driver reports everything to it, the bytes it sent included.
//!
//! It climbs as far as its [`Wish`] says and never authenticates by itself: at most an NTLM NEGOTIATE is sent,
//! which names nobody. Where a logon or a desktop is wished for, it hands over to a whole client at
//! [`Output::StartSession`] and goes on watching.

use model::codes::{EncryptionMethods, Protocols, TlsVersion};
use model::{Ending, Message, Micros, Phase, UnixSeconds};

use crate::credssp::TsRequest;
use crate::machine::{Output, Seen};
use crate::tls::Hello;
use crate::watch::{State, Watch};
use crate::{ntlm, settings, spnego, x224};

/// The CredSSP version of current clients ([MS-CSSP] 2.2.1).
const CREDSSP_VERSION: u32 = 6;

/// How long to wait for the end that follows an alert, or for the rest of a strange answer: long enough
/// for what is already under way.
const GRACE: Micros = Micros::from_millis(400);

/// How long a server may take, behind its first picture, to tell of a logon inside the session.
const LOGON_INSIDE: Micros = Micros::from_secs(5);

/// What a look is after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// How the conversation begins.
    pub begin: Begin,
    /// The security protocols to offer; `None` sends a request without negotiation.
    pub offers: Option<Protocols>,
    /// The value of the `mstshash` cookie.
    pub cookie: Option<String>,
    /// A routing token, in place of the cookie.
    pub routing_token: Option<String>,
    /// A correlation id.
    pub correlation: Option<[u8; 16]>,
    /// The last rung to climb: [`Phase::Negotiate`] stops after the Connection Confirm,
    /// [`Phase::Secure`] after TLS, [`Phase::Authenticate`] after the server's NTLM CHALLENGE, or with
    /// credentials after its word on them, [`Phase::Settings`] after the server's security data when it chose
    /// Standard RDP Security, [`Phase::Session`] after the first picture.
    pub until: Phase,
    /// What CredSSP begins with.
    pub credssp: Opening,
    /// There are credentials for NLA.
    pub logs_on: bool,
    /// How long to wait for each answer.
    pub patience: Micros,
    /// Send this ClientHello and read the server's flight, instead of a whole TLS handshake.
    pub hello: Option<Hello>,
    /// Tell the terms of TLS in detail, and not the certificate.
    pub surveys: bool,
}

/// What CredSSP begins with, where no logon is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A token of NTLM that names nobody, in this version of CredSSP.
    Ntlm {
        /// The version.
        version: u32,
    },
    /// A list of the ways to log on, to see which is taken.
    Ways,
}

/// How a conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// With the X.224 exchange.
    Negotiation,
    /// With TLS at once, as for a gateway.
    DirectTls,
}

impl Wish {
    /// A look that offers these protocols.
    pub const fn new(offers: Option<Protocols>, until: Phase, patience: Micros) -> Self {
        Self {
            begin: Begin::Negotiation,
            offers,
            cookie: None,
            routing_token: None,
            correlation: None,
            until,
            credssp: Opening::Ntlm {
                version: CREDSSP_VERSION,
            },
            logs_on: false,
            patience,
            hello: None,
            surveys: false,
        }
    }
}

/// The active client.
#[derive(Clone, Debug)]
pub struct Climb {
    wish: Wish,
    watch: Watch,
    next: Next,
    deadline: Micros,
}

/// What is to be said next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The first message, when the connection opens.
    Begin,
    /// TLS, when the server chose it.
    Secure,
    /// The NTLM NEGOTIATE, when TLS is up.
    Authenticate,
    /// What a whole client says.
    Session,
    /// Nothing.
    Nothing,
    /// The look is over.
    Done,
}

impl Climb {
    /// A client with this wish. `opened_at` is the wall clock at [`Micros::ZERO`].
    pub fn new(wish: Wish, opened_at: UnixSeconds) -> Self {
        let watch = Watch::new(opened_at);
        Self {
            watch: if wish.surveys {
                watch.surveying()
            } else {
                watch
            },
            wish,
            next: Next::Begin,
            deadline: Micros::ZERO,
        }
    }

    /// What was seen so far.
    pub const fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Takes in what happened and says what to do about it. A call that does not end with
    /// [`Output::Done`] ends with the [`Output::Wake`] that holds from then on.
    pub fn on(&mut self, now: Micros, seen: Seen<'_>, out: &mut Vec<Output>) {
        if self.next == Next::Done {
            return;
        }
        let opened = matches!(seen, Seen::Opened);
        let up = matches!(seen, Seen::TlsUp(_));
        let ended = matches!(seen, Seen::Ended(_));
        let step = |watch: &Watch| (watch.state(), watch.last_message(), watch.messages());
        let before = step(&self.watch);
        let mut facts = Vec::new();
        let told =
            matches!(self.watch.state(), State::Strange | State::ExpectEnd) || self.watch.shown();
        match seen {
            // Enough is known; that nothing more comes is not worth a fact.
            Seen::Ended(Ending::Silence) if told => self.watch.settle(&mut facts),
            seen => self.watch.on(now, seen, &mut facts),
        }
        out.extend(
            facts
                .into_iter()
                .map(|(place, fact)| Output::Fact(place, fact)),
        );
        if ended {
            return self.done(out);
        }
        let after = step(&self.watch);
        if before != after || opened || up {
            let patience = match after.0 {
                _ if self.watch.shown() => LOGON_INSIDE.min(self.wish.patience),
                State::Strange | State::ExpectEnd => GRACE.min(self.wish.patience),
                _ => self.wish.patience,
            };
            self.deadline = now.plus(patience);
        }
        match self.next {
            Next::Begin if opened => self.begin(out),
            _ => self.proceed(up, out),
        }
        if self.next != Next::Done {
            out.push(Output::Wake(self.deadline));
        }
    }

    fn begin(&mut self, out: &mut Vec<Output>) {
        match self.wish.begin {
            Begin::Negotiation => {
                let request = x224::Request {
                    offered: self.wish.offers,
                    flags: 0,
                    cookie: self.wish.cookie.clone(),
                    routing_token: self.wish.routing_token.clone(),
                    correlation: self.wish.correlation,
                };
                out.push(Output::Send(request.encode()));
                self.next = Next::Secure;
            }
            Begin::DirectTls => self.secure(out),
        }
    }

    fn secure(&mut self, out: &mut Vec<Output>) {
        match &self.wish.hello {
            Some(hello) => {
                out.push(Output::Send(hello.encode()));
                self.next = Next::Nothing;
            }
            None => {
                out.push(Output::StartTls);
                self.next = Next::Authenticate;
            }
        }
    }

    fn proceed(&mut self, up: bool, out: &mut Vec<Output>) {
        match (self.watch.state(), self.next) {
            (State::Standard, Next::Secure) if self.wish.until == Phase::Settings => {
                let methods = EncryptionMethods::ALL;
                let initial = settings::connect_initial(methods, Protocols::RDP);
                out.push(Output::Send(initial));
                self.next = Next::Nothing;
            }
            (State::Standard | State::SetUp, Next::Nothing)
                if self.watch.last_message() < Message::McsConnectResponse => {}
            (State::SetUp, Next::Nothing) => self.done(out),
            (State::Over, _) => self.done(out),
            (_, Next::Session) => {
                let logged_on = self.wish.until <= Phase::Authenticate && self.watch.is_logged_on();
                if (self.watch.shown() && !self.hears_of_a_logon())
                    || self.watch.is_sealed()
                    || logged_on
                {
                    self.done(out);
                }
            }
            (State::Standard, Next::Secure) if self.wish.until >= Phase::Session => {
                self.next = Next::Session;
                out.push(Output::StartSession);
            }
            (State::Standard | State::Challenged, _) => self.done(out),
            (State::ExpectEnd, _) if self.watch.gave_up() => self.done(out),
            (State::ExpectClientHello, Next::Secure) => {
                if self.wish.until <= Phase::Negotiate || !self.chose_what_was_offered() {
                    self.done(out);
                } else {
                    self.secure(out);
                }
            }
            // Only the TLS library can say the certificates of TLS 1.3, so its word is waited for.
            (State::Secured, Next::Authenticate) if up => {
                let nla = match self.watch.chosen() {
                    Some(chosen) => chosen.has_nla(),
                    None => self.wish.offers.is_some_and(Protocols::has_nla),
                };
                let hands_over = if nla {
                    self.wish.logs_on && self.wish.until >= Phase::Authenticate
                } else {
                    self.wish.until > Phase::Authenticate
                        && self.watch.chosen() == Some(Protocols::TLS)
                };
                if hands_over {
                    self.next = Next::Session;
                    out.push(Output::StartSession);
                } else if self.wish.until >= Phase::Authenticate && nla {
                    let (version, token) = match self.wish.credssp {
                        Opening::Ntlm { version } => (version, ntlm::negotiate()),
                        Opening::Ways => (CREDSSP_VERSION, spnego::asks()),
                    };
                    let request = TsRequest::with_token(version, token);
                    out.push(Output::SendPlain(request.encode()));
                    self.next = Next::Nothing;
                } else {
                    self.done(out);
                }
            }
            _ if self.wish.hello.is_some() && self.flight_is_read() => self.done(out),
            _ => {}
        }
    }

    /// A logon inside the session was begun, and the server may still tell how it ends.
    fn hears_of_a_logon(&self) -> bool {
        self.wish.logs_on
            && self.watch.chosen().is_some_and(|chosen| !chosen.has_nla())
            && !self.watch.is_notified()
    }

    fn chose_what_was_offered(&self) -> bool {
        let offered = self.wish.offers.unwrap_or(Protocols::RDP);
        self.watch
            .chosen()
            .is_some_and(|chosen| offered.has(chosen))
    }

    /// Nothing more of the server's flight can be read without keys.
    fn flight_is_read(&self) -> bool {
        let unreadable = self
            .watch
            .tls_version()
            .is_some_and(|chosen| chosen >= TlsVersion::TLS1_3);
        self.watch.last_message() == Message::ServerHelloDone || unreadable || self.watch.retried()
    }

    fn done(&mut self, out: &mut Vec<Output>) {
        self.next = Next::Done;
        out.push(Output::Done);
    }
}
