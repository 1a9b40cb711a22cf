//! What a clue sees of the evidence, and the questions that clues ask of it.
//!
//! This file is long because it holds every question that more than one cause asks.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use model::codes::{IcmpError, NegFailure, NegFlags, Protocols, TlsAlert, TlsVersion};
use model::fact::SettingValue;
use model::{
    Certificate, Ending, Fact, FactKind, Intent, Leg, LookId, Message, Micros, Observation,
    Service, UnixSeconds,
};

use crate::cause::Reading;
use crate::index::Index;

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

    /// A Windows event log holds one of these events.
    pub fn event(&self, expect: &[(&str, u32)]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::EventLogged { provider, id, .. } => expect
                .iter()
                .any(|(name, number)| name == provider && number == id)
                .then_some(true),
            _ => None,
        })
    }

    /// An event with this number holds one of these numbers in a field, however it is written.
    pub fn event_with(
        &self,
        provider: &str,
        id: u32,
        fields: &[&str],
        expect: &[u32],
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider: by,
                id: number,
                fields: held,
                ..
            } if by == provider && *number == id => held
                .iter()
                .filter(|(name, _)| fields.contains(&name.as_str()))
                .filter_map(|(_, value)| number_in(value))
                .any(|value| expect.contains(&value))
                .then_some(true),
            _ => None,
        })
    }

    /// Against, when a log counts at least half of the connections as having come to a session.
    pub fn sessions_reached(&self) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::ConnectionsLogged {
                seen,
                reached_session,
                ..
            } if *seen > 0 && reached_session.saturating_mul(2) >= *seen => Some(false),
            _ => None,
        })
    }

    /// The port of the listener was set to another one than the target's, as a watch on the registry logged.
    pub fn listener_port_set(&self) -> Reading<'e> {
        let asked = u32::from(self.target().port);
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider,
                id: 13,
                fields,
                ..
            } if provider == "Microsoft-Windows-Sysmon"
                && fields.get("TargetObject").is_some_and(|key| {
                    key.to_ascii_lowercase().ends_with(r"\rdp-tcp\portnumber")
                }) =>
            {
                let set = fields.get("Details")?;
                let digits = set.trim_start_matches("DWORD (").trim_end_matches(')');
                Some(number_in(digits)? != asked)
            }
            _ => None,
        })
    }

    /// Somebody else's tests of the target's port failed; against, when one succeeded.
    pub fn port_tested(&self) -> Reading<'e> {
        let asked = self.target().port;
        self.all(|fact| match fact {
            Fact::PortTested { port, opened, .. } if *port == asked => Some(!opened),
            _ => None,
        })
    }

    /// A log holds a line with one of these meanings.
    pub fn logged(&self, expect: &[&str]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, .. } => expect.contains(&symbol.as_str()).then_some(true),
            _ => None,
        })
    }

    /// A setting of this name, in a key that ends so, judged as a number.
    pub fn setting(
        &self,
        key: &str,
        name: &str,
        judge: impl Fn(u64) -> Option<bool>,
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::SettingFound {
                key: held,
                name: called,
                value: SettingValue::Number(number),
                ..
            } if called.eq_ignore_ascii_case(name)
                && held
                    .to_ascii_lowercase()
                    .ends_with(&key.to_ascii_lowercase()) =>
            {
                judge(*number)
            }
            _ => None,
        })
    }

    /// A service of one of these names runs or does not.
    pub fn service(&self, names: &[&str], expect: bool) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::ServiceFound {
                name,
                running: Some(running),
                ..
            } if names.iter().any(|own| own.eq_ignore_ascii_case(name)) => Some(*running == expect),
            _ => None,
        })
    }

    /// How ClientHellos fared: the highest version and the size offered, whether there was an answer, and the
    /// observation that says so.
    fn hellos(&self) -> Vec<(Intent, (TlsVersion, u32), bool, &'e Observation)> {
        let mut looks: BTreeMap<Option<LookId>, Vec<&'e Observation>> = BTreeMap::new();
        for observation in self.seen() {
            looks.entry(observation.look).or_default().push(observation);
        }
        let mut hellos = Vec::new();
        for seen in looks.values() {
            let offered = seen.iter().find_map(|observation| match &observation.fact {
                Fact::TlsOffered { highest, size, .. } => Some((*highest, *size)),
                _ => None,
            });
            let answered = seen.iter().find(|observation| {
                matches!(
                    observation.fact,
                    Fact::TlsEstablished { .. } | Fact::TlsChosen { .. }
                )
            });
            let failed = seen.iter().find(|observation| {
                matches!(
                    observation.fact,
                    Fact::Ended {
                        after: Message::ClientHello,
                        ..
                    } | Fact::TlsAlerted {
                        after: Message::ClientHello,
                        ..
                    }
                )
            });
            if let (Some(offered), Some(observation)) = (offered, answered.or(failed)) {
                hellos.push((
                    self.index.intent(observation),
                    offered,
                    answered.is_some(),
                    *observation,
                ));
            }
        }
        hellos
    }

    /// The client's ClientHello fails; another that differs in the way judged gets an answer. Against, when
    /// others that differ so fail too.
    pub fn hello_differs(
        &self,
        differs: impl Fn((TlsVersion, u32), (TlsVersion, u32)) -> bool,
    ) -> Reading<'e> {
        let hellos = self.hellos();
        let mut clients = hellos
            .iter()
            .filter(|(intent, ..)| *intent == Intent::AsClient);
        let Some((_, client, false, _)) = clients.next() else {
            return Reading::Silent;
        };
        if clients.any(|(_, _, answered, _)| *answered) {
            return Reading::Silent;
        }
        let others = || {
            hellos.iter().filter(|(intent, offered, ..)| {
                *intent == Intent::Contrast && differs(*client, *offered)
            })
        };
        let answered = others().find(|(_, _, answered, _)| *answered);
        match (answered, others().next()) {
            (Some((.., observation)), _) => Reading::For(observation),
            (None, Some((.., observation))) => Reading::Against(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// The client's ClientHello was answered by the end of the connection, and so was every other. Against, when
    /// another got an answer.
    pub fn every_hello_ended(&self) -> Reading<'e> {
        let hellos = self.hellos();
        let ended = |observation: &Observation| {
            matches!(
                observation.fact,
                Fact::Ended {
                    how: Ending::Reset | Ending::Closed,
                    ..
                }
            )
        };
        let fails = hellos
            .iter()
            .any(|(intent, .., observation)| *intent == Intent::AsClient && ended(observation));
        if !fails {
            return Reading::Silent;
        }
        let mut others = hellos
            .iter()
            .filter(|(intent, ..)| *intent == Intent::Contrast)
            .peekable();
        match others.peek() {
            None => Reading::Silent,
            Some((.., first)) => others
                .clone()
                .find(|(_, _, answered, _)| *answered)
                .map_or_else(
                    || {
                        if others.all(|(.., observation)| ended(observation)) {
                            Reading::For(first)
                        } else {
                            Reading::Silent
                        }
                    },
                    |(.., observation)| Reading::Against(observation),
                ),
        }
    }

    /// The server ended the client's ClientHello by a word or a close, not by silence; another version of it
    /// gets an answer.
    pub fn version_differs(&self) -> Reading<'e> {
        let silence = self
            .hellos()
            .iter()
            .any(|(intent, _, answered, observation)| {
                *intent == Intent::AsClient
                    && !answered
                    && matches!(
                        observation.fact,
                        Fact::Ended {
                            how: Ending::Silence | Ending::Unreachable,
                            ..
                        }
                    )
            });
        if silence {
            return Reading::Silent;
        }
        self.hello_differs(|client, other| other.0 != client.0)
    }

    /// An address opened at first and does no longer. Against, when it opened after it had not.
    pub fn opened_at_first(&self) -> Reading<'e> {
        let mut opened_at: BTreeMap<SocketAddr, Micros> = BTreeMap::new();
        let mut dead_at: BTreeMap<SocketAddr, (Micros, &'e Observation)> = BTreeMap::new();
        for observation in self.seen() {
            if let (Some((to, opened)), Some(at)) = (self.opened(&observation.fact), observation.at)
            {
                if opened {
                    let last = opened_at.entry(to).or_insert(at);
                    *last = at.max(*last);
                } else {
                    let first = dead_at.entry(to).or_insert((at, observation));
                    if at < first.0 {
                        *first = (at, observation);
                    }
                }
            }
        }
        let mut against = None;
        for (to, (dead, observation)) in dead_at {
            match opened_at.get(&to) {
                Some(opened) if *opened <= dead => return Reading::For(observation),
                Some(_) => against = against.or(Some(observation)),
                None => {}
            }
        }
        against.map_or(Reading::Silent, Reading::Against)
    }

    /// The client waits for TLS in vain; a look kept to small segments gets it. Against, when that look
    /// fares no better.
    pub fn small_segments_help(&self) -> Reading<'e> {
        let limited: Vec<Option<LookId>> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::SegmentsLimited { .. }))
            .map(|observation| observation.look)
            .collect();
        let is_limited = |observation: &Observation| limited.contains(&observation.look);
        let came_up = |observation: &Observation| match observation.fact {
            Fact::TlsEstablished { .. } => Some(true),
            Fact::Ended {
                how: Ending::Silence,
                ..
            } => Some(false),
            _ => None,
        };
        let client = |expect: bool| {
            self.seen().any(|observation| {
                self.as_client(observation) && came_up(observation) == Some(expect)
            })
        };
        if !client(false) || client(true) {
            return Reading::Silent;
        }
        self.read(|observation| is_limited(observation).then(|| came_up(observation))?)
    }

    /// The client gets through; a look with a ClientHello that needs two packets does not.
    pub fn only_large_hello_fails(&self) -> Reading<'e> {
        const LARGE: u32 = 1400;
        let hellos = self.hellos();
        let client = hellos
            .iter()
            .find(|(intent, offered, ..)| *intent == Intent::AsClient && offered.1 < LARGE);
        let Some((_, offered, true, _)) = client else {
            return Reading::Silent;
        };
        let large = |answers: bool| {
            hellos
                .iter()
                .find(|(intent, other, answered, observation)| {
                    *intent == Intent::Contrast
                        && other.1 >= LARGE
                        && other.0 == offered.0
                        && *answered == answers
                        && (answers || matches!(observation.fact, Fact::Ended { .. }))
                })
        };
        match (large(true), large(false)) {
            (Some((.., observation)), _) => Reading::Against(observation),
            (None, Some((.., observation))) => Reading::For(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// The client gets through with TLS 1.3; a look with 1.2 at the highest does not.
    pub fn only_newest_tls(&self) -> Reading<'e> {
        let hellos = self.hellos();
        let through = hellos.iter().any(|(intent, offered, answered, _)| {
            *intent == Intent::AsClient && offered.0 == TlsVersion::TLS1_3 && *answered
        });
        if !through {
            return Reading::Silent;
        }
        let older = |answers: bool| {
            hellos
                .iter()
                .find(|(intent, offered, answered, observation)| {
                    *intent == Intent::Contrast
                        && offered.0 == TlsVersion::TLS1_2
                        && *answered == answers
                        && (answers || matches!(observation.fact, Fact::TlsAlerted { .. }))
                })
        };
        match (older(true), older(false)) {
            (Some((.., observation)), _) => Reading::Against(observation),
            (None, Some((.., observation))) => Reading::For(observation),
            (None, None) => Reading::Silent,
        }
    }

    /// Connections to one address showed different certificates.
    pub fn certificates_differ(&self) -> Reading<'e> {
        let one_address = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { to, .. } => Some(*to),
                _ => None,
            })
            .collect::<BTreeSet<_>>()
            .len()
            == 1;
        if !one_address {
            return Reading::Silent;
        }
        let mut first: Option<&Certificate> = None;
        let mut same = None;
        for observation in self.seen() {
            if let Fact::CertificateSeen { certificate, .. } = &observation.fact {
                match first {
                    None => first = Some(certificate),
                    Some(known) if known.sha256 != certificate.sha256 => {
                        return Reading::For(observation);
                    }
                    Some(_) => same = same.or(Some(observation)),
                }
            }
        }
        same.map_or(Reading::Silent, Reading::Against)
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

    /// The server closed a connection of the client at its ClientHello without a word. A close behind an alert
    /// adds nothing to the alert.
    pub fn closed_at_hello(&self) -> Reading<'e> {
        let alerted: BTreeSet<Option<LookId>> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::TlsAlerted { .. }))
            .map(|observation| observation.look)
            .collect();
        self.read(|observation| match observation.fact {
            Fact::Ended {
                how: Ending::Closed,
                after: Message::ClientHello,
                ..
            } => (self.as_client(observation) && !alerted.contains(&observation.look))
                .then_some(true),
            _ => None,
        })
    }

    /// The server prefers TLS where NLA was offered too, and knows nothing of graphics over a channel: a program
    /// such as xrdp. A Windows host does so only with NLA switched off, and an old one at that.
    pub fn is_no_windows_host(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::NegotiationChosen {
                offered: Some(offered),
                chosen,
                flags,
            } if offered.has_nla() => {
                Some(!chosen.has_nla() && !flags.has(NegFlags::GRAPHICS_PIPELINE))
            }
            _ => None,
        })
    }

    /// Such a server ended TLS at the ClientHello with this alert.
    pub fn program_alerted(&self, expect: TlsAlert) -> Reading<'e> {
        match self.is_no_windows_host() {
            Reading::For(_) => self.any_as_client(|fact| match fact {
                Fact::TlsAlerted { alert, .. } => (*alert == expect).then_some(true),
                _ => None,
            }),
            _ => Reading::Silent,
        }
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

/// A number as logs write it: decimal, or hexadecimal with `0x`, with a name behind it or not.
fn number_in(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches("%%");
    let text = text.split_whitespace().next()?;
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// How a connection ended at the ClientHello, when it ended there.
pub(crate) fn at_hello(after: Message, so: bool) -> Option<bool> {
    (after == Message::ClientHello).then_some(so)
}

/// How a connection ended within the TLS handshake, when it ended there.
pub(crate) fn in_handshake(after: Message, so: bool) -> Option<bool> {
    (Message::ClientHello..Message::ServerFinished)
        .contains(&after)
        .then_some(so)
}

/// A certificate such as Windows makes for itself: signed by itself, for half a year, replaced in time.
pub(crate) fn renews_itself(certificate: &Certificate) -> bool {
    certificate.self_signed
        && (175..=190).contains(&certificate.not_before.days_until(certificate.not_after))
}

/// How a connection ended when the logon began, when it ended there.
pub(crate) fn at_logon(after: Message, so: bool) -> Option<bool> {
    matches!(
        after,
        Message::ServerFinished
            | Message::CredSspNegotiate
            | Message::CredSspChallenge
            | Message::CredSspAuthenticate
    )
    .then_some(so)
}

/// The results of CredSSP that causes of their own explain.
pub(crate) const KNOWN_STATUS: &[u32] = &[
    0x8009_0300,
    0x8009_0302,
    0x8009_0303,
    0x8009_0304,
    0x8009_0305,
    0x8009_0308,
    0x8009_030C,
    0x8009_030E,
    0x8009_030F,
    0x8009_0310,
    0x8009_0311,
    0x8009_0322,
    0x8009_0324,
    0x8009_0345,
    0x8009_0346,
    0xC000_000D,
    0xC000_0017,
    0xC000_0022,
    0xC000_005E,
    0xC000_005F,
    0xC000_0061,
    0xC000_0064,
    0xC000_006A,
    0xC000_006B,
    0xC000_006C,
    0xC000_006D,
    0xC000_006E,
    0xC000_006F,
    0xC000_0070,
    0xC000_0071,
    0xC000_0072,
    0xC000_0073,
    0xC000_009A,
    0xC000_00B5,
    0xC000_00BB,
    0xC000_00D0,
    0xC000_00DC,
    0xC000_00DF,
    0xC000_0133,
    0xC000_0155,
    0xC000_015B,
    0xC000_018A,
    0xC000_018B,
    0xC000_018C,
    0xC000_018D,
    0xC000_0190,
    0xC000_0192,
    0xC000_0193,
    0xC000_0198,
    0xC000_0199,
    0xC000_019A,
    0xC000_019B,
    0xC000_0224,
    0xC000_0233,
    0xC000_0234,
    0xC000_0247,
    0xC000_0248,
    0xC000_02F9,
    0xC000_02FA,
    0xC000_02FB,
    0xC000_0320,
    0xC000_0321,
    0xC000_0322,
    0xC000_035B,
    0xC000_0380,
    0xC000_0381,
    0xC000_0382,
    0xC000_0383,
    0xC000_0384,
    0xC000_0385,
    0xC000_0386,
    0xC000_0387,
    0xC000_0388,
    0xC000_0389,
    0xC000_038A,
    0xC000_038B,
    0xC000_038C,
    0xC000_038D,
    0xC000_0413,
    0xC000_0418,
    0xC00A_002B,
    0xC00A_0037,
];
