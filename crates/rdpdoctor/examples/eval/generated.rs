//! Cases that are generated: every scenario of the lab is played on links and servers it was not written for,
//! with other names, clocks and seeds; two faults at once; looks that were cut short; and faults nobody wrote a
//! scenario or a clue for.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use diagnose::{Diagnosis, Severity};
use lab::answers::Security;
use lab::chance::Chance;
use lab::scenario::{self, Act, Fault, Outcome, Scenario, Script, Stage, When};
use model::{Ending, Evidence, Fact, FactKind, Intent, LookId, Micros, UnixSeconds};
use rdpdoctor::rehearse::{self, Settings};
use serde::Serialize;
use serde_json::json;

use super::truth;

/// How often a diagnosis is timed; the shortest time counts.
const TIMED: u32 = 3;

/// Where a case comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// A scenario as it is written, with another seed and clock.
    Written,
    /// A scenario on another link and server.
    Elsewhere,
    /// Two faults at once.
    Two,
    /// A look that was cut short before or after what tells the cause was seen.
    CutShort,
    /// A look of which facts are missing at random.
    LeftOut,
    /// A look of which one thing is missing: a fact, every fact of a kind, or a whole look.
    OneMissing,
    /// A look beside which the same host was seen to work.
    Contradicted,
    /// A fault that no scenario was written for; from outside nobody could know its cause.
    Unwritten,
}

/// A case that was played and diagnosed.
#[derive(Serialize)]
pub struct Scored {
    /// The scenario, and where it was played.
    pub name: String,
    pub group: Group,
    #[serde(skip)]
    pub expected: Outcome,
    pub outcome: diagnose::Outcome,
    /// The cause the scenario was written for; none for a healthy host.
    pub own: Option<String>,
    /// The second cause, when there are two.
    pub second: Option<String>,
    /// Causes that cannot be told from it here, itself among them.
    pub alike: Vec<String>,
    /// One of them, drawn by how often their families are reported.
    pub drawn: Option<String>,
    /// One of them, drawn evenly.
    pub drawn_evenly: Option<String>,
    /// How often the best judge is right who knows how often each of those alike is the one.
    pub most: f64,
    /// The family of its own cause.
    pub family: Option<String>,
    /// What tells the cause was seen.
    pub knowable: bool,
    /// Causes with their families and probabilities, first to last.
    pub findings: Vec<Found>,
    #[serde(skip)]
    pub took: Duration,
}

/// What was found.
#[derive(Serialize)]
pub struct Found {
    pub cause: &'static str,
    pub family: &'static str,
    pub sure: f64,
    pub blocking: bool,
}

impl Scored {
    pub fn is_healthy(&self) -> bool {
        self.expected == Outcome::Healthy
    }

    /// This is its own cause, one that looks the same, or one of its family.
    pub fn fits(&self, found: &Found) -> bool {
        self.alike.iter().any(|other| other == found.cause)
            || self.family.as_deref() == Some(found.family)
    }

    /// The place of a cause among what was found, from 0.
    pub fn place_of(&self, cause: Option<&String>) -> Option<usize> {
        let cause = cause?;
        self.findings.iter().position(|found| found.cause == cause)
    }
}

/// The cases as JSON, one a line.
pub fn lines(scored: &[Scored]) -> Result<String> {
    let mut lines = String::new();
    for one in scored {
        lines.push_str(&serde_json::to_string(one)?);
        lines.push('\n');
    }
    Ok(lines)
}

/// Plays `rounds` rounds over all scenarios; also tells which could not be played.
pub fn play(rounds: u64, first_seed: u64) -> Result<(Vec<Scored>, Vec<String>)> {
    let scenarios = scenario::all()?;
    let mut scored = Vec::new();
    let mut endless = Vec::new();
    // The same host as it answers when nothing is wrong.
    let well = scenarios
        .iter()
        .find(|scenario| scenario.id == "healthy/windows-nla")
        .context("the lab has no healthy host")?;
    let well = rehearse::play(well, &Settings::default())?;
    for round in 0..rounds {
        let mut chance = Chance::of(first_seed.wrapping_add(round));
        for written in &scenarios {
            let mut cases = vec![
                (Group::Written, written.clone(), None),
                (
                    Group::Elsewhere,
                    elsewhere(written, &scenarios, &mut chance),
                    None,
                ),
            ];
            if let Some((both, second)) = two(written, &scenarios, &mut chance) {
                cases.push((Group::Two, both, Some(second)));
            }
            if let Some(unwritten) = unwritten(written, &mut chance) {
                cases.push((Group::Unwritten, unwritten, None));
            }
            for (group, scenario, second) in cases {
                let settings = Settings {
                    seed: chance.below(u64::MAX),
                    // Some moment of the next ten years.
                    opened_at: UnixSeconds(
                        1_780_272_000 + i64::try_from(chance.below(315_000_000))?,
                    ),
                    ..Settings::default()
                };
                match rehearse::play(&scenario, &settings) {
                    // Some of these come where no connection of the client's gets to: no faults for the measure.
                    Ok(evidence)
                        if group == Group::Unwritten && !ended_for_the_client(&evidence) => {}
                    Ok(evidence) => {
                        let one = score(&scenario, group, second, &evidence, &mut chance);
                        if round == 0 && group == Group::Written {
                            scored.extend(one_missing(&scenario, &evidence, &mut chance));
                        }
                        if group == Group::Elsewhere {
                            scored.extend(cut_short(&scenario, &one, &evidence, &mut chance));
                            scored.extend(left_out(&scenario, &one, &evidence, &mut chance));
                            scored.extend(contradicted(&scenario, &evidence, &well, &mut chance));
                        }
                        scored.push(one);
                    }
                    Err(error) => endless.push(format!("{}: {error:#}", scenario.id)),
                }
            }
        }
    }
    Ok((scored, endless))
}

fn score(
    scenario: &Scenario,
    group: Group,
    second: Option<String>,
    evidence: &Evidence,
    chance: &mut Chance,
) -> Scored {
    let mut took = Duration::MAX;
    let mut diagnosis = diagnose::diagnose(evidence);
    // What else this machine does in between is no part of it.
    for _ in 0..TIMED {
        let begun = Instant::now();
        diagnosis = diagnose::diagnose(evidence);
        took = took.min(begun.elapsed());
    }
    let expect = &scenario.expect;
    let alike: Vec<String> = expect.top.iter().chain(&expect.or).cloned().collect();
    let second = second.filter(|second| can_show(second, evidence));
    Scored {
        name: scenario.id.clone(),
        group,
        expected: expect.outcome,
        outcome: diagnosis.outcome,
        own: expect.top.clone(),
        second,
        most: truth::most(&alike, ending(evidence), truth::Draw::ByReports),
        drawn: truth::drawn(&alike, ending(evidence), truth::Draw::ByReports, chance),
        drawn_evenly: truth::drawn(&alike, ending(evidence), truth::Draw::Evenly, chance),
        alike,
        family: expect.family.clone(),
        knowable: group != Group::Unwritten,
        findings: found(&diagnosis, expect.outcome == Outcome::Healthy),
        took,
    }
}

/// How the first connection of the client ended; nothing, where it was ended late: then somebody's time ran out, who
/// may have waited for what was lost on the way, or for what hangs.
fn ending(evidence: &Evidence) -> Option<Ending> {
    const LATE: Micros = Micros::from_millis(1500);
    evidence.seen.iter().find_map(|seen| match &seen.fact {
        Fact::Ended { how, waited, .. } => {
            Some((*how == Ending::Silence || *waited < LATE).then_some(*how))
        }
        _ => None,
    })?
}

/// What is held against the truth: on a host that is not healthy, what is good to know is no verdict.
fn found(diagnosis: &Diagnosis, notes_too: bool) -> Vec<Found> {
    diagnosis
        .findings
        .iter()
        .filter(|finding| notes_too || finding.severity != Severity::Note)
        .map(|finding| Found {
            cause: finding.cause.id,
            family: finding.cause.family,
            sure: finding.probability,
            blocking: finding.severity == Severity::Blocking,
        })
        .collect()
}

/// The second fault left a trace in what was seen.
fn can_show(second: &str, evidence: &Evidence) -> bool {
    !second.starts_with("secure.")
        || evidence
            .seen
            .iter()
            .any(|seen| seen.fact.kind() == FactKind::CertificateSeen)
}

/// The same case, interrupted at some moment.
fn cut_short(
    scenario: &Scenario,
    whole: &Scored,
    evidence: &Evidence,
    chance: &mut Chance,
) -> Option<Scored> {
    if scenario.expect.outcome != Outcome::Failing {
        return None;
    }
    let kept = usize::try_from(chance.below(u64::try_from(evidence.seen.len()).ok()?)).ok()?;
    let mut cut = evidence.clone();
    cut.seen.truncate(kept);
    cut.interrupted = true;
    let looks: Vec<_> = cut.seen.iter().filter_map(|seen| seen.look).collect();
    cut.tried.retain(|attempt| looks.contains(&attempt.look));
    let mut one = score(scenario, Group::CutShort, None, &cut, chance);
    // What ends the connection has been seen or not.
    one.knowable = cut.seen.iter().any(|seen| tells_an_end(&seen.fact));
    one.drawn.clone_from(&whole.drawn);
    // A lesser trouble that the whole case shows beside its own cause is there before that one shows.
    let lesser = whole.findings.iter().filter(|found| !found.blocking);
    one.alike.extend(lesser.map(|found| found.cause.to_owned()));
    Some(one)
}

/// The same case with a fact in four missing, whichever they are.
fn left_out(
    scenario: &Scenario,
    whole: &Scored,
    evidence: &Evidence,
    chance: &mut Chance,
) -> Option<Scored> {
    if scenario.expect.outcome != Outcome::Failing {
        return None;
    }
    let mut rest = evidence.clone();
    rest.seen.retain(|_| chance.below(4) > 0);
    let mut one = score(scenario, Group::LeftOut, None, &rest, chance);
    one.knowable = rest.seen.len() == evidence.seen.len()
        || rest.seen.iter().any(|seen| tells_an_end(&seen.fact));
    one.drawn.clone_from(&whole.drawn);
    Some(one)
}

/// The same case once for every fact, every kind of facts and every look, each time without that one.
fn one_missing(scenario: &Scenario, evidence: &Evidence, chance: &mut Chance) -> Vec<Scored> {
    if scenario.expect.outcome != Outcome::Failing {
        return Vec::new();
    }
    let kinds: BTreeSet<FactKind> = evidence.seen.iter().map(|seen| seen.fact.kind()).collect();
    let looks: BTreeSet<LookId> = evidence.seen.iter().filter_map(|seen| seen.look).collect();
    let mut rests = Vec::new();
    for at in 0..evidence.seen.len() {
        let mut rest = evidence.clone();
        let missing = rest.seen.remove(at);
        rests.push((format!("one {:?}", missing.fact.kind()), rest));
    }
    for kind in kinds {
        let mut rest = evidence.clone();
        rest.seen.retain(|seen| seen.fact.kind() != kind);
        rests.push((format!("any {kind:?}"), rest));
    }
    for look in looks {
        let mut rest = evidence.clone();
        rest.seen.retain(|seen| seen.look != Some(look));
        rest.tried.retain(|tried| tried.look != look);
        rests.push((format!("look {}", look.0), rest));
    }
    rests
        .into_iter()
        .map(|(missing, rest)| {
            let mut one = score(scenario, Group::OneMissing, None, &rest, chance);
            one.name = format!("{} without {missing}", scenario.id);
            one.knowable = rest.seen.iter().any(|seen| tells_an_end(&seen.fact));
            one
        })
        .collect()
}

/// The same case, and beside it connections to the same host on which all went well: it fails for some, or did until
/// a moment ago, or the two were not the same.
fn contradicted(
    scenario: &Scenario,
    evidence: &Evidence,
    well: &Evidence,
    chance: &mut Chance,
) -> Option<Scored> {
    if scenario.expect.outcome != Outcome::Failing {
        return None;
    }
    let last = evidence
        .tried
        .iter()
        .map(|tried| tried.look.0)
        .chain(evidence.seen.iter().filter_map(|seen| Some(seen.look?.0)))
        .max()
        .unwrap_or_default();
    let behind = |look: LookId| LookId(look.0.saturating_add(last).saturating_add(1));
    let mut both = evidence.clone();
    for seen in &well.seen {
        let mut seen = seen.clone();
        seen.look = seen.look.map(behind);
        both.seen.push(seen);
    }
    for tried in &well.tried {
        let mut tried = tried.clone();
        tried.look = behind(tried.look);
        both.tried.push(tried);
    }
    Some(score(scenario, Group::Contradicted, None, &both, chance))
}

/// A connection of the client's own ended too soon.
fn ended_for_the_client(evidence: &Evidence) -> bool {
    let is_clients = |look: Option<LookId>| {
        let attempt = look.and_then(|look| evidence.attempt(look));
        attempt.is_none_or(|attempt| attempt.intent == Intent::AsClient)
    };
    evidence
        .seen
        .iter()
        .any(|seen| is_clients(seen.look) && tells_an_end(&seen.fact))
}

/// The fact alone says that something went wrong.
fn tells_an_end(fact: &Fact) -> bool {
    if let Fact::NegotiationChosen {
        offered: Some(offered),
        chosen,
        ..
    } = fact
    {
        return !offered.has(*chosen);
    }
    !matches!(
        fact,
        Fact::AddressGiven { .. }
            | Fact::NameResolved { .. }
            | Fact::TcpOpened { .. }
            | Fact::SegmentsLimited { .. }
            | Fact::OtherPortAnswered { .. }
            | Fact::NegotiationOffered { .. }
            | Fact::NegotiationChosen { .. }
            | Fact::AnswerTook { .. }
            | Fact::TlsOffered { .. }
            | Fact::TlsChosen { .. }
            | Fact::TlsEstablished { .. }
            | Fact::CertificateSeen { .. }
            | Fact::CertificateTrust { .. }
            | Fact::CredSspOffered { .. }
            | Fact::NtlmChallenged { .. }
            | Fact::NameServerAnswered { .. }
            | Fact::PathTraced { .. }
            | Fact::PathMeasured { .. }
            | Fact::PacketSizesTried { .. }
            | Fact::Retransmitted { .. }
            | Fact::SentBack { .. }
            | Fact::RequestExtended { .. }
            | Fact::TlsTerms { .. }
            | Fact::TlsResumption { .. }
            | Fact::TlsKeyExchanged { .. }
            | Fact::TlsVersionSurveyed { .. }
            | Fact::TlsSurveyed { .. }
            | Fact::ServerFlightSeen { .. }
            | Fact::RdpSecuritySeen { .. }
            | Fact::CredSspAnswered { .. }
            | Fact::LogonNegotiated { .. }
            | Fact::LogonAccepted { .. }
            | Fact::ChannelsJoined { .. }
            | Fact::ClientInformed { .. }
            | Fact::CapabilitiesOffered { .. }
            | Fact::SessionRan { .. }
            | Fact::ProxyConnected { .. }
            | Fact::GatewayTerms { .. }
            | Fact::DirectWay { .. }
            | Fact::UdpAnswered { .. }
            | Fact::UdpSilent { .. }
            | Fact::UdpUnreachable { .. }
            | Fact::UdpSecured { .. }
    )
}

/// Another fault beside the one of the scenario: of the name, or of the certificate.
fn two(written: &Scenario, all: &[Scenario], chance: &mut Chance) -> Option<(Scenario, String)> {
    let own = written.expect.top.as_deref()?;
    if written.expect.outcome == Outcome::Healthy {
        return None;
    }
    let (network, script) = (scenario::Network::default(), Script::default());
    let fits: Vec<&Scenario> = all
        .iter()
        .filter(|other| other.expect.outcome == Outcome::Degraded && other.expect.or.is_empty())
        .filter(|other| other.server.fault.is_empty() && other.link.toxic.is_empty())
        .filter(|other| {
            let by_name = other.network != network
                && written.network == network
                && written.client == scenario::Client::default();
            let by_certificate = other.server.certificate != script.certificate
                && written.server.certificate == script.certificate
                && !own.contains("certificate")
                && !own.contains("intercepted")
                && other.network == network
                && other.client.name == written.client.name;
            by_name || by_certificate
        })
        .collect();
    let other = pick(&fits, chance)?;
    let mut both = written.clone();
    both.id = format!("{} with {}", written.id, other.id);
    if other.network == network {
        both.server.certificate = other.server.certificate.clone();
    } else {
        both.network = other.network.clone();
    }
    Some((both, other.expect.top.clone()?))
}

/// A healthy server that ends, stalls or garbles the connection at some moment: nothing outside tells why.
fn unwritten(written: &Scenario, chance: &mut Chance) -> Option<Scenario> {
    if written.expect.outcome != Outcome::Healthy || written.server.service.is_some() {
        return None;
    }
    let stages = [
        Stage::Accept,
        Stage::Request,
        Stage::Confirm,
        Stage::ClientHello,
        Stage::ServerFlight,
        Stage::Tls,
        Stage::Credssp,
    ];
    let acts = [Act::Close, Act::Reset, Act::Silence, Act::HalfClose];
    let mut scenario = written.clone();
    if chance.below(2) == 0 {
        let (at, does) = (*pick(&stages, chance)?, *pick(&acts, chance)?);
        scenario.id = format!("{} that does {does:?} at {at:?}", written.id);
        scenario.server.fault = vec![Fault {
            at,
            does,
            after_ms: Some(chance.below(400)),
            bytes: None,
            payload: None,
            alert: None,
            then: None,
            when: When::default(),
        }];
    } else {
        // Somewhere on the way, at any byte.
        let kind = *pick(&["close", "reset", "stall"], chance)?;
        let way = *pick(&["to-server", "to-client"], chance)?;
        let bytes = chance.below(3000);
        scenario.id = format!("{} behind a {kind} {way} after {bytes} bytes", written.id);
        let toxic = json!({ "kind": kind, "way": way, "after_bytes": bytes });
        scenario.link.toxic = vec![serde_json::from_value(toxic).ok()?];
    }
    scenario.link.round_trip_ms = chance.below(200);
    scenario.link.jitter_ms = chance.below(1 + scenario.link.round_trip_ms / 4);
    scenario.expect.outcome = Outcome::Failing;
    scenario.expect.top = None;
    scenario.expect.or.clear();
    scenario.expect.family = None;
    Some(scenario)
}

/// The same fault somewhere else: another link, and where the fault leaves room for it, another server.
fn elsewhere(written: &Scenario, all: &[Scenario], chance: &mut Chance) -> Scenario {
    let mut scenario = written.clone();
    if scenario.link.round_trip_ms == 0 {
        let round_trips = [0, 1, 5, 20, 60, 120, 250];
        scenario.link.round_trip_ms = pick(&round_trips, chance).copied().unwrap_or_default();
        scenario.link.jitter_ms = chance.below(1 + scenario.link.round_trip_ms / 4);
    }
    let hosts: Vec<&Scenario> = all.iter().filter(|host| can_host(written, host)).collect();
    if let Some(host) = pick(&hosts, chance) {
        let own = std::mem::take(&mut scenario.server);
        let default = Script::default();
        scenario.id = format!("{} on {}", written.id, host.id);
        scenario.server = Script {
            fault: own.fault,
            certificate: if own.certificate == default.certificate {
                host.server.certificate.clone()
            } else {
                own.certificate
            },
            tls: if own.tls == default.tls {
                host.server.tls.clone()
            } else {
                own.tls
            },
            credssp: if own.credssp == default.credssp {
                host.server.credssp.clone()
            } else {
                own.credssp
            },
            ntlm: if own.ntlm == default.ntlm {
                host.server.ntlm.clone()
            } else {
                own.ntlm
            },
            think_ms: own.think_ms.max(host.server.think_ms),
            ..host.server.clone()
        };
    }
    scenario
}

fn pick<'a, T>(from: &'a [T], chance: &mut Chance) -> Option<&'a T> {
    let count = u64::try_from(from.len()).ok().filter(|count| *count > 0)?;
    from.get(usize::try_from(chance.below(count)).ok()?)
}

/// A healthy server on which the fault would be the same fault: it comes as far as the fault needs, and the
/// fault says nothing about what this server answers.
fn can_host(fault: &Scenario, host: &Scenario) -> bool {
    let (server, default) = (&fault.server, Script::default());
    let plain_client = fault.client.offers == model::ClientProfile::default().offers;
    let own_answers =
        !server.answers.is_empty() || server.flags.is_some() || server.service.is_some();
    let healthy = host.expect.outcome == Outcome::Healthy && host.expect.top.is_none();
    let same_client = host.client.offers == fault.client.offers
        && host.network == scenario::Network::default()
        && host.client.name == scenario::Client::default().name
        && host.link.toxic.is_empty();
    let does_tls = !matches!(
        host.server.security,
        Security::XrdpRdp | Security::ShadowRdp | Security::WindowsRdp | Security::WindowsXp
    );
    let does_nla = matches!(
        host.server.security,
        Security::WindowsNla
            | Security::WindowsNegotiate
            | Security::WindowsOldNla
            | Security::ShadowNla
            | Security::IronrdpHybrid
    );
    let last = server.fault.iter().map(|fault| fault.at).max();
    let needs_nla = server.credssp != default.credssp
        || server.ntlm != default.ntlm
        || last >= Some(Stage::Tls)
        || fault.id.starts_with("authenticate/");
    let needs_tls = needs_nla
        || server.certificate != default.certificate
        || server.tls != default.tls
        || last >= Some(Stage::Confirm)
        || !fault.link.toxic.is_empty()
        || fault.id.starts_with("secure/");
    // The kind of server is part of these faults.
    let own_kind = !matches!(
        server.security,
        Security::WindowsNla | Security::WindowsNegotiate | Security::ShadowNla
    ) && fault.expect.outcome != Outcome::Healthy;
    let own_tls = server.tls != default.tls && host.server.tls != default.tls;
    let own_certificate =
        server.certificate != default.certificate && host.server.certificate != default.certificate;
    healthy
        && same_client
        && plain_client
        && !own_answers
        && !own_kind
        && !own_tls
        && !own_certificate
        && fault.expect.outcome != Outcome::Healthy
        && (!needs_tls || does_tls)
        && (!needs_nla || does_nla)
        && host.server.fault.is_empty()
}
