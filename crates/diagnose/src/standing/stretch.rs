//! One stretch of road: how each rung went, told from all connections on it that behave as the client does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use model::codes::{NegFailure, Protocols};
use model::fact::{GatewayWay, KdcQuestion};
use model::{
    Fact, FactKind, Intent, Leg, Micros, Observation, Phase, Place, Resolver, Service, Target,
};

use super::climb::{Climb, climb, forget_fall_backs, forget_newer_ways};
use crate::diagnosis::{Rung, RungOutcome};
use crate::index::Index;
use crate::names;
use crate::rung_words::{
    authenticate_words, endpoint_words, gateway_words, list, name_failure, name_server,
    secure_words, server_failure, set_up_words,
};

/// One stretch of road with all that was seen on it.
pub(super) struct Stretch<'e> {
    pub(super) leg: Leg,
    seen: Vec<&'e Observation>,
    pub(super) climbs: Vec<Climb<'e>>,
    /// What was chosen and refused on any connection, whatever it was for.
    supported: Protocols,
    nla_required: bool,
}

impl<'e> Stretch<'e> {
    pub(super) fn of(index: &Index<'e>, leg: Leg) -> Self {
        let on_leg = |observation: &Observation| {
            observation
                .place
                .map_or(leg == Leg::Host, |place| place.leg == leg)
        };
        let mut seen = Vec::new();
        let mut climbs = Vec::new();
        let mut supported = Protocols::RDP;
        let mut nla_required = false;
        for (intent, connection) in index.connections() {
            let here: Vec<&Observation> = connection
                .iter()
                .copied()
                .filter(|observation| on_leg(observation))
                .collect();
            for observation in &here {
                match &observation.fact {
                    Fact::NegotiationChosen { chosen, .. } => supported |= *chosen,
                    Fact::NegotiationRefused { code, .. } => {
                        nla_required |= *code == NegFailure::HYBRID_REQUIRED_BY_SERVER;
                    }
                    _ => {}
                }
            }
            if intent == Intent::AsClient {
                let climb = climb(&here);
                if climb.failed.is_some() || !climb.passed.is_empty() {
                    climbs.push(climb);
                }
            }
            seen.extend(here);
        }
        forget_fall_backs(&mut climbs);
        forget_newer_ways(&mut climbs);
        // That a server asks for a logon tells no more once one was tried.
        if climbs.iter().any(|climb| climb.tried_logon) {
            for climb in climbs.iter_mut().filter(|climb| !climb.tried_logon) {
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
            }
        }
        Self {
            leg,
            seen,
            climbs,
            supported,
            nla_required,
        }
    }

    pub(super) fn is_untouched(&self) -> bool {
        self.seen.is_empty()
    }

    /// Clients take a gateway's certificate as it is or not at all: nobody is asked. Whether its issuer is trusted
    /// depends on the machine.
    pub(super) fn judge_certificate(&self, rung: &mut Rung, target: &Target) {
        let secure = (self.leg, rung.place.phase) == (Leg::Gateway, Phase::Secure);
        if !secure || rung.outcome != RungOutcome::Passed {
            return;
        }
        let name = target.gateway.as_ref().map(|gateway| gateway.folded());
        for observation in &self.seen {
            let (outcome, says) = match &observation.fact {
                Fact::CertificateSeen {
                    certificate,
                    seen_at,
                } if certificate.not_after < *seen_at || certificate.not_before > *seen_at => {
                    (RungOutcome::Failed, "its certificate is out of its time")
                }
                Fact::CertificateSeen { certificate, .. }
                    if name
                        .as_deref()
                        .and_then(|name| names::covers(certificate, name))
                        == Some(false) =>
                {
                    (RungOutcome::Failed, "its certificate is for another name")
                }
                Fact::CertificateSeen { certificate, .. } if !names::may_serve(certificate) => {
                    (RungOutcome::Failed, "its certificate is not for servers")
                }
                Fact::CertificateTrust { trust } if *trust != model::Trust::Trusted => (
                    RungOutcome::Warned,
                    "its certificate is not trusted by this machine",
                ),
                _ => continue,
            };
            if rung.outcome != RungOutcome::Failed {
                rung.outcome = outcome;
                rung.says = says.to_owned();
            }
        }
    }

    pub(super) fn rung(&self, phase: Phase, target: &Target) -> Rung {
        match phase {
            Phase::Resolve => self.resolve(),
            Phase::Reach => self.reach(target),
            Phase::Tcp => self.tcp(target),
            _ => self.climbed(phase),
        }
    }

    fn make(&self, phase: Phase, outcome: RungOutcome, says: impl Into<String>) -> Rung {
        Rung {
            place: Place {
                leg: self.leg,
                phase,
            },
            outcome,
            started: None,
            took: None,
            says: says.into(),
        }
    }

    fn resolve(&self) -> Rung {
        let mut resolved: Option<(&Observation, &[IpAddr], Micros)> = None;
        let mut failed: Option<(&Observation, String, Micros)> = None;
        // A client asks the system's resolver; another's answer tells only where that one was not asked.
        let asked_system = self.seen.iter().any(|observation| {
            let (Fact::NameResolved { via, .. } | Fact::NameNotResolved { via, .. }) =
                &observation.fact
            else {
                return false;
            };
            *via == Resolver::System
        });
        let counts = |via: &Resolver| *via == Resolver::System || !asked_system;
        for observation in &self.seen {
            match &observation.fact {
                Fact::AddressGiven { .. } => {
                    return self.make(
                        Phase::Resolve,
                        RungOutcome::Passed,
                        "an address, nothing to look up",
                    );
                }
                Fact::NameResolved {
                    addresses,
                    via,
                    took,
                    ..
                } if counts(via) => resolved = resolved.or(Some((observation, addresses, *took))),
                Fact::NameNotResolved { why, via, took, .. } if counts(via) => {
                    failed = failed.or(Some((observation, name_failure(*why).to_owned(), *took)));
                }
                _ => {}
            }
        }
        let elsewhere = if asked_system {
            self.name_servers(resolved.map(|(_, addresses, _)| addresses))
        } else {
            String::new()
        };
        let timed = |mut rung: Rung, observation: &Observation, took: Micros| {
            rung.took = Some(took);
            rung.started = observation.at.map(|at| at.since(took));
            rung
        };
        match (resolved, failed) {
            (Some((observation, addresses, took)), failed) => {
                let outcome = if failed.is_some() {
                    RungOutcome::Warned
                } else {
                    RungOutcome::Passed
                };
                timed(
                    self.make(Phase::Resolve, outcome, list(addresses) + &elsewhere),
                    observation,
                    took,
                )
            }
            (None, Some((observation, why, took))) => timed(
                self.make(Phase::Resolve, RungOutcome::Failed, why + &elsewhere),
                observation,
                took,
            ),
            (None, None) => self.make(Phase::Resolve, RungOutcome::Skipped, "not looked at"),
        }
    }

    /// What name servers that were asked directly say of the name, beside what the system's resolver found.
    fn name_servers(&self, found: Option<&[IpAddr]>) -> String {
        let mut says = String::new();
        let mut told = BTreeSet::new();
        for observation in &self.seen {
            let (server, word) = match &observation.fact {
                Fact::NameResolved {
                    addresses,
                    via: Resolver::Server(server),
                    ..
                } => {
                    let same = found.is_some_and(|found| {
                        found.len() == addresses.len()
                            && found.iter().all(|address| addresses.contains(address))
                    });
                    let word = if same {
                        "says the same".to_owned()
                    } else {
                        format!("says {}", list(addresses))
                    };
                    (server, word)
                }
                Fact::NameNotResolved {
                    why,
                    via: Resolver::Server(server),
                    ..
                } => (server, server_failure(*why).to_owned()),
                _ => continue,
            };
            if told.len() < 3 && told.insert(*server) {
                says += &format!("; the name server {} {word}", name_server(*server));
            }
        }
        says
    }

    /// Something at all came back from the host.
    fn answered(&self) -> bool {
        !self.climbs.is_empty()
            || self.seen.iter().any(|observation| match &observation.fact {
                Fact::TcpOpened { .. }
                | Fact::TcpRefused { .. }
                | Fact::OtherPortAnswered { .. }
                | Fact::NegotiationChosen { .. }
                | Fact::NegotiationRefused { .. }
                | Fact::NegotiationPlain { .. } => true,
                // A filter that says no, and a host that says no, both show that the way is there.
                Fact::TcpUnreachable { to, icmp, .. } => icmp.is_some_and(|icmp| {
                    icmp.is_prohibition()
                        || icmp.from == Some(to.ip())
                        || matches!(
                            (icmp.v6, icmp.kind, icmp.code),
                            (false, 3, 2 | 3) | (true, 1, 4)
                        )
                }),
                _ => false,
            })
    }

    fn reach(&self, target: &Target) -> Rung {
        if self.answered() {
            return self.make(Phase::Reach, RungOutcome::Passed, "the host answers");
        }
        let endings = self.endpoints(target);
        let outcome = if endings.is_empty() {
            RungOutcome::Skipped
        } else {
            RungOutcome::Failed
        };
        let mut rung = self.make(
            Phase::Reach,
            outcome,
            endpoint_words(&endings, target, true),
        );
        self.time_of_endpoints(&mut rung, target);
        rung
    }

    fn tcp(&self, target: &Target) -> Rung {
        let endings = self.endpoints(target);
        let open = endings
            .values()
            .filter(|ending| matches!(ending.fact, Fact::TcpOpened { .. }))
            .count();
        let (outcome, says) = if open == 0 && !self.climbs.is_empty() {
            (RungOutcome::Passed, "open".to_owned())
        } else if endings.is_empty() || !self.answered() {
            (RungOutcome::Skipped, String::new())
        } else if open == 0 {
            (RungOutcome::Failed, endpoint_words(&endings, target, false))
        } else if open == endings.len() && self.opens_now_and_then(target) {
            (
                RungOutcome::Warned,
                "open on some attempts and not on others".to_owned(),
            )
        } else if open == endings.len() {
            (RungOutcome::Passed, "open".to_owned())
        } else {
            (RungOutcome::Warned, endpoint_words(&endings, target, true))
        };
        let mut rung = self.make(Phase::Tcp, outcome, says);
        if rung.outcome != RungOutcome::Skipped {
            self.time_of_endpoints(&mut rung, target);
        }
        rung
    }

    /// The best outcome of each address, on the port that was asked for. An address to which this machine has
    /// no way counts for nothing when another opens.
    fn endpoints(&self, target: &Target) -> BTreeMap<SocketAddr, &'e Observation> {
        let rank = |fact: &Fact| match fact {
            Fact::TcpOpened { .. } => 0,
            Fact::TcpRefused { .. } => 1,
            Fact::TcpUnreachable { .. } => 2,
            Fact::LocallyForbidden { .. } | Fact::NoRoute { .. } => 3,
            _ => 4,
        };
        let mut best: BTreeMap<SocketAddr, &Observation> = BTreeMap::new();
        for &observation in &self.seen {
            let to = match &observation.fact {
                Fact::TcpOpened { to, .. }
                | Fact::TcpRefused { to, .. }
                | Fact::TcpUnreachable { to, .. }
                | Fact::TcpSilent { to, .. }
                | Fact::NoRoute { to, .. }
                | Fact::LocallyForbidden { to, .. } => *to,
                _ => continue,
            };
            if self.leg == Leg::Host && to.port() != target.port {
                continue;
            }
            let known = best.entry(to).or_insert(observation);
            if rank(&observation.fact) < rank(&known.fact) {
                *known = observation;
            }
        }
        if best
            .values()
            .any(|ending| matches!(ending.fact, Fact::TcpOpened { .. }))
        {
            best.retain(|_, ending| !matches!(ending.fact, Fact::NoRoute { .. }));
        }
        best
    }

    /// An address that opens did not on another attempt.
    fn opens_now_and_then(&self, target: &Target) -> bool {
        let endpoints = self.endpoints(target);
        self.seen.iter().any(|observation| {
            matches!(
                &observation.fact,
                Fact::TcpSilent { to, .. } | Fact::TcpRefused { to, .. } if endpoints.contains_key(to)
            )
        })
    }

    fn time_of_endpoints(&self, rung: &mut Rung, target: &Target) {
        let took = |fact: &Fact| match fact {
            Fact::TcpOpened { took, .. }
            | Fact::TcpRefused { took, .. }
            | Fact::TcpUnreachable { took, .. } => Some(*took),
            Fact::TcpSilent { waited, .. } => Some(*waited),
            _ => None,
        };
        let decisive = self
            .endpoints(target)
            .into_values()
            .min_by_key(|observation| {
                (
                    !matches!(observation.fact, Fact::TcpOpened { .. }),
                    took(&observation.fact),
                )
            });
        if let Some(observation) = decisive {
            rung.took = took(&observation.fact);
            rung.started = observation
                .at
                .zip(rung.took)
                .map(|(at, took)| at.since(took));
        }
    }

    /// A rung above TCP.
    fn climbed(&self, phase: Phase) -> Rung {
        let passed: Vec<&Climb> = self
            .climbs
            .iter()
            .filter(|climb| climb.passed.contains(&phase))
            .collect();
        let failed: Vec<(&Climb, &String)> = self
            .climbs
            .iter()
            .filter_map(|climb| match &climb.failed {
                Some((at, says)) if *at == phase => Some((climb, says)),
                _ => None,
            })
            .collect();
        let all = passed.len() + failed.len();
        let mut rung = match (passed.first(), failed.first()) {
            (None, None) => return self.make(phase, RungOutcome::Skipped, self.why_skipped(phase)),
            (Some(climb), None) => {
                self.make(phase, RungOutcome::Passed, self.passed_words(phase, climb))
            }
            (None, Some((_, says))) => {
                let says = if failed.len() > 1 {
                    format!("{says} ({0} of {0})", failed.len())
                } else {
                    (*says).clone()
                };
                self.make(phase, RungOutcome::Failed, says)
            }
            (Some(through), Some((not, says))) => {
                let says = match (way_in(through), way_in(not)) {
                    // They are no tries of one and the same.
                    (Some(led), Some(other)) if phase == Phase::Tunnel && led != other => {
                        let open = self.passed_words(phase, through);
                        format!("{open} by {}; {} {says}", led.says(), other.says())
                    }
                    _ => format!("{} of {all} failed: {says}", failed.len()),
                };
                self.make(phase, RungOutcome::Warned, says)
            }
        };
        // One that only looks met that vary something may meet the client next.
        if let (Phase::Negotiate, RungOutcome::Passed, Leg::Host, Some(service)) =
            (phase, rung.outcome, self.leg, self.other_service())
        {
            rung.outcome = RungOutcome::Warned;
            rung.says += &format!("; {} answered another connection", service.says());
        }
        let timed = failed
            .first()
            .map(|(climb, _)| *climb)
            .filter(|_| passed.is_empty())
            .or(passed.first().copied());
        if let Some(climb) = timed {
            (rung.started, rung.took) = times(phase, &climb.seen);
        }
        rung
    }

    /// A service that was recognised and is no Remote Desktop.
    fn other_service(&self) -> Option<Service> {
        self.seen
            .iter()
            .find_map(|observation| match &observation.fact {
                Fact::OtherServiceAnswered { service, .. } if *service != Service::Unknown => {
                    Some(*service)
                }
                _ => None,
            })
    }

    fn why_skipped(&self, phase: Phase) -> &'static str {
        let chosen: Vec<Protocols> = self
            .climbs
            .iter()
            .filter_map(|climb| climb.chosen)
            .collect();
        match phase {
            Phase::Secure if !chosen.is_empty() && chosen.iter().all(|c| *c == Protocols::RDP) => {
                "RDP security instead of TLS"
            }
            Phase::Authenticate if !chosen.is_empty() && chosen.iter().all(|c| !c.has_nla()) => {
                "no NLA: the server asks for a logon later"
            }
            _ => "",
        }
    }

    fn passed_words(&self, phase: Phase, climb: &Climb<'_>) -> String {
        match phase {
            Phase::Negotiate if self.leg == Leg::Proxy => "connects to the host".to_owned(),
            Phase::Negotiate => match climb.chosen {
                None => "confirmed without a word on security".to_owned(),
                Some(chosen) if chosen.has_nla() && self.nla_required => {
                    "NLA; NLA is required".to_owned()
                }
                Some(chosen) if chosen.has_nla() && self.supported.has(Protocols::TLS) => {
                    "NLA or TLS".to_owned()
                }
                Some(chosen) if chosen.has_nla() => "NLA".to_owned(),
                Some(chosen) => chosen.to_string(),
            },
            Phase::Secure => secure_words(&climb.seen),
            Phase::Authenticate if self.leg == Leg::Gateway => gateway_words(&climb.seen),
            Phase::Authenticate => authenticate_words(&climb.seen),
            Phase::Tunnel => "open to the host".to_owned(),
            _ => set_up_words(phase, &climb.seen),
        }
    }
}

/// When a rung above TCP was begun and how long it took.
fn times(phase: Phase, seen: &[&Observation]) -> (Option<Micros>, Option<Micros>) {
    let at = |judge: &dyn Fn(&Fact) -> bool| {
        seen.iter()
            .find(|observation| judge(&observation.fact))
            .and_then(|observation| observation.at)
    };
    // The rungs of the set-up follow each other without a pause.
    let set_up = [
        Phase::Secure,
        Phase::Authenticate,
        Phase::Settings,
        Phase::License,
        Phase::Activate,
        Phase::Session,
    ];
    let started = match phase {
        Phase::Negotiate => at(&|fact| fact.kind() == FactKind::NegotiationOffered),
        Phase::Secure => at(&|fact| fact.kind() == FactKind::TlsOffered),
        Phase::Authenticate => at(&|fact| fact.kind() == FactKind::CredSspOffered),
        phase => set_up
            .iter()
            .rev()
            .filter(|before| **before < phase)
            .find_map(|before| at(&|fact| passes(*before, fact)))
            .or_else(|| at(&|fact| passes(Phase::Negotiate, fact))),
    };
    let ended = at(&|fact| passes(phase, fact))
        .or_else(|| at(&|fact| phase == Phase::Authenticate && is_challenge(fact)))
        .or_else(|| at(&|fact| is_end(fact)));
    let took = started
        .zip(ended)
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| to.since(from));
    (started, took)
}

/// The fact is the last of its rung, whether it was passed or not.
fn passes(phase: Phase, fact: &Fact) -> bool {
    match fact {
        Fact::NegotiationChosen { .. }
        | Fact::NegotiationPlain { .. }
        | Fact::NegotiationRefused { .. }
        | Fact::OtherServiceAnswered { .. } => phase == Phase::Negotiate,
        Fact::TlsEstablished { .. }
        | Fact::ServerFlightSeen { .. }
        | Fact::TlsAlerted { .. }
        | Fact::TlsRejected { .. }
        | Fact::NotTls { .. } => phase == Phase::Secure,
        Fact::LogonAccepted { .. } | Fact::CredSspRefused { .. } => phase == Phase::Authenticate,
        Fact::TicketAnswered {
            asked: KdcQuestion::User,
            error: Some(error),
            ..
        } => phase == Phase::Authenticate && error.ends_logon(),
        Fact::ChannelsJoined { .. } | Fact::ChannelRefused { .. } => phase == Phase::Settings,
        Fact::SettingsAnswered {
            result,
            encryption_method,
            ..
        } => phase == Phase::Settings && (*result != 0 || *encryption_method != 0),
        Fact::LicenseAnswered { .. } => phase == Phase::License,
        Fact::CapabilitiesOffered { .. } => phase == Phase::Activate,
        Fact::SessionRan { .. } | Fact::ServerRedirected { .. } => phase == Phase::Session,
        _ => false,
    }
}

const fn is_challenge(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::NtlmChallenged { .. } | Fact::CredSspAnswered { .. } | Fact::LogonNegotiated { .. }
    )
}

const fn is_end(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Ended { .. } | Fact::ErrorInfoSent { .. } | Fact::ServerDisconnected { .. }
    )
}

/// The way into a gateway that was taken, where it is one of its own: the second channel is part of the first.
fn way_in(climb: &Climb<'_>) -> Option<GatewayWay> {
    climb.seen.iter().find_map(|seen| match seen.fact {
        Fact::GatewayAnswered { way, .. }
            if !matches!(way, GatewayWay::HttpIn | GatewayWay::RpcIn) =>
        {
            Some(way)
        }
        _ => None,
    })
}
