//! Plays a whole case in memory: the prober's own plan and conversations against the lab's server, through
//! its link, in time that is counted and never waited for.
//!
//! What a name, a route or a SYN would meet is taken from the scenario; from the first byte on, both sides
//! are the very machines that run over sockets. The same scenario and seed lead to the same facts, apart
//! from what cryptography draws for itself.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use lab::certificate;
use lab::chance::Chance;
use lab::line::Line;
use lab::scenario::{OtherPorts, Scenario, Syn, Told, Udp};
use lab::server::{self, Host};
use model::codes::IcmpError;
use model::{
    AttemptOutcome, ClientProfile, Ending, Evidence, Fact, HostName, LookId, Micros, Observation,
    Phase, Place, Resolver, Target, UnixSeconds,
};
use probe::{Ascent, Case, Conversation, Credentials, Look, Options, Secret, Until};

use crate::explain;

/// Errors of the network stack, by the numbers Linux gives them.
mod os_error {
    pub(super) const EACCES: i32 = 13;
    pub(super) const ENETUNREACH: i32 = 101;
    pub(super) const ECONNREFUSED: i32 = 111;
    pub(super) const EHOSTUNREACH: i32 = 113;
}

/// However slowly its peer drips, no connection lasts longer than this many times the patience.
const LONGEST: u64 = 4;

/// The time from one side to the other where the scenario's link adds nothing: a local network.
const ONE_WAY: Micros = Micros(150);

/// The number of events after which a rehearsal counts as endless; a case needs some hundreds.
const MOST_EVENTS: usize = 200_000;

/// How to play.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much to look at.
    pub options: Options,
    /// The wall clock when the case is opened.
    pub opened_at: UnixSeconds,
    /// What looks random depends on it.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        // 2026-06-01 00:00 UTC.
        Self {
            options: Options::default(),
            opened_at: UnixSeconds(1_780_272_000),
            seed: 1,
        }
    }
}

/// The target that a scenario's client dials.
pub fn target(scenario: &Scenario) -> Target {
    let name = &scenario.client.name;
    Target {
        input: name.clone(),
        host: HostName::from(name.as_str()),
        port: scenario.client.port,
        address: name.parse().ok(),
        zone: None,
        gateway: named(&scenario.client.gateway),
        proxy: named(&scenario.client.proxy),
        client: ClientProfile {
            program: None,
            offers: scenario.client.offers,
        },
    }
}

/// A name that was given.
fn named(name: &str) -> Option<HostName> {
    (!name.is_empty()).then(|| HostName::from(name))
}

/// Plays the whole case of `scenario`, and adds what files and people tell of it.
pub fn play(scenario: &Scenario, settings: &Settings) -> anyhow::Result<Evidence> {
    let mut evidence = if scenario.told.alone {
        Evidence::of(target(scenario), settings.opened_at)
    } else {
        let mut settings = settings.clone();
        if scenario.in_full {
            settings.options = Options::of(probe::Depth::Full);
        }
        going_on(scenario, &mut settings.options)?;
        looks(scenario, &settings)?
    };
    tell(&scenario.told, &mut evidence);
    Ok(evidence)
}

/// How far the scenario's client goes, and as whom. The lab knows no password, so any will do.
fn going_on(scenario: &Scenario, options: &mut Options) -> anyhow::Result<()> {
    if scenario.client.to_desktop {
        options.until = Until::Desktop;
    }
    if let Some(user) = &scenario.client.user {
        let credentials = Credentials::of(user, Secret::new("any".to_owned()))?;
        options.credentials = Some(Arc::new(credentials));
    }
    Ok(())
}

/// Adds what is told to what was seen, as `analyze` and `--saw` do.
fn tell(told: &Told, evidence: &mut Evidence) {
    if told.is_empty() {
        return;
    }
    let mut intake = intake::Intake::default();
    for (name, text) in &told.files {
        intake.take(name, &mut text.as_bytes());
    }
    let read = intake
        .finish()
        .into_evidence(evidence.target.clone(), evidence.opened_at);
    // A file counts its connections from the beginning too.
    let taken = evidence.tried.iter().map(|tried| tried.look.0).max();
    let next = taken.map_or(0, |last| last.saturating_add(1));
    let renumbered = |look: LookId| LookId(look.0.saturating_add(next));
    evidence.tried.extend(read.tried.into_iter().map(|tried| {
        let look = renumbered(tried.look);
        model::Attempt { look, ..tried }
    }));
    evidence
        .seen
        .extend(read.seen.into_iter().map(|seen| Observation {
            look: seen.look.map(renumbered),
            ..seen
        }));
    evidence.damage.extend(read.damage);
    evidence.seen.extend(told.facts.iter().cloned());
    evidence.seen.extend(explain::stated(&told.saw, None));
}

/// Plays the looks at what `scenario` shows over the wire.
fn looks(scenario: &Scenario, settings: &Settings) -> anyhow::Result<Evidence> {
    let addresses = scenario.network.addresses();
    let mut names = vec![scenario.client.name.clone()];
    names.extend(addresses.iter().map(IpAddr::to_string));
    names.dedup();
    let host = Host::new(&scenario.server, &names, settings.opened_at, settings.seed)?;
    let mut stage = Stage {
        scenario,
        settings,
        addresses,
        host,
        case: Case::open(
            target(scenario),
            settings.options.clone(),
            settings.opened_at,
        ),
        chance: Chance::of(settings.seed).part(u64::MAX),
        opened: 0,
        running: BTreeMap::new(),
    };
    let mut now = Micros::ZERO;
    for _ in 0..MOST_EVENTS {
        let next = stage.case.next(now);
        for (id, look) in next.begin {
            stage.begin(now, id, look);
        }
        if next.over && stage.running.is_empty() {
            return Ok(stage.case.evidence);
        }
        let dues = stage.running.values().map(Running::due);
        let Some(soonest) = dues.chain(next.wake).min() else {
            break;
        };
        now = soonest.max(now);
        stage.act(now);
    }
    // The conversations and the plan have limits of their own: this is a fault of ours.
    anyhow::bail!("rehearsing {} does not come to an end", scenario.id)
}

struct Stage<'a> {
    scenario: &'a Scenario,
    settings: &'a Settings,
    addresses: Vec<IpAddr>,
    host: Arc<Host>,
    case: Case,
    chance: Chance,
    /// Connections opened so far.
    opened: u32,
    running: BTreeMap<LookId, Running>,
}

/// A look that runs.
enum Running {
    /// Its only fact, if any, comes at that moment.
    Waits {
        until: Micros,
        tells: Option<(Place, Fact)>,
    },
    /// The connection opens at that moment.
    Opens {
        at: Micros,
        took: Micros,
        number: u32,
        ascent: Box<Ascent>,
    },
    /// The connection is open.
    Talks(Box<Talk>),
}

struct Talk {
    conversation: Conversation,
    line: Line,
    /// The client's patience ends.
    client_due: Micros,
    /// Something is under way to the client.
    line_due: Option<Micros>,
    /// However slowly the peer drips, the connection lasts no longer.
    last: Micros,
}

impl Running {
    fn due(&self) -> Micros {
        match self {
            Self::Waits { until, .. } => *until,
            Self::Opens { at, .. } => *at,
            Self::Talks(talk) => talk
                .line_due
                .map_or(talk.client_due, |due| due.min(talk.client_due)),
        }
    }
}

impl Stage<'_> {
    fn begin(&mut self, now: Micros, id: LookId, look: Look) {
        let running = match look {
            Look::Resolve { name, patience, .. } => self.resolves(now, name, patience),
            Look::Load(_) | Look::Trace(_) | Look::Sizes(_) => Running::Waits {
                until: now,
                tells: None,
            },
            // No scenario has name servers of its own: nobody answers there.
            Look::Ask(inquiry) => Running::Waits {
                until: now.plus(inquiry.patience),
                tells: Some((
                    Place::host(Phase::Resolve),
                    Fact::NameNotResolved {
                        name: inquiry.name,
                        why: model::NameFailure::Timeout,
                        via: Resolver::Server(inquiry.server),
                        took: inquiry.patience,
                    },
                )),
            },
            // No gateway stands before the hosts of the lab.
            // Nor has it a domain.
            Look::Gateway(_)
            | Look::Direct { .. }
            | Look::Realm(_)
            | Look::Kdc(_)
            | Look::Ticket(_) => Running::Waits {
                until: now,
                tells: None,
            },
            Look::Climb(ascent) => self.opens(now, ascent),
            Look::Side {
                to, pace, patience, ..
            } => {
                let waited = pace.times(2).plus(patience);
                let (until, fact) = match self.scenario.network.udp {
                    Udp::Answered => {
                        let took = self.round_trip();
                        // What is offered is version 2.
                        let own = self.scenario.network.side_version();
                        let (version, mtu) = (Some(own.min(2)), Some(1232));
                        (
                            took,
                            Fact::UdpAnswered {
                                to,
                                version,
                                mtu,
                                took,
                            },
                        )
                    }
                    Udp::Silent => {
                        let sent = probe::side::TRIES;
                        (waited, Fact::UdpSilent { to, sent, waited })
                    }
                    Udp::Refused | Udp::Forbidden => {
                        let v6 = to.is_ipv6();
                        let forbids = self.scenario.network.udp == Udp::Forbidden;
                        let (kind, code) = match (forbids, v6) {
                            (false, false) => (3, 3),
                            (false, true) => (1, 4),
                            (true, false) => (3, 13),
                            (true, true) => (1, 1),
                        };
                        let router = if v6 {
                            IpAddr::from([0xfd99, 1, 0, 0, 0, 0, 0, 1])
                        } else {
                            IpAddr::from([10, 99, 1, 1])
                        };
                        let icmp = IcmpError {
                            v6,
                            kind,
                            code,
                            from: Some(if forbids { router } else { to.ip() }),
                        };
                        (self.round_trip(), Fact::UdpUnreachable { to, icmp })
                    }
                };
                Running::Waits {
                    until: now.plus(until),
                    tells: Some((probe::side::PLACE, fact)),
                }
            }
            Look::Knock { to, patience } => {
                let (took, opened) = match self.scenario.network.other_ports {
                    OtherPorts::Open => (self.round_trip(), Some(true)),
                    OtherPorts::Refused => (self.round_trip(), Some(false)),
                    OtherPorts::Silent => (patience, None),
                };
                let fact = opened.map(|opened| Fact::OtherPortAnswered { to, opened });
                Running::Waits {
                    until: now.plus(took),
                    tells: fact.map(|fact| (Place::host(Phase::Reach), fact)),
                }
            }
        };
        self.running.insert(id, running);
    }

    fn resolves(&mut self, now: Micros, name: HostName, patience: Micros) -> Running {
        let resolver = self.scenario.network.resolver;
        let took = Micros::from_millis(resolver.took_ms).plus(Micros(self.chance.below(900)));
        let via = Resolver::System;
        let fact = match resolver.failure {
            _ if took > patience => Fact::NameNotResolved {
                name,
                why: model::NameFailure::Timeout,
                via,
                took: patience,
            },
            Some(why) => Fact::NameNotResolved {
                name,
                why,
                via,
                took,
            },
            None => Fact::NameResolved {
                name,
                addresses: self.addresses.clone(),
                via,
                took,
            },
        };
        Running::Waits {
            until: now.plus(took.min(patience)),
            tells: Some((Place::host(Phase::Resolve), fact)),
        }
    }

    fn opens(&mut self, now: Micros, ascent: Box<Ascent>) -> Running {
        let to = ascent.to;
        let index = self
            .addresses
            .iter()
            .position(|address| *address == to.ip());
        let draw = self.chance.draw();
        let network = &self.scenario.network;
        let syn = index.map_or(Syn::Silent, |index| {
            network.syn(index, self.opened.saturating_add(1), draw)
        });
        let took = self.round_trip();
        let icmp = index
            .and_then(|index| network.address.get(index))
            .and_then(|address| address.icmp)
            .map(|icmp| IcmpError {
                v6: to.is_ipv6(),
                kind: icmp.kind,
                code: icmp.code,
                from: Some(icmp.from.unwrap_or(to.ip())),
            });
        let reach = Place::host(Phase::Reach);
        let (until, place, fact) = match syn {
            Syn::Open => {
                self.opened = self.opened.saturating_add(1);
                let number = self.opened;
                let late = index.and_then(|index| network.address.get(index));
                let took = took.plus(Micros::from_millis(late.map_or(0, |late| late.late_ms)));
                return Running::Opens {
                    at: now.plus(took),
                    took,
                    number,
                    ascent,
                };
            }
            Syn::Refused => (took, Place::host(Phase::Tcp), Fact::TcpRefused { to, took }),
            Syn::Silent => {
                let waited = ascent.connect_patience;
                (waited, reach, Fact::TcpSilent { to, waited })
            }
            Syn::Unreachable => {
                let os_error = unreachable_error(icmp);
                (
                    took,
                    reach,
                    Fact::TcpUnreachable {
                        to,
                        icmp,
                        os_error,
                        took,
                    },
                )
            }
            Syn::NoRoute => (
                Micros::ZERO,
                reach,
                Fact::NoRoute {
                    to,
                    os_error: os_error::ENETUNREACH,
                },
            ),
            Syn::Forbidden => (
                Micros::ZERO,
                reach,
                Fact::LocallyForbidden {
                    to,
                    os_error: os_error::EACCES,
                },
            ),
        };
        Running::Waits {
            until: now.plus(until),
            tells: Some((place, fact)),
        }
    }

    /// A round trip, as it would be measured.
    fn round_trip(&mut self) -> Micros {
        let link = &self.scenario.link;
        // Even on one machine no two round trips take the same time.
        let jitter = Micros::from_millis(link.jitter_ms).0.saturating_add(80);
        let steady = Micros::from_millis(link.round_trip_ms).plus(ONE_WAY.times(2));
        steady.plus(Micros(self.chance.below(jitter)))
    }

    /// Lets everything happen that is due.
    fn act(&mut self, now: Micros) {
        let due: Vec<LookId> = self
            .running
            .iter()
            .filter(|(_, running)| running.due() <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let Some(running) = self.running.remove(&id) else {
                continue;
            };
            let goes_on = match running {
                Running::Waits { tells, .. } => {
                    if let Some((place, fact)) = tells {
                        self.case.record(id, now, place, fact);
                    }
                    None
                }
                Running::Opens {
                    took,
                    number,
                    ascent,
                    ..
                } => self.talk(now, id, took, number, *ascent),
                Running::Talks(talk) => self.go_on(now, id, talk),
            };
            match goes_on {
                Some(talk) => {
                    self.running.insert(id, Running::Talks(talk));
                }
                None => self.case.end(id, now, AttemptOutcome::Ran),
            }
        }
    }

    fn talk(
        &mut self,
        now: Micros,
        id: LookId,
        took: Micros,
        number: u32,
        ascent: Ascent,
    ) -> Option<Box<Talk>> {
        let opened = Fact::TcpOpened {
            to: ascent.to,
            took,
        };
        self.case.record(id, now, Place::host(Phase::Tcp), opened);
        let talking = self
            .running
            .values()
            .filter(|running| matches!(running, Running::Talks(_)))
            .count();
        let open = u32::try_from(talking).unwrap_or(u32::MAX).saturating_add(1);
        let last = now.plus(ascent.wish.patience.times(LONGEST));
        let line = Line::new(&self.host, &self.scenario.link, ONE_WAY, number, open)
            .in_segments_of(ascent.segments);
        let mut talk = Box::new(Talk {
            conversation: Conversation::new(ascent, self.settings.opened_at),
            line,
            client_due: last,
            line_due: None,
            last,
        });
        let reached = talk.carry(now, server::Net::Opened);
        let asked = talk.conversation.on(now, probe::Net::Opened);
        self.exchange(now, id, &mut talk, asked, reached)
            .then_some(talk)
    }

    fn go_on(&mut self, now: Micros, id: LookId, mut talk: Box<Talk>) -> Option<Box<Talk>> {
        let (mut asked, mut reached) = (Vec::new(), Vec::new());
        if talk.line_due.is_some_and(|due| due <= now) {
            reached = talk.carry(now, server::Net::Time);
        } else {
            asked = talk
                .conversation
                .on(now, probe::Net::Ended(Ending::Silence));
        }
        self.exchange(now, id, &mut talk, asked, reached)
            .then_some(talk)
    }

    /// Does what the client asks for and hands to it what reaches it, until neither has anything left at
    /// this moment; false when the client has closed.
    fn exchange(
        &mut self,
        now: Micros,
        id: LookId,
        talk: &mut Talk,
        mut asked: Vec<probe::Do>,
        reached: Vec<server::Do>,
    ) -> bool {
        let mut reached = VecDeque::from(reached);
        loop {
            for act in asked {
                match act {
                    probe::Do::Send(bytes) => {
                        reached.extend(talk.carry(now, server::Net::Bytes(&bytes)));
                    }
                    probe::Do::Wake(moment) => talk.client_due = moment.min(talk.last),
                    probe::Do::Fact(place, fact) => self.case.record(id, now, place, fact),
                    probe::Do::Judge(chain) => self.judge(now, id, &chain),
                    probe::Do::Broke(why) => self.case.end(id, now, AttemptOutcome::Broke(why)),
                    probe::Do::Close => return false,
                }
            }
            let net = match reached.pop_front() {
                Some(server::Do::Send(bytes)) => {
                    asked = talk.conversation.on(now, probe::Net::Bytes(&bytes));
                    continue;
                }
                Some(server::Do::HalfClose | server::Do::Close) => Ending::Closed,
                Some(server::Do::Reset) => Ending::Reset,
                Some(server::Do::Wake(_)) => {
                    asked = Vec::new();
                    continue;
                }
                None => return true,
            };
            asked = talk.conversation.on(now, probe::Net::Ended(net));
        }
    }

    /// Holds a chain against a trust store, once a case: one without any authority in it.
    fn judge(&mut self, now: Micros, id: LookId, chain: &[Vec<u8>]) {
        let judged = |fact: &Fact| matches!(fact, Fact::CertificateTrust { .. });
        if self
            .case
            .evidence
            .seen
            .iter()
            .any(|seen| judged(&seen.fact))
        {
            return;
        }
        let seconds = i64::try_from(now.as_millis() / 1000).unwrap_or(i64::MAX);
        let at = UnixSeconds(self.settings.opened_at.0.saturating_add(seconds));
        if let Some(trust) = certificate::trust(chain, at) {
            self.case.record(
                id,
                now,
                Place::host(Phase::Secure),
                Fact::CertificateTrust { trust },
            );
        }
    }
}

impl Talk {
    /// Hands something to the line, and notes when it wants to be asked again.
    fn carry(&mut self, now: Micros, net: server::Net<'_>) -> Vec<server::Do> {
        let mut reached = self.line.on(now, net);
        self.line_due = None;
        reached.retain(|step| match step {
            server::Do::Wake(at) => {
                self.line_due = Some(*at);
                false
            }
            _ => true,
        });
        reached
    }
}

/// What the network stack of Linux makes of an ICMP error.
fn unreachable_error(icmp: Option<IcmpError>) -> i32 {
    match icmp.map(|icmp| (icmp.v6, icmp.kind, icmp.code)) {
        Some((false, 3, 0 | 6 | 9 | 11) | (true, 1, 0)) => os_error::ENETUNREACH,
        Some((false, 3, 3) | (true, 1, 4)) => os_error::ECONNREFUSED,
        _ => os_error::EHOSTUNREACH,
    }
}
