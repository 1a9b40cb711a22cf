//! A case: the evidence, what was begun to get it, and the loop that carries looks out.

use std::net::SocketAddr;
use std::sync::Arc;

use model::{
    Attempt, AttemptOutcome, Evidence, Fact, HostName, Intent, Leg, LookId, Micros, Observation,
    Phase, Place, Source, Target, Trust, UnixSeconds,
};
use session::Credentials;
use tokio::sync::mpsc;
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::sleep;

use crate::drive::{Clock, Event, Told, Voice, carry_out};
use crate::hop::{Gateway, Proxy};
use crate::look::Look;
use crate::plan::{self, Begun, Order, Sight};
use crate::probes::{LOGON, ORIGIN, Probe, TRUST};
use crate::sessions::Sessions;
use crate::survey;

/// How much to look at, and how long to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How much to look at.
    pub depth: Depth,
    /// The most connections that are opened to the target.
    pub connections: usize,
    /// How often the client's connection is tried in all, whatever came of it; 1 for as often as it tells more.
    pub repeat: u8,
    /// How many connections at once the host is tried with, when that was asked for and agreed to. They do not
    /// count among those of the check.
    pub load: Option<u32>,
    /// Name servers to be asked directly.
    pub resolvers: Vec<SocketAddr>,
    /// The time by which a silent host is given up. Every wait is a share of it.
    pub timeout: Micros,
    /// The RD Gateway on the way.
    pub gateway: Option<Gateway>,
    /// The proxy on the way.
    pub proxy: Option<Proxy>,
    /// Authorities that are trusted beside those of this machine, as PEM text.
    pub trust: Option<Arc<[u8]>>,
    /// How far to go where nothing keeps us from it.
    pub until: Until,
    /// Who logs on, once.
    pub credentials: Option<Arc<Credentials>>,
    /// What is known of Kerberos.
    pub kerberos: Kerberos,
}

/// What is known of Kerberos before anything was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kerberos {
    /// The realm.
    pub realm: Option<HostName>,
    /// The user for whom a ticket is asked for, without any proof.
    pub user: Option<String>,
    /// The proxy to its servers.
    pub proxy: Option<KdcProxy>,
}

/// A proxy to the Kerberos servers of a realm ([MS-KKDCP]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KdcProxy {
    /// Its name or address.
    pub host: HostName,
    /// Its port.
    pub port: u16,
    /// Its place on the web server.
    pub path: String,
}

/// How far to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Up to the logon; and with credentials up to the server's word on them, where NLA asks for them.
    #[default]
    Logon,
    /// Up to the first picture of the desktop or of a logon screen.
    Desktop,
}

/// How much to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// What the client does, once.
    Quick,
    /// And what makes the difference.
    #[default]
    Standard,
    /// And all that can be known.
    Full,
}

impl Depth {
    /// The most connections that are opened to the target, unless the user says otherwise.
    pub const fn connections(self) -> usize {
        match self {
            Self::Quick => 1,
            Self::Standard => 8,
            Self::Full => 80,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::of(Depth::Standard)
    }
}

impl Options {
    /// The usual limits for this depth.
    pub const fn of(depth: Depth) -> Self {
        Self {
            depth,
            connections: depth.connections(),
            repeat: 1,
            load: None,
            resolvers: Vec::new(),
            timeout: Micros::from_secs(6),
            gateway: None,
            proxy: None,
            trust: None,
            until: Until::Logon,
            credentials: None,
            kerberos: Kerberos {
                realm: None,
                user: None,
                proxy: None,
            },
        }
    }

    const fn share(&self, of_sixty: u64) -> Micros {
        Micros(self.timeout.0 / 60 * of_sixty)
    }

    /// Wait for the resolver: 5 s of 6.
    pub(crate) const fn resolve_patience(&self) -> Micros {
        self.share(50)
    }

    /// Wait for an answer to the SYN on a look that begins at this moment: 4 s of 6, which covers the
    /// repetitions after 1 s and 3 s; less when it is late.
    pub(crate) fn connect_patience_at(&self, now: Micros) -> Micros {
        self.due()
            .since(now)
            .clamp(self.shortest_patience(), self.share(40))
    }

    /// The shortest wait for anything: 1.5 s of 6, which covers the first repetition of a SYN.
    pub(crate) const fn shortest_patience(&self) -> Micros {
        self.share(15)
    }

    /// Wait for an answer on an open connection: 4 s of 6.
    pub(crate) const fn answer_patience(&self) -> Micros {
        self.share(40)
    }

    /// The same on a contrast, which starts later: 3 s of 6.
    pub(crate) const fn contrast_patience(&self) -> Micros {
        self.share(30)
    }

    /// Wait for each step of a logon or of the set-up of a session: 15 s of 6. Servers ask controllers and
    /// licence servers, and start programs.
    pub(crate) const fn session_patience(&self) -> Micros {
        self.share(150)
    }

    /// A look without an answer for this long, or for four round trips, stalls: 1 s of 6.
    pub(crate) const fn stall(&self) -> Micros {
        self.share(10)
    }

    /// The moment by which waits end that nothing has answered yet: 5.5 s of 6.
    pub(crate) const fn due(&self) -> Micros {
        self.share(55)
    }

    /// Time from the end of one try of the same to the next: 1 s of 6 where there is time, so that chance has time
    /// to change.
    pub(crate) const fn between_tries(&self) -> Micros {
        match self.depth {
            Depth::Full => self.share(10),
            Depth::Quick | Depth::Standard => Micros::ZERO,
        }
    }

    /// Time between connections once the peer has reset one: 0.15 s of 6.
    pub(crate) const fn pace(&self) -> Micros {
        Micros(self.timeout.0 / 40)
    }
}

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Everything seen and tried so far.
    pub evidence: Evidence,
    options: Options,
    begun: Vec<Begun>,
    /// How many looks have a number.
    looks: u32,
    /// What was forgone is recorded.
    closed: bool,
}

/// What to do next.
#[derive(Clone, Debug, Default)]
pub struct Next {
    /// Looks to carry out from now on, beside those that run.
    pub begin: Vec<(LookId, Look)>,
    /// Without news, ask again at this moment.
    pub wake: Option<Micros>,
    /// Nothing is to begin and nothing runs.
    pub over: bool,
}

/// What happens while a case runs.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A look was begun.
    Began(&'a Attempt),
    /// Something was seen.
    Seen(&'a Observation),
    /// A look ended.
    Ended(&'a Attempt),
}

impl Case {
    /// Opens a case. `opened_at` is the wall clock at [`Micros::ZERO`].
    pub fn open(target: Target, options: Options, opened_at: UnixSeconds) -> Self {
        let mut case = Self {
            evidence: Evidence::of(target, opened_at),
            options,
            begun: Vec::new(),
            looks: 0,
            closed: false,
        };
        if let Some(address) = case.evidence.target.address
            && case.options.gateway.is_none()
            && case.options.proxy.is_none()
        {
            let place = Place::host(Phase::Resolve);
            case.note(None, Micros::ZERO, place, Fact::AddressGiven { address });
        }
        case
    }

    /// Plans, and records the looks to begin as begun. Ask again after every look that ended, and at the
    /// moment it names.
    pub fn next(&mut self, now: Micros) -> Next {
        let mut begin = Vec::new();
        let plan = loop {
            let sight = Sight {
                evidence: &self.evidence,
                begun: &self.begun,
                options: &self.options,
            };
            let mut plan = plan::next(&sight, now);
            // What was begun decides when to plan again.
            if plan.begin.is_empty() {
                break plan;
            }
            for order in plan.begin.drain(..) {
                begin.push(self.begin(order, now));
            }
        };
        // What comes by itself and last waits for everything to end; otherwise nobody waits for a peer to close.
        let options = &self.options;
        let more =
            options.load.is_some() || options.credentials.is_some() || options.until > Until::Logon;
        let ended = |begun: &Begun| begun.ended.is_some() || (!more && begun.is_over());
        let over = plan.wake.is_none() && !plan.held && self.begun.iter().all(ended);
        self.evidence.interrupted = !over;
        if over && !self.closed {
            self.closed = true;
            let leaving = self.begun.iter().filter(|begun| begun.ended.is_none());
            let leaving: Vec<LookId> = leaving.map(|begun| begun.id).collect();
            for look in leaving {
                self.end(look, now, AttemptOutcome::Ran);
            }
            let sight = Sight {
                evidence: &self.evidence,
                begun: &self.begun,
                options: &self.options,
            };
            let not_tried = plan::logon_not_tried(&sight);
            for fact in survey::suites::findings(&sight) {
                self.note(None, now, Place::host(Phase::Secure), fact);
            }
            if let Some(why) = not_tried {
                let outcome = AttemptOutcome::Skipped(why.to_owned());
                self.attempt("one logon", &LOGON, Intent::AsClient, outcome);
            }
            for (order, why) in plan.forgone {
                let outcome = AttemptOutcome::Skipped(why.to_owned());
                self.attempt(&order.says, order.probe, order.intent, outcome);
            }
        }
        Next {
            begin,
            wake: plan.wake,
            over,
        }
    }

    /// Records what a look saw.
    pub fn record(&mut self, look: LookId, at: Micros, place: Place, fact: Fact) {
        self.note(Some(look), at, place, fact);
    }

    /// Records that a look ended. What broke stays broken.
    pub fn end(&mut self, look: LookId, at: Micros, outcome: AttemptOutcome) {
        if let Some(begun) = self.begun.iter_mut().find(|begun| begun.id == look) {
            begun.ended.get_or_insert(at);
        }
        if let Some(attempt) = self
            .evidence
            .tried
            .iter_mut()
            .find(|tried| tried.look == look)
        {
            attempt.took = attempt.at.map(|began| at.since(began));
            if attempt.outcome == AttemptOutcome::Ran {
                attempt.outcome = outcome;
            }
        }
    }

    /// Carries the case out over real sockets, until nothing is left to look at.
    ///
    /// When the future is dropped, everything seen so far is in [`Self::evidence`], which then says that it
    /// was interrupted.
    pub async fn run(&mut self, mut progress: impl FnMut(Progress<'_>)) {
        let clock = Clock::start();
        let opened_at = self.evidence.opened_at;
        let (events, mut told) = mpsc::unbounded_channel::<Event>();
        let mut looks = JoinSet::new();
        let mut running: Vec<(task::Id, LookId)> = Vec::new();
        let mut judges: JoinSet<Verdict> = JoinSet::new();
        let mut judged: Vec<Leg> = Vec::new();
        let sessions = Sessions::default();
        self.evidence
            .seen
            .iter()
            .for_each(|seen| progress(Progress::Seen(seen)));
        loop {
            let next = self.next(clock.now());
            for (look, what) in next.begin {
                if let Some(attempt) = self.evidence.attempt(look) {
                    progress(Progress::Began(attempt));
                }
                let voice = Voice {
                    look,
                    clock,
                    events: events.clone(),
                    sessions: sessions.clone(),
                };
                let handle = looks.spawn(carry_out(what, opened_at, voice));
                running.push((handle.id(), look));
            }
            if next.over && judges.is_empty() {
                break;
            }
            let nap = clock.until(next.wake.unwrap_or_default());
            tokio::select! {
                // What was said before a look ended is heard before its end.
                biased;
                Some(event) = told.recv() => {
                    // All that was said meanwhile is heard before the next plan.
                    let mut heard = Some(event);
                    while let Some(event) = heard {
                        if let Some((leg, chain)) =
                            self.hear(event.look, event.at, event.told, &mut progress)
                            && !judged.contains(&leg)
                        {
                            judged.push(leg);
                            let now = wall(opened_at, event.at);
                            let look = event.look;
                            let more = self.options.trust.clone();
                            judges.spawn_blocking(move || {
                                (look, leg, tls::trust::judge(&chain, now, more.as_deref()))
                            });
                        }
                        heard = told.try_recv().ok();
                    }
                }
                Some(ended) = looks.join_next_with_id() => {
                    // All that ended meanwhile, too, as long as nothing was said that is to be heard before.
                    let mut over = Some(ended);
                    while let Some(ended) = over {
                        let (id, outcome) = match ended {
                            Ok((id, ())) => (id, AttemptOutcome::Ran),
                            Err(error) => (error.id(), AttemptOutcome::Broke(error.to_string())),
                        };
                        if let Some(&(_, look)) = running.iter().find(|(known, _)| *known == id) {
                            self.end(look, clock.now(), outcome);
                            if let Some(attempt) = self.evidence.attempt(look) {
                                progress(Progress::Ended(attempt));
                            }
                        }
                        over = told
                            .is_empty()
                            .then(|| looks.try_join_next_with_id())
                            .flatten();
                    }
                }
                Some(verdict) = judges.join_next() => {
                    self.trust(verdict, clock.now(), &mut progress);
                }
                () = sleep(nap), if next.wake.is_some() => {}
            }
        }
    }

    /// Takes in what a look told; gives back a chain that is to be judged.
    fn hear(
        &mut self,
        look: LookId,
        at: Micros,
        told: Told,
        progress: &mut impl FnMut(Progress<'_>),
    ) -> Option<(Leg, Vec<Vec<u8>>)> {
        match told {
            Told::Fact(place, fact) => {
                self.record(look, at, place, fact);
                self.evidence
                    .seen
                    .last()
                    .into_iter()
                    .for_each(|seen| progress(Progress::Seen(seen)));
                None
            }
            Told::Judge(leg, chain) => Some((leg, chain)),
            Told::Leaves => {
                let mut begun = self.begun.iter_mut();
                if let Some(begun) = begun.find(|begun| begun.id == look) {
                    begun.left = Some(at);
                }
                None
            }
            Told::OriginForbidden => {
                // Once is enough, however many resets came.
                let known = self.evidence.tried.iter();
                if !known.into_iter().any(|tried| tried.probe == ORIGIN.name) {
                    let why = "needs root, or setcap cap_net_raw+ep on rdpdoctor";
                    let outcome = AttemptOutcome::Skipped(why.to_owned());
                    let says = "whether the host sent the reset, or a device on the way";
                    self.attempt(says, &ORIGIN, Intent::Contrast, outcome);
                }
                None
            }
            Told::Broke(why) => {
                let attempt = self
                    .evidence
                    .tried
                    .iter_mut()
                    .find(|tried| tried.look == look);
                if let Some(attempt) = attempt {
                    attempt.outcome = AttemptOutcome::Broke(why);
                }
                None
            }
        }
    }

    fn trust(
        &mut self,
        verdict: Result<Verdict, JoinError>,
        now: Micros,
        progress: &mut impl FnMut(Progress<'_>),
    ) {
        let broke = match verdict {
            Ok((look, leg, Ok(trust))) => {
                let phase = Phase::Secure;
                let place = Place { leg, phase };
                self.record(look, now, place, Fact::CertificateTrust { trust });
                self.evidence
                    .seen
                    .last()
                    .into_iter()
                    .for_each(|seen| progress(Progress::Seen(seen)));
                return;
            }
            Ok((_, _, Err(error))) => error.to_string(),
            Err(error) => error.to_string(),
        };
        let outcome = AttemptOutcome::Broke(broke);
        self.attempt(
            "the trust store of this machine",
            &TRUST,
            Intent::Contrast,
            outcome,
        );
    }

    fn begin(&mut self, order: Order, now: Micros) -> (LookId, Look) {
        let id = self.attempt(&order.says, order.probe, order.intent, AttemptOutcome::Ran);
        if let Some(attempt) = self.evidence.tried.last_mut() {
            attempt.at = Some(now);
        }
        if let Look::Climb(ascent) = &order.look
            && let Some(bytes) = ascent.segments
        {
            let place = Place::host(Phase::Tcp);
            self.note(Some(id), now, place, Fact::SegmentsLimited { bytes });
        }
        let look = order.look.clone();
        self.begun.push(Begun {
            id,
            role: order.role,
            look: order.look,
            at: now,
            left: None,
            ended: None,
        });
        (id, look)
    }

    fn attempt(
        &mut self,
        says: &str,
        probe: &Probe,
        intent: Intent,
        outcome: AttemptOutcome,
    ) -> LookId {
        self.looks = self.looks.saturating_add(1);
        let look = LookId(self.looks);
        self.evidence.tried.push(Attempt {
            look,
            probe: probe.name.to_owned(),
            intent,
            says: says.to_owned(),
            outcome,
            at: None,
            took: None,
            trace: probe.trace,
        });
        look
    }

    fn note(&mut self, look: Option<LookId>, at: Micros, place: Place, fact: Fact) {
        self.evidence.seen.push(Observation {
            at: Some(at),
            place: Some(place),
            source: Source::Probe,
            vantage: String::new(),
            look,
            fact,
        });
    }
}

/// What the trust store says about the certificate of a look, on this leg.
type Verdict = (LookId, Leg, Result<Trust, tls::Error>);

/// Wall-clock time at a moment of the case.
fn wall(opened_at: UnixSeconds, at: Micros) -> UnixSeconds {
    let seconds = i64::try_from(at.as_millis() / 1000).unwrap_or(i64::MAX);
    UnixSeconds(opened_at.0.saturating_add(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    use model::codes::{CipherSuite, NegFlags, Protocols, TlsAlert, TlsVersion};
    use model::{ClientProfile, HostName, Message};

    const SUITES: [u16; 12] = [
        0xC030, 0xC02F, 0xC028, 0xC027, 0xC014, 0xC013, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035,
        0x002F,
    ];

    /// How many looks a survey of a server takes that closes its side of a connection so long after ours.
    fn looks(closes_after: Micros) -> usize {
        let target = Target {
            input: "10.0.0.7".to_owned(),
            host: HostName::from("10.0.0.7"),
            port: 3389,
            address: Some([10, 0, 0, 7].into()),
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        };
        let mut case = Case::open(target, Options::of(Depth::Full), UnixSeconds(0));
        let mut closes: Vec<(LookId, Micros)> = Vec::new();
        for millis in 0..20_000 {
            let now = Micros::from_millis(millis);
            closes.retain(|(look, at)| {
                if *at <= now {
                    case.end(*look, now, AttemptOutcome::Ran);
                }
                *at > now
            });
            let next = case.next(now);
            if next.over {
                return case.evidence.tried.len();
            }
            for (look, what) in next.begin {
                let Look::Climb(ascent) = what else {
                    case.end(look, now, AttemptOutcome::Ran);
                    continue;
                };
                let offered = ascent.wish.offers;
                let mut facts = vec![
                    Fact::TcpOpened {
                        to: ascent.to,
                        took: Micros(40),
                    },
                    Fact::NegotiationOffered { offered },
                    Fact::NegotiationChosen {
                        offered,
                        chosen: Protocols::TLS,
                        flags: NegFlags(0),
                    },
                ];
                let version = TlsVersion::TLS1_2;
                let own = |suite: &&CipherSuite| SUITES.contains(&suite.0);
                facts.push(match &ascent.wish.hello {
                    Some(hello) => match hello.suites.iter().find(own) {
                        Some(suite) if hello.highest == version => Fact::TlsChosen {
                            version,
                            suite: *suite,
                        },
                        _ => Fact::TlsAlerted {
                            alert: TlsAlert::HANDSHAKE_FAILURE,
                            after: Message::ClientHello,
                        },
                    },
                    None => Fact::TlsEstablished {
                        version,
                        suite: CipherSuite(0xC02F),
                        took: Micros(900),
                    },
                });
                for fact in facts {
                    case.record(look, now, Place::host(Phase::Negotiate), fact);
                }
                case.hear(look, now, Told::Leaves, &mut |_| ());
                // Only the looks of a survey are not waited for.
                let is_survey = ascent.farewell < Micros::from_millis(100);
                let after = if is_survey { closes_after } else { Micros(1) };
                closes.push((look, now.plus(after)));
            }
        }
        panic!("the survey has no end");
    }

    #[test]
    fn a_server_that_is_slow_to_close_is_surveyed_as_a_whole() {
        let quick = looks(Micros::from_millis(1));
        assert!(quick > 30, "{quick}");
        assert_eq!(looks(Micros::from_millis(500)), quick);
    }
}
