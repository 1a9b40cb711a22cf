//! A record of the catalogue: why connections fail, and what speaks for and against it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use model::codes::{IcmpError, NegFailure, Protocols, TlsAlert};
use model::{
    Certificate, Ending, Fact, FactKind, Intent, Leg, Message, Micros, Observation, Phase, Service,
    UnixSeconds,
};
use serde::Serialize;

use crate::index::Index;

/// Why connections fail.
#[derive(Debug)]
pub struct Cause {
    /// `phase.name`; the same as its path in `causes/`. Retired ids are never reused.
    pub id: &'static str,
    /// The family of root causes it belongs to.
    pub family: &'static str,
    /// The rung on which it shows first.
    pub phase: Phase,
    /// Where it has to be mended.
    pub side: Side,
    /// What it does to a connection.
    pub severity: Severity,
    /// A sentence that is true when the cause is.
    pub title: &'static str,
    /// The page, in Markdown.
    pub page: &'static str,
    /// How common it is among the causes of its rung before anything was seen, in decibans
    /// (10·log₁₀ of the odds); never positive.
    pub prior: i32,
    /// It explains what was seen, so that others that explain the same observation are less probable for it.
    /// Causes that end connections always do; of the others, those that are themselves what was seen (an
    /// expired certificate) stand beside each other.
    pub explains: bool,
    /// What speaks for and against it.
    pub clues: &'static [Clue],
    /// Looks that would tell it from its rivals.
    pub asks: &'static [&'static Ask],
    /// Deeper causes it may come from, with clues of their own.
    pub roots: &'static [&'static str],
    /// What mends it, best first.
    pub remedies: &'static [&'static str],
}

/// What a record says unless it says otherwise.
pub(crate) const BLANK: Cause = Cause {
    id: "",
    family: "",
    phase: Phase::Resolve,
    side: Side::Server,
    severity: Severity::Blocking,
    title: "",
    page: "",
    prior: -10,
    explains: false,
    clues: &[],
    asks: &[],
    roots: &[],
    remedies: &[],
};

/// Declares the record of a cause; its doc comment is its page.
macro_rules! cause {
    ($(#[doc = $doc:literal])+ pub static CAUSE = { $($field:ident: $value:expr),+ $(,)? };) => {
        $(#[doc = $doc])+
        pub static CAUSE: Cause = Cause {
            page: concat!($($doc, "\n"),+),
            $($field: $value,)+
            ..BLANK
        };
    };
}

pub(crate) use cause;

impl Cause {
    /// The page without the space that a doc comment leaves at the start of each line.
    pub fn page_text(&self) -> String {
        crate::words::page(self.page)
    }
}

/// A look that somebody could take, to tell causes apart or to prove one.
#[derive(Debug)]
pub struct Ask {
    /// What to do or look at. `{host}`, `{port}` and `{address}` are filled in.
    pub look: &'static str,
    /// What it would tell.
    pub why: &'static str,
    /// A command that does it.
    pub command: Option<&'static str>,
    /// What it costs: 1 for a command at hand, 3 for a place to look at on the server, 5 for another machine or network.
    pub cost: u32,
}

/// One sentence that can be true or false, and how to find out.
#[derive(Debug)]
pub struct Clue {
    /// Follows "because": what was seen, in plain words. Names in braces, such as `{waited}`, are filled in
    /// with what the cited fact says.
    pub says: &'static str,
    /// Follows "despite": the opposite, in plain words.
    pub denies: &'static str,
    /// The kinds of facts it reads; it is shown no others.
    pub reads: &'static [FactKind],
    /// What it weighs when true.
    pub weight: Weight,
    /// What it weighs against the cause when false.
    pub against: Weight,
    /// How to look.
    pub look: for<'e> fn(&View<'e>) -> Reading<'e>,
}

/// How much a clue tells, in decibans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing.
    None = 0,
    /// A hint: twice as likely.
    Slight = 3,
    /// Ten times as likely.
    Fair = 10,
    /// A hundred times as likely.
    Strong = 20,
    /// The fact admits no other reading.
    Decisive = 40,
}

/// What a clue reads in the evidence. Neither yes nor no is an answer of its own.
#[derive(Clone, Copy, Debug)]
pub enum Reading<'e> {
    /// It is so, by this observation.
    For(&'e Observation),
    /// It is not so, by this observation.
    Against(&'e Observation),
    /// Nothing is known about it.
    Silent,
}

/// Where a cause has to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// On the machine that connects.
    Client,
    /// On the way between them.
    Network,
    /// On the machine connected to.
    Server,
    /// On the RD Gateway.
    Gateway,
    /// In the name service.
    NameService,
    /// In the domain: controllers, accounts, policies.
    Domain,
}

/// What a cause does to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The connection fails.
    Blocking,
    /// It works, for some or for now, or worse than it should.
    Degrading,
    /// Good to know.
    Note,
}

/// The facts of the declared kinds, on one leg, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct View<'e> {
    index: &'e Index<'e>,
    leg: Leg,
    reads: &'e [FactKind],
}

impl<'e> View<'e> {
    /// Shows the kinds `reads` of what was seen on `leg` or on no leg.
    pub(crate) fn new(index: &'e Index<'e>, leg: Leg, reads: &'e [FactKind]) -> Self {
        Self { index, leg, reads }
    }

    /// The observations this view shows, kind by kind as declared, each in order of time.
    pub fn seen(&self) -> impl Iterator<Item = &'e Observation> + use<'e> {
        let Self { index, leg, reads } = *self;
        reads
            .iter()
            .flat_map(move |&kind| index.of_kind(kind))
            .filter(move |observation| observation.place.is_none_or(|place| place.leg == leg))
    }

    /// The target of the case.
    pub fn target(&self) -> &'e model::Target {
        &self.index.evidence.target
    }

    /// The observation was made on a connection that behaves as the client of the case does.
    pub fn as_client(&self, observation: &Observation) -> bool {
        self.index.intent(observation) == Intent::AsClient
    }

    /// For, when `judge` finds some observation true; against, when it finds one false and none true.
    pub fn any(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| judge(&observation.fact))
    }

    /// Like [`Self::any`] over connections that behave as the client of the case does.
    pub fn any_as_client(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.read(|observation| {
            if self.as_client(observation) {
                judge(&observation.fact)
            } else {
                None
            }
        })
    }

    /// Like [`Self::any`] with the whole observation.
    pub fn read(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let (first_for, first_against) = self.both(judge);
        match (first_for, first_against) {
            (Some(observation), _) => Reading::For(observation),
            (None, Some(observation)) => Reading::Against(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// For, when `judge` finds some observation true and none false; against, when it finds one false.
    pub fn all(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.all_observed(|observation| judge(&observation.fact))
    }

    /// Like [`Self::all`] over connections that behave as the client of the case does.
    pub fn all_as_client(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        self.all_observed(|observation| {
            if self.as_client(observation) {
                judge(&observation.fact)
            } else {
                None
            }
        })
    }

    /// Like [`Self::all`] with the whole observation.
    pub fn all_observed(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let (first_for, first_against) = self.both(judge);
        match (first_for, first_against) {
            (_, Some(observation)) => Reading::Against(observation),
            (Some(observation), None) => Reading::For(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// For, when `judge` finds some observation true and another false: it happens now and then. Against,
    /// when it finds the same at least twice and nothing else.
    pub fn now_and_then(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let (mut yes, mut no) = (None, None);
        let mut judged = 0_u32;
        for observation in self.seen() {
            match judge(observation) {
                Some(true) => yes = yes.or(Some(observation)),
                Some(false) => no = no.or(Some(observation)),
                None => continue,
            }
            judged = judged.saturating_add(1);
        }
        match (yes, no) {
            (Some(yes), Some(_)) => Reading::For(yes),
            (Some(only), None) | (None, Some(only)) if judged > 1 => Reading::Against(only),
            _ => Reading::Silent,
        }
    }

    /// For, when `judge` finds something false on a connection that behaves as the client of the case does
    /// and true on one that varies a thing: what was varied makes the difference. Against, when the variation
    /// fares no better.
    pub fn contrast(&self, judge: impl Fn(&'e Observation) -> Option<bool>) -> Reading<'e> {
        let client_fails = self
            .seen()
            .any(|observation| self.as_client(observation) && judge(observation) == Some(false));
        let client_passes = self
            .seen()
            .any(|observation| self.as_client(observation) && judge(observation) == Some(true));
        if !client_fails || client_passes {
            return Reading::Silent;
        }
        self.read(|observation| {
            if self.as_client(observation) {
                None
            } else {
                judge(observation)
            }
        })
    }

    /// Whether each address of the name opened at least once.
    fn addresses(&self) -> BTreeMap<SocketAddr, (bool, bool)> {
        let mut addresses: BTreeMap<SocketAddr, (bool, bool)> = BTreeMap::new();
        for observation in self.seen() {
            if let Some((to, opened)) = self.opened(&observation.fact) {
                let (open, dead) = addresses.entry(to).or_default();
                *open |= opened;
                *dead |= !opened;
            }
        }
        addresses
    }

    /// Whether a fact says that an address opened or did not, on the port that was asked for.
    fn opened(&self, fact: &Fact) -> Option<(SocketAddr, bool)> {
        let (to, opened) = match fact {
            Fact::TcpOpened { to, .. } => (*to, true),
            Fact::TcpRefused { to, .. }
            | Fact::TcpSilent { to, .. }
            | Fact::TcpUnreachable { to, .. } => (*to, false),
            _ => return None,
        };
        (self.leg != Leg::Host || to.port() == self.target().port).then_some((to, opened))
    }

    /// Judges each address, by whether it ever opened, when one address at least opened.
    pub fn one_of_many(&self, judge: impl Fn(IpAddr, bool) -> Option<bool>) -> Reading<'e> {
        let addresses = self.addresses();
        if !addresses.values().any(|(open, _)| *open) {
            return Reading::Silent;
        }
        self.read(|observation| {
            let (to, _) = self.opened(&observation.fact)?;
            judge(to.ip(), addresses.get(&to).is_some_and(|(open, _)| *open))
        })
    }

    /// Every address of one family is dead and one of the other family opens.
    pub fn one_family_dead(&self, v6: bool) -> Reading<'e> {
        let addresses = self.addresses();
        let opens = |family: bool| {
            addresses
                .iter()
                .any(|(to, (open, _))| to.is_ipv6() == family && *open)
        };
        if !opens(!v6) {
            return Reading::Silent;
        }
        let alive = opens(v6);
        self.read(|observation| {
            let (to, _) = self.opened(&observation.fact)?;
            (to.is_ipv6() == v6).then_some(!alive)
        })
    }

    /// One address opened on some attempts and did not on others.
    pub fn same_address_differs(&self) -> Reading<'e> {
        let addresses = self.addresses();
        self.read(|observation| {
            let (to, opened) = self.opened(&observation.fact)?;
            let (open, dead) = addresses.get(&to).copied()?;
            match (open && dead, opened) {
                (true, false) => Some(true),
                (true, true) => None,
                (false, _) => Some(false),
            }
        })
    }

    /// The host is up and its addresses are private ones.
    pub fn private_address(&self) -> Reading<'e> {
        if !self
            .seen()
            .any(|observation| observation.fact.kind() == FactKind::OtherPortAnswered)
        {
            return Reading::Silent;
        }
        self.all(|fact| match fact {
            Fact::NameResolved { addresses, .. } => Some(
                !addresses.is_empty() && addresses.iter().all(|a| crate::names::is_private(*a)),
            ),
            Fact::AddressGiven { address } => Some(crate::names::is_private(*address)),
            _ => None,
        })
    }

    /// A connection of the client ended before one byte of an answer had come; judged by its ending.
    pub fn unanswered(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended {
                how,
                after: after @ (Message::TcpHandshake | Message::ConnectionRequest),
                partial: 0,
                ..
            } => judge(*how, *after),
            _ => None,
        })
    }

    /// Against, when a Remote Desktop server answered the client.
    pub fn answered_negotiation(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationChosen { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// A reset came sooner than the fastest answer of the host.
    pub fn reset_sooner_than_a_round_trip(&self) -> Reading<'e> {
        let round_trip = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { took, .. } => Some(*took),
                _ => None,
            })
            .min();
        self.any_as_client(|fact| match fact {
            // Below a few milliseconds, timers and scheduling say more than distance does.
            Fact::Ended {
                how: Ending::Reset,
                waited,
                ..
            } if waited.0 > 0 => {
                let round_trip = round_trip.filter(|time| *time >= Micros::from_millis(4))?;
                Some(waited.times(2) < round_trip)
            }
            _ => None,
        })
    }

    /// The server refused with this code an offer that is judged so.
    pub fn refused_offer(
        &self,
        expect: NegFailure,
        judge: impl Fn(Protocols) -> bool,
    ) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationRefused { offered, code } => {
                Some(*code == expect && judge(offered.unwrap_or(Protocols::RDP)))
            }
            Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// What is so becomes what is not so, and the other way round.
    pub fn not(reading: Reading<'e>) -> Reading<'e> {
        match reading {
            Reading::For(observation) => Reading::Against(observation),
            Reading::Against(observation) => Reading::For(observation),
            Reading::Silent => Reading::Silent,
        }
    }

    /// How connections of the client ended, judged by ending and last message. A single connection that ended
    /// as judged is enough.
    pub fn ended(&self, judge: impl Fn(Ending, Message) -> Option<bool>) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Ended { how, after, .. } => judge(*how, *after),
            _ => None,
        })
    }

    /// The server refused what the client offered with this code.
    pub fn refused(&self, expect: NegFailure) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationRefused { code, .. } => Some(*code == expect),
            Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// The server ended TLS with one of these alerts.
    pub fn alerted(&self, expect: &[TlsAlert]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::TlsAlerted { alert, .. } => Some(expect.contains(alert)),
            _ => None,
        })
    }

    /// The server ended CredSSP with one of these results.
    pub fn status(&self, expect: &[u32]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::CredSspRefused { error, .. } => Some(expect.contains(&error.0)),
            _ => None,
        })
    }

    /// One of these services answered in place of RDP.
    pub fn answered_by(&self, expect: &[Service]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::OtherServiceAnswered { service, .. } => Some(expect.contains(service)),
            Fact::NegotiationChosen { .. }
            | Fact::NegotiationRefused { .. }
            | Fact::NegotiationPlain { .. } => Some(false),
            _ => None,
        })
    }

    /// A certificate, judged with the clock at which it was seen.
    pub fn certificate(
        &self,
        judge: impl Fn(&'e Certificate, UnixSeconds) -> Option<bool>,
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::CertificateSeen {
                certificate,
                seen_at,
            } => judge(certificate, *seen_at),
            _ => None,
        })
    }

    /// What the network said of a SYN, judged by address and error.
    pub fn icmp(&self, judge: impl Fn(IpAddr, IcmpError) -> Option<bool>) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::TcpUnreachable {
                to,
                icmp: Some(icmp),
                ..
            } => judge(to.ip(), *icmp),
            _ => None,
        })
    }

    fn both(
        &self,
        judge: impl Fn(&'e Observation) -> Option<bool>,
    ) -> (Option<&'e Observation>, Option<&'e Observation>) {
        let (mut yes, mut no) = (None, None);
        for observation in self.seen() {
            match judge(observation) {
                Some(true) => yes = yes.or(Some(observation)),
                Some(false) => no = no.or(Some(observation)),
                None => {}
            }
            if yes.is_some() && no.is_some() {
                break;
            }
        }
        (yes, no)
    }
}
