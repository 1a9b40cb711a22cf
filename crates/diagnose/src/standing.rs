//! Where the client stands on the ladder: how each rung went, told from the looks that behave as it does.
//! It is long because the words for each rung stand beside the judgement they tell of.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use model::codes::error_info::ERRORINFO;
use model::codes::wire_results::{LICENSE_ERROR, LOGON_ERROR_DATA, MCS_DISCONNECT_ULTIMATUM};
use model::codes::{NegFailure, Protocols, TlsAlert, Topic, numbered};
use model::fact::GatewayStep;
use model::{
    AttemptOutcome, Ending, Evidence, Fact, FactKind, Intent, Leg, Message, Micros, Observation,
    Phase, Place, Resolver, Source, Target,
};

use crate::diagnosis::{NotChecked, Rung, RungOutcome};
use crate::index::Index;
use crate::names;
use crate::rung_words::{
    authenticate_words, endpoint_words, gateway_words, list, name_failure, name_server,
    secure_words, set_up_words,
};
use crate::view::{answer, is_licensed, offers_side_transport, refused_on_the_way};
use crate::words::{self, span};

/// ERROR_BAD_ARGUMENTS of a gateway: the host ended its connection without warning ([MS-TSGU] 2.2.6.1).
const HOST_ENDED: u32 = 0x0000_00A0;
/// LOGON_FAILED_OTHER: what is behind it is a warning ([MS-RDPBCGR] 2.2.10.1.1.4.1.1).
const LOGON_FAILED_OTHER: u32 = 2;

/// The ladder as far as it was climbed.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) rungs: Vec<Rung>,
    pub(crate) not_checked: Vec<NotChecked>,
    /// Client and server agreed on RDP's own security: there is no TLS to be seen.
    without_tls: bool,
}

impl Standing {
    /// The last rung that was passed.
    pub(crate) fn reached(&self) -> Option<Place> {
        let stop = self.stopped_at();
        self.rungs
            .iter()
            .take_while(|rung| Some(rung.place) != stop)
            .filter(|rung| rung.place.leg != Leg::Side)
            .filter(|rung| matches!(rung.outcome, RungOutcome::Passed | RungOutcome::Warned))
            .map(|rung| rung.place)
            .last()
    }

    /// The rung on which the client fails.
    pub(crate) fn stopped_at(&self) -> Option<Place> {
        self.rungs
            .iter()
            .find(|rung| rung.outcome == RungOutcome::Failed)
            .map(|rung| rung.place)
    }

    /// How the rung went, when it was looked at.
    pub(crate) fn outcome(&self, place: Place) -> Option<RungOutcome> {
        self.rungs
            .iter()
            .find(|rung| rung.place == place)
            .map(|rung| rung.outcome)
    }

    /// The connection got as far as a client without credentials can get.
    pub(crate) fn arrived(&self) -> bool {
        self.reached().is_some_and(|place| {
            place.leg == Leg::Host
                && (place.phase >= Phase::Secure
                    || (place.phase == Phase::Negotiate && self.without_tls))
        })
    }
}

/// Climbs the ladder with the evidence.
pub(crate) fn stand(index: &Index<'_>) -> Standing {
    let target = &index.evidence.target;
    let mut rungs = Vec::new();
    let mut not_checked = Vec::new();
    let mut ended = false;
    let mut without_tls = false;
    for leg in Leg::ALL {
        let phases: Vec<Phase> = target
            .ladder()
            .into_iter()
            .filter(|place| place.leg == *leg)
            .map(|place| place.phase)
            .collect();
        if phases.is_empty() {
            continue;
        }
        let leg = Stretch::of(index, *leg);
        if leg.is_untouched() && leg.leg != Leg::Host {
            not_checked.push(NotChecked {
                what: leg.leg.slug().to_owned(),
                why: "it was not looked at: the host was tried directly".to_owned(),
            });
            continue;
        }
        // Behind a gateway that was not passed, there is nothing to be said of the host.
        if leg.is_untouched() && target.gateway.is_some() && !rungs.is_empty() {
            if !ended {
                not_checked.push(NotChecked {
                    what: "the host".to_owned(),
                    why: "it lies behind the gateway, and no user for the gateway was given (--gateway-user)"
                        .to_owned(),
                });
            }
            continue;
        }
        without_tls |= leg.leg == Leg::Host
            && leg
                .climbs
                .iter()
                .any(|climb| climb.chosen == Some(Protocols::RDP));
        for phase in phases {
            let mut rung = leg.rung(phase, target);
            leg.judge_certificate(&mut rung, target);
            if ended {
                if rung.outcome == RungOutcome::Skipped {
                    rung.outcome = RungOutcome::NotReached;
                    rung.says.clear();
                }
            } else if rung.outcome == RungOutcome::Failed {
                ended = true;
            }
            // Later rungs that nobody asked for are no part of the picture.
            let asked_for = phase <= Phase::Authenticate
                || !matches!(rung.outcome, RungOutcome::Skipped | RungOutcome::NotReached);
            if asked_for {
                rungs.push(rung);
            }
        }
    }
    rungs.extend(side(index));
    not_checked.extend(unlooked(index.evidence, &rungs));
    Standing {
        rungs,
        not_checked,
        without_tls,
    }
}

/// The side transport over UDP, when we asked for it: beside the ladder, because a session lives without it. That
/// a host has none is no fault; that one which should answer does not is worth a word.
fn side(index: &Index<'_>) -> Option<Rung> {
    let ours = |kind: FactKind| {
        index
            .of_kind(kind)
            .find(|observation| observation.source == Source::Probe)
    };
    let expected = || {
        index
            .of_kind(FactKind::NtlmChallenged)
            .any(|observation| offers_side_transport(&observation.fact))
    };
    let observation = ours(FactKind::UdpAnswered)
        .or_else(|| ours(FactKind::UdpUnreachable))
        .or_else(|| ours(FactKind::UdpSilent))?;
    let (outcome, took, says) = match &observation.fact {
        Fact::UdpAnswered {
            version, mtu, took, ..
        } => {
            let version = match version {
                Some(0x0101) => "version 3".to_owned(),
                Some(version) => format!("version {version}"),
                None => "answers".to_owned(),
            };
            let mtu = mtu.map_or_else(String::new, |mtu| format!(", datagrams of {mtu} bytes"));
            (RungOutcome::Passed, *took, format!("{version}{mtu}"))
        }
        fact @ Fact::UdpUnreachable { icmp, .. } if refused_on_the_way(fact) => (
            RungOutcome::Warned,
            Micros::ZERO,
            format!("{}: sessions run over TCP alone", icmp.says()),
        ),
        Fact::UdpSilent { to, waited, .. } if expected() => (
            RungOutcome::Warned,
            *waited,
            format!(
                "no answer on {}/udp: sessions run over TCP alone",
                to.port()
            ),
        ),
        Fact::UdpSilent { waited, .. } => (
            RungOutcome::Skipped,
            *waited,
            "no answer: sessions run over TCP".to_owned(),
        ),
        _ => (
            RungOutcome::Skipped,
            Micros::ZERO,
            "not offered: sessions run over TCP".to_owned(),
        ),
    };
    let took = (took > Micros::ZERO).then_some(took);
    Some(Rung {
        place: observation.place?,
        outcome,
        started: observation.at.zip(took).map(|(at, took)| at.since(took)),
        took,
        says,
    })
}

/// What nobody looked at, and what it would take.
fn unlooked(evidence: &Evidence, rungs: &[Rung]) -> Vec<NotChecked> {
    let mut missing = Vec::new();
    let mut say = |what: &str, why: &str| {
        missing.push(NotChecked {
            what: what.to_owned(),
            why: why.to_owned(),
        });
    };
    let recorded = !evidence.tried.is_empty()
        && evidence
            .tried
            .iter()
            .all(|attempt| attempt.probe == "capture");
    let later = rungs
        .iter()
        .any(|rung| rung.place.phase > Phase::Authenticate);
    let seen = |kind: FactKind| evidence.seen.iter().any(|seen| seen.fact.kind() == kind);
    let accepted = seen(FactKind::LogonAccepted);
    // A logon was tried, and how it ended is told.
    let refused = evidence
        .tried
        .iter()
        .any(|attempt| attempt.probe == "logon" && attempt.outcome == AttemptOutcome::Ran);
    let encrypted = evidence
        .seen
        .iter()
        .any(|seen| seen.fact.kind() == FactKind::TlsEstablished);
    if recorded {
        if !later && encrypted {
            say(
                "logon",
                "it is encrypted; with its keys, --keylog FILE reads it",
            );
        }
    } else if accepted {
        if !later {
            say("session", "--to desktop goes on to it");
        }
    } else if refused && seen(FactKind::SessionRan) && !seen(FactKind::LogonNotified) {
        say(
            "logon",
            "the server takes it inside the session and did not say how it ended",
        );
    } else if !refused && (!later || seen(FactKind::SettingsAnswered)) {
        say("logon", "no user was given");
    }
    for attempt in &evidence.tried {
        if let (AttemptOutcome::Broke(why), "logon" | "desktop") =
            (&attempt.outcome, attempt.probe.as_str())
        {
            say("the rest", why);
        }
    }
    if !evidence
        .seen
        .iter()
        .any(|seen| seen.place.is_some_and(|place| place.leg == Leg::Side))
    {
        say(
            "RDP-UDP",
            if recorded {
                "none was recorded"
            } else {
                "only TCP was looked at"
            },
        );
    }
    if evidence.interrupted {
        say("the rest", "the run was interrupted");
    }
    missing
}

/// What was seen of one connection, as far as it tells how high it climbed.
#[derive(Debug)]
struct Climb<'e> {
    seen: Vec<&'e Observation>,
    chosen: Option<Protocols>,
    passed: Vec<Phase>,
    failed: Option<(Phase, String)>,
    /// A user's logon was tried on it.
    tried_logon: bool,
}

/// One stretch of road with all that was seen on it.
struct Stretch<'e> {
    leg: Leg,
    seen: Vec<&'e Observation>,
    climbs: Vec<Climb<'e>>,
    /// What was chosen and refused on any connection, whatever it was for.
    supported: Protocols,
    nla_required: bool,
}

impl<'e> Stretch<'e> {
    fn of(index: &Index<'e>, leg: Leg) -> Self {
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

    fn is_untouched(&self) -> bool {
        self.seen.is_empty()
    }

    /// Clients take a gateway's certificate as it is or not at all: nobody is asked. Whether its issuer is trusted
    /// depends on the machine.
    fn judge_certificate(&self, rung: &mut Rung, target: &Target) {
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

    fn rung(&self, phase: Phase, target: &Target) -> Rung {
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
                        "the same".to_owned()
                    } else {
                        list(addresses)
                    };
                    (server, word)
                }
                Fact::NameNotResolved {
                    why,
                    via: Resolver::Server(server),
                    ..
                } => (server, name_failure(*why).to_owned()),
                _ => continue,
            };
            if told.len() < 3 && told.insert(*server) {
                says += &format!("; {}: {word}", name_server(*server));
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
            (Some(_), Some((_, says))) => self.make(
                phase,
                RungOutcome::Warned,
                format!("{} of {all} failed: {says}", failed.len()),
            ),
        };
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

/// A client whose logon failed may try once more without NLA. That this is refused is a consequence.
fn forget_fall_backs(climbs: &mut Vec<Climb<'_>>) {
    let logon_failed = climbs
        .iter()
        .any(|climb| matches!(climb.failed, Some((Phase::Authenticate, _))));
    if logon_failed {
        climbs.retain(|climb| {
            !climb.seen.iter().any(|observation| {
                matches!(&observation.fact, Fact::NegotiationRefused { offered, code }
                    if *code == NegFailure::HYBRID_REQUIRED_BY_SERVER && !offered.is_some_and(Protocols::has_nla))
            })
        });
    }
}

/// How far this connection got, and how it failed.
fn climb<'e>(seen: &[&'e Observation]) -> Climb<'e> {
    let mut climb = Climb {
        seen: seen.to_vec(),
        chosen: None,
        passed: Vec::new(),
        failed: None,
        tried_logon: false,
    };
    let mut challenged = false;
    let mut ending = None;
    let mut refused_inside = false;
    for observation in seen {
        match &observation.fact {
            Fact::NegotiationChosen {
                offered, chosen, ..
            } => {
                climb.chosen = Some(*chosen);
                let offered = offered.unwrap_or(Protocols::RDP);
                if offered.has(*chosen) {
                    climb.pass(Phase::Negotiate);
                } else {
                    climb.fail(
                        Phase::Negotiate,
                        format!("chose {chosen}, which was not offered"),
                    );
                }
            }
            Fact::NegotiationPlain { .. } => {
                climb.chosen = Some(Protocols::RDP);
                climb.pass(Phase::Negotiate);
            }
            Fact::NegotiationRefused { code, .. } => climb.fail(
                Phase::Negotiate,
                format!(
                    "refused: {}",
                    code.says()
                        .map_or_else(|| format!("code {code}"), str::to_owned)
                ),
            ),
            Fact::OtherServiceAnswered { service, .. } => {
                // Where a gateway was expected, there is no negotiation.
                let gateway = observation
                    .place
                    .is_some_and(|place| place.leg == Leg::Gateway);
                let phase = if gateway {
                    Phase::Tunnel
                } else {
                    Phase::Negotiate
                };
                climb.fail(phase, format!("{} answered", service.says()));
            }
            Fact::ProxyConnected { .. } => climb.pass(Phase::Negotiate),
            Fact::GatewayAnswered { .. } => gateway_answered(&mut climb, &observation.fact),
            Fact::GatewayTakesNoPassword { offers } => {
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(
                    Phase::Authenticate,
                    format!("takes no password to log on, but {}", offers.join(", ")),
                );
            }
            Fact::GatewayStepped {
                step: GatewayStep::Channel,
                code: 0,
                ..
            } => climb.pass(Phase::Tunnel),
            Fact::GatewayStepped { code: 0, .. } => {}
            // The host ended the connection behind the gateway: its own rungs tell how far it came.
            Fact::GatewayStepped {
                step: GatewayStep::Close,
                code: HOST_ENDED,
                ..
            } => {}
            Fact::GatewayStepped { step, code, .. } => {
                // What ends a session that was open is told where it was.
                let phase = observation.place.map_or(Phase::Tunnel, |place| place.phase);
                climb.passed.retain(|passed| *passed != phase);
                climb.fail(
                    phase,
                    format!("{} ended with {}", step.says(), words::gateway_code(*code)),
                );
            }
            Fact::ProxyRefused { asked, answer, .. } => climb.fail(
                Phase::Negotiate,
                format!("the proxy refused to connect to {} ({answer})", asked.0),
            ),
            Fact::Unreadable { message, .. } => climb.fail(
                phase_of(*message),
                "an answer that is no RDP message".to_owned(),
            ),
            Fact::TlsEstablished { .. } | Fact::ServerFlightSeen { .. } => {
                climb.pass(Phase::Secure);
            }
            Fact::TlsAlerted { alert, after } if *alert != TlsAlert::CLOSE_NOTIFY => climb.fail(
                Phase::Secure,
                format!("TLS alert {alert} after {}", words::message(*after)),
            ),
            Fact::TlsRejected { alert, .. } => climb.fail(
                Phase::Secure,
                format!("its TLS cannot be accepted (alert {alert})"),
            ),
            Fact::NotTls { .. } => climb.fail(
                Phase::Secure,
                "agreed to TLS and sent something else".to_owned(),
            ),
            Fact::NtlmChallenged { .. } | Fact::CredSspAnswered { .. } => {
                challenged = true;
                climb.pass(Phase::Authenticate);
            }
            Fact::LogonAccepted { .. } => {
                climb.tried_logon = true;
                climb.pass(Phase::Authenticate);
            }
            Fact::LogonAuthorized { result } if *result != 0 => {
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(
                    Phase::Authenticate,
                    "the password is right, and the user may not connect".to_owned(),
                );
            }
            Fact::SettingsAnswered { result, .. } if *result != 0 => climb.fail(
                Phase::Settings,
                format!("the settings were refused with MCS result {result}"),
            ),
            Fact::SettingsAnswered {
                encryption_method, ..
            } if *encryption_method != 0 => climb.pass(Phase::Settings),
            Fact::ChannelRefused { channel, result } => {
                let what = channel.map_or_else(
                    || "the user".to_owned(),
                    |channel| format!("channel {channel}"),
                );
                climb.fail(
                    Phase::Settings,
                    format!("{what} was refused with MCS result {result}"),
                );
            }
            Fact::ChannelsJoined { .. } => climb.pass(Phase::Settings),
            Fact::LicenseAnswered { error, .. } if is_licensed(*error) => {
                climb.pass(Phase::License);
            }
            Fact::LicenseAnswered { error, .. } => climb.fail(
                Phase::License,
                format!(
                    "refused: {}",
                    words::coded(LICENSE_ERROR, error.unwrap_or_default())
                ),
            ),
            Fact::CapabilitiesOffered { .. } => climb.pass(Phase::License),
            Fact::ServerRedirected { .. } => {
                for phase in [Phase::Settings, Phase::Session] {
                    climb.pass(phase);
                }
            }
            Fact::ErrorInfoSent { code } => climb.ended_with(*code),
            Fact::LogonNotified {
                kind: Some(_),
                about,
            } if *about <= LOGON_FAILED_OTHER => {
                climb.passed.retain(|phase| *phase != Phase::Session);
                climb.fail(
                    Phase::Session,
                    format!(
                        "the logon inside the session failed: {}",
                        words::coded(LOGON_ERROR_DATA, *about)
                    ),
                );
            }
            // rn-user-requested: the user took leave, and the server answers.
            Fact::ServerDisconnected { reason, after } if *reason != 3 => {
                let phase = ending_phase(observation, *after, &climb);
                climb.fail(
                    phase,
                    format!(
                        "the server left {}: {}",
                        format_args!("after {}", words::message(*after)),
                        words::coded(MCS_DISCONNECT_ULTIMATUM, u32::from(*reason))
                    ),
                );
            }
            Fact::CredSspRefused { error, .. } => {
                // That the server asked for a logon was only half of it.
                climb.tried_logon |= challenged;
                climb.passed.retain(|phase| *phase != Phase::Authenticate);
                climb.fail(Phase::Authenticate, format!("refused with {error}"));
            }
            Fact::CredSspAnswerTooSmall { .. } => refused_inside = true,
            Fact::SessionRan { .. } => {
                for phase in [
                    Phase::Negotiate,
                    Phase::Secure,
                    Phase::Settings,
                    Phase::Session,
                ] {
                    climb.pass(phase);
                }
                if climb.passed.contains(&Phase::License) {
                    climb.pass(Phase::Activate);
                }
            }
            Fact::Ended { .. } => ending = ending.or(Some(*observation)),
            _ => {}
        }
    }
    if refused_inside && climb.failed.is_none() && !climb.passed.contains(&Phase::Session) {
        climb.failed = Some((
            Phase::Authenticate,
            "the logon was refused; the reason is encrypted".to_owned(),
        ));
        climb.passed.retain(|phase| *phase != Phase::Authenticate);
    }
    // The end of a connection that failed for a reason of its own says nothing more.
    if let Some(observation) = ending
        && let Fact::Ended {
            how,
            after,
            waited,
            partial,
        } = &observation.fact
        && climb.failed.is_none()
    {
        // The answer to a logon is due, so this is how the logon ended.
        if *after == Message::CredSspAuthenticate {
            climb.tried_logon = true;
            climb.passed.retain(|phase| *phase != Phase::Authenticate);
        }
        // A channel through a gateway that broke led nowhere.
        if *after == Message::GatewayPacket {
            climb.passed.retain(|phase| *phase != Phase::Tunnel);
        }
        // So is the answer to the client's information, which is a part of the settings.
        if *after == Message::ClientInformation {
            climb.passed.retain(|phase| *phase != Phase::Settings);
        }
        let phase = ending_phase(observation, *after, &climb);
        if !climb.passed.contains(&phase) {
            climb.failed = Some((phase, ending_words(*how, *after, *waited, *partial)));
        }
    }
    climb
}

/// What the web server of a gateway says is about a logon, or about what stands there.
fn gateway_answered(climb: &mut Climb<'_>, fact: &Fact) {
    let Some(answer) = answer(fact) else { return };
    match (answer.status, answer.logon) {
        (200, _) if answer.page => climb.fail(
            Phase::Tunnel,
            "answered with a web page, as no gateway does".to_owned(),
        ),
        (101 | 200, _) => climb.pass(Phase::Authenticate),
        (401, None) if answer.is_gateways() => climb.pass(Phase::Authenticate),
        (401, Some(logon)) => {
            // That it asked for a logon was only half of it.
            climb.passed.retain(|phase| *phase != Phase::Authenticate);
            climb.fail(
                Phase::Authenticate,
                format!("refused the logon with {logon} (401)"),
            );
        }
        (status, _) => climb.fail(
            Phase::Tunnel,
            format!("answered {}", words::http_status(status)),
        ),
    }
}

impl Climb<'_> {
    fn pass(&mut self, phase: Phase) {
        if !self.passed.contains(&phase) {
            self.passed.push(phase);
        }
    }

    /// The server said why it ends the connection. A session that a user ended did not fail.
    fn ended_with(&mut self, code: u32) {
        let known = numbered(ERRORINFO, code);
        if known.is_some_and(|code| matches!(code.topic, Topic::UserAction | Topic::Success)) {
            return;
        }
        // What the code is about, not the moment at which it came, is the rung that fails.
        let phase = known
            .and_then(|code| code.place)
            .filter(|place| place.leg == Leg::Host && place.phase >= Phase::Settings)
            .map_or(Phase::Session, |place| place.phase);
        self.passed.retain(|passed| *passed != phase);
        self.fail(
            phase,
            format!("the server ended it: {}", words::coded(ERRORINFO, code)),
        );
    }

    fn fail(&mut self, phase: Phase, says: String) {
        if self.failed.is_none() && !self.passed.contains(&phase) {
            self.failed = Some((phase, says));
        }
    }
}

/// The rung on which a connection ended after a message, when nothing else says it.
fn ending_phase(observation: &Observation, after: Message, climb: &Climb<'_>) -> Phase {
    let by_message = phase_of(after);
    let by_place = observation
        .place
        .map_or(by_message, |place| place.phase.max(Phase::Negotiate));
    if !climb.passed.contains(&by_place) {
        return by_place;
    }
    match by_place {
        Phase::Negotiate if climb.chosen == Some(Protocols::RDP) => Phase::Settings,
        Phase::Negotiate => Phase::Secure,
        Phase::Secure if climb.chosen.is_some_and(Protocols::has_nla) => Phase::Authenticate,
        Phase::Secure | Phase::Authenticate => Phase::Settings,
        other => other,
    }
}

/// The rung to which a message belongs.
pub(crate) fn phase_of(message: Message) -> Phase {
    match message {
        Message::TcpHandshake
        | Message::ProxyRequest
        | Message::ConnectionRequest
        | Message::ConnectionConfirm => Phase::Negotiate,
        Message::GatewayRequest | Message::GatewayPacket => Phase::Tunnel,
        Message::ClientHello
        | Message::ServerHello
        | Message::Certificate
        | Message::ServerHelloDone
        | Message::ClientFinished
        | Message::ServerFinished => Phase::Secure,
        Message::CredSspNegotiate
        | Message::CredSspChallenge
        | Message::CredSspAuthenticate
        | Message::CredSspAccepted
        | Message::CredSspCredentials
        | Message::LogonAuthorization => Phase::Authenticate,
        Message::McsConnectInitial
        | Message::McsConnectResponse
        | Message::ChannelJoin
        | Message::ChannelJoined
        | Message::ClientInformation => Phase::Settings,
        Message::LicenseRequest | Message::LicenseResponse => Phase::License,
        Message::LicenseDone
        | Message::DemandActive
        | Message::ConfirmActive
        | Message::FontMap => Phase::Activate,
        Message::SessionData => Phase::Session,
    }
}

fn ending_words(how: Ending, after: Message, waited: Micros, partial: u32) -> String {
    let begun = if partial > 0 {
        format!(", {partial} bytes into its answer")
    } else {
        String::new()
    };
    let after = words::message(after);
    let waited = span(waited);
    match how {
        Ending::Closed => format!("closed {waited} after {after}{begun}"),
        Ending::Reset => format!("reset {waited} after {after}{begun}"),
        Ending::Silence => format!("no answer in {waited} after {after}{begun}"),
        Ending::Unreachable => format!("cut off {waited} after {after}{begun}"),
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
        Fact::NtlmChallenged { .. } | Fact::CredSspAnswered { .. }
    )
}

const fn is_end(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Ended { .. } | Fact::ErrorInfoSent { .. } | Fact::ServerDisconnected { .. }
    )
}
