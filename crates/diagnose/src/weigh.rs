//! Weighing causes: evidence adds up in decibans, rivals share what is left between them.
//!
//! Causes that end a connection are rivals: one of them, or something the catalogue does not know, ended it.
//! That unknown stands beside them, so that a lone weak clue never makes a certainty; it is likelier where a
//! connection just ends than where something was said. Causes that let a
//! connection live are judged each against the odds of its being so; only those that explain the very same
//! observation share it. This file is long because what is added up, and among whom it is shared, is one reckoning.

use std::collections::BTreeSet;

use model::{Evidence, Fact, FactKind, Intent, Leg, Observation, Phase, Place, Source, UnixMicros};

use crate::behaviours;
use crate::cause::{Cause, Clue, Reading, Severity, Weight};
use crate::causes;
use crate::diagnosis::{Finding, Reason, RungOutcome, Verdict};
use crate::index::Index;
use crate::priors::{self, Client, Setting};
use crate::standing::{Standing, is_by_rpc};
use crate::stated::{self, STATED, WORDED};
use crate::told;
use crate::words;

/// A cause is proven from this sum of weights on, unless a rival is within reach.
const PROVEN: i32 = 40;
/// A cause is likely from this sum of weights on, unless a rival is more so.
const LIKELY: i32 = 20;
/// A cause is ruled out from this sum of weights down.
const RULED_OUT: i32 = -40;
/// No rival is within reach of a cause this probable.
const ALONE: f64 = 0.95;
/// Rivals less probable than this are not worth a line.
const SHOWN: f64 = 0.02;
/// A deeper cause this probable is told before what comes of it.
const ROOT: f64 = 0.9;
/// A cause that lets a connection live is told when it is more probable than this.
const TOLD: f64 = 0.3;
/// How much of their weight the further clues of a cause keep beside its heaviest, where none proves it: they tell
/// partly the same.
const TEMPER: f64 = 0.6;
/// What a proof counts beyond its weight beside what only fits, in decibans: the clues of a proof are chosen so that no
/// rival has them all.
const PROOF: f64 = 5.0;
/// The odds of what the catalogue does not know, in decibans, where a connection just ends or nothing comes: there
/// are more makers of an end than anybody has listed.
const UNKNOWN_ENDING: f64 = 5.0;
/// The same where the other side, a log or a setting says something: that names its maker.
const UNKNOWN_SAID: f64 = -4.0;
/// How much of their weight words keep: people repeat themselves and name what they suspect.
const WORDS_COUNT: f64 = 0.75;
/// The most that words alone can be sure of: of reports as clear as can be, one in ten turned out to be something else.
const WORDS_SURE: f64 = 0.89;
/// The most that words alone weigh in a finding, which is less than a proof.
const WORDS_WEIGH: i32 = 30;
/// How much the counts of reports keep beside words: half a hundred reports over as many families mostly say which
/// reports were collected.
const COMMON_COUNTS: f64 = 0.25;
/// The odds of what the words do not tell, in decibans.
const WORDS_UNKNOWN: f64 = 1.0;
/// How much less a family counts for which nothing speaks but the kind of client or server, in decibans, where
/// something was said of the fault: that a client is Microsoft's is no trouble.
const KIND_ONLY: f64 = 3.0;
/// The most rivals that are told.
const MOST: usize = 8;

/// A cause with the sum of its evidence.
pub(crate) struct Weighed<'e> {
    cause: &'static Cause,
    leg: Leg,
    severity: Severity,
    pub(crate) weight: i32,
    because: Vec<(&'static Clue, &'e Observation, i32)>,
    despite: Vec<(&'static Clue, &'e Observation, i32)>,
    probability: f64,
}

/// The causes the evidence supports, most probable blocking cause first.
pub(crate) fn findings(index: &Index<'_>, standing: &Standing) -> Vec<Finding> {
    if is_spoken(index) {
        return of_words(index);
    }
    let mut blocking = Vec::new();
    let mut living = Vec::new();
    let legs = legs(index);
    for &leg in &legs {
        for cause in causes::CAUSES
            .iter()
            .copied()
            .filter(|cause| belongs(cause, leg, &legs))
        {
            let weighed = weigh(index, cause, leg);
            if weighed.because.is_empty() || weighed.weight <= 0 || weighed.weight <= RULED_OUT {
                continue;
            }
            // A host that is given by its address needs no name, whatever is said of one.
            if cause.phase == Phase::Resolve
                && index.evidence.target.address.is_some()
                && only_stated(&weighed)
            {
                continue;
            }
            match place(index, &weighed, standing) {
                Some(Severity::Blocking) => blocking.push(weighed),
                // Where a connection was looked at, what was only said is no trouble of its own.
                Some(_) if standing.reached().is_some() && only_stated(&weighed) => {}
                Some(severity) => living.push(Weighed {
                    severity,
                    ..weighed
                }),
                None => {}
            }
        }
    }
    let setting = Setting::of(index);
    share_with_the_unknown(&mut blocking, setting);
    share_by_observation(&mut living, setting);
    blocking.retain(|weighed| weighed.probability >= SHOWN);
    sort(&mut blocking);
    blocking.truncate(MOST);
    let told = told(&living);
    let mut told = told.into_iter();
    living.retain(|_| told.next().unwrap_or_default());
    sort(&mut living);
    roots_first(&mut living);
    blocking
        .into_iter()
        .chain(living)
        .map(|weighed| {
            let unknown = unknown(index, weighed.cause, weighed.leg);
            finding(index, weighed, unknown)
        })
        .collect()
}

/// Nothing was seen, somebody only says something; or a log does, of which no clue reads a line.
pub(crate) fn is_spoken(index: &Index<'_>) -> bool {
    let of_words = |observation: &Observation| STATED.reads.contains(&observation.fact.kind());
    let mut beside = index
        .evidence
        .seen
        .iter()
        .filter(|observation| !of_words(observation))
        .peekable();
    let seen = &index.evidence.seen;
    if beside.peek().is_none() || !seen.iter().any(of_words) {
        return !seen.is_empty() && beside.peek().is_none();
    }
    beside.all(|observation| is_account(&observation.fact))
        && causes::CAUSES.iter().copied().all(|cause| {
            let weighed = weigh(index, cause, Leg::Host);
            weighed
                .because
                .iter()
                .chain(&weighed.despite)
                .all(|(clue, _, _)| std::ptr::eq(*clue, &STATED))
        })
}

/// What a log tells of connections, which is more than words only where a clue reads it.
const fn is_account(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::LogSaid { .. } | Fact::AttemptLogged { .. } | Fact::ConnectionsLogged { .. }
    )
}

/// The causes that words alone speak for. They tell kinds of causes apart and not the finer ones, so that each
/// family is weighed as a whole, by how common it is, and stands under the cause of it that the words fit best.
/// All families are rivals: which of them breaks the connection, and which only hurts it, words do not tell.
pub(crate) fn of_words(index: &Index<'_>) -> Vec<Finding> {
    let client = Client::of(index.evidence);
    let words: Vec<String> = index
        .of_kind(FactKind::WordsStated)
        .filter_map(|seen| match &seen.fact {
            Fact::WordsStated { words } => Some(words.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    let told = told::weights(&words);
    let told_in = |family: &str| {
        let of_it = told.iter().find(|(name, _)| *name == family);
        of_it.map_or(0.0, |(_, weight)| *weight)
    };
    let mut families: Vec<Weighed<'_>> = Vec::new();
    for cause in causes::CAUSES.iter().copied() {
        let weighed = spoken(index, cause);
        if weighed.weight <= 0 && told_in(cause.family) <= 0.0 {
            continue;
        }
        let known = families
            .iter_mut()
            .find(|known| known.cause.family == cause.family);
        match known {
            Some(known)
                if (known.weight, stands_for(known)) < (weighed.weight, stands_for(&weighed)) =>
            {
                *known = weighed;
            }
            Some(_) => {}
            None => families.push(weighed),
        }
    }
    let tells = families.iter().any(tells_of_a_fault);
    let odds: Vec<f64> = families
        .iter()
        .map(|family| {
            let kind_only = tells && family.weight > 0 && !tells_of_a_fault(family);
            let own = f64::from(family.weight)
                + told_in(family.cause.family)
                + COMMON_COUNTS * priors::common(family.cause, client)
                - if kind_only { KIND_ONLY } else { 0.0 };
            own * WORDS_COUNT
        })
        .collect();
    share(&mut families, &odds, WORDS_UNKNOWN * WORDS_COUNT);
    for family in &mut families {
        family.probability *= WORDS_SURE;
        let told = told_in(family.cause.family).round();
        if let (Some(seen), 1..) = (index.of_kind(FactKind::WordsStated).next(), whole(told)) {
            family.because.push((&WORDED, seen, whole(told)));
        }
        family.weight = family
            .weight
            .saturating_add(whole(told))
            .clamp(1, WORDS_WEIGH);
    }
    families.retain(|family| family.probability >= SHOWN);
    families.sort_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.cause.id.cmp(b.cause.id))
    });
    families.truncate(MOST);
    families
        .into_iter()
        .map(|family| finding(index, family, Vec::new()))
        .collect()
}

/// A number of decibans without its fraction.
fn whole(decibans: f64) -> i32 {
    (-WORDS_WEIGH..=WORDS_WEIGH)
        .find(|whole| f64::from(*whole) >= decibans)
        .unwrap_or(WORDS_WEIGH)
}

/// Something speaks for the cause that is about what fails, and not only about who talks to whom.
fn tells_of_a_fault(weighed: &Weighed<'_>) -> bool {
    weighed.because.iter().any(|(_, observation, _)| {
        !matches!(&observation.fact, Fact::BehaviourStated { symptom, .. } if behaviours::is_kind(symptom))
    })
}

/// Which cause stands for its family where words do not say more: the plainest unless a code speaks for it, and else one
/// that ends connections, and the commonest of these.
fn stands_for(weighed: &Weighed<'_>) -> (bool, bool, i32) {
    let Weighed { cause, because, .. } = weighed;
    let mut facts = because.iter().map(|(_, seen, _)| &seen.fact);
    let plainest = facts.all(told::is_of_words) && told::PLAINEST.contains(&cause.id);
    (plainest, cause.severity == Severity::Blocking, cause.prior)
}

/// The families that could be at fault when nothing speaks for any: those that show beyond what was passed, each
/// under one cause, with its share.
pub(crate) fn before_anything(
    reached: Option<Place>,
    evidence: &Evidence,
) -> Vec<(&'static Cause, f64)> {
    let client = Client::of(evidence);
    let mut families: Vec<(&'static Cause, f64)> = Vec::new();
    for cause in causes::CAUSES.iter().copied() {
        let passed = reached.is_some_and(|place| cause.phase <= place.phase);
        if !passed
            && !families
                .iter()
                .any(|(known, _)| known.family == cause.family)
        {
            families.push((cause, 10_f64.powf(priors::common(cause, client) / 10.0)));
        }
    }
    let whole: f64 = families.iter().map(|(_, share)| share).sum();
    for (_, share) in &mut families {
        *share /= whole.max(f64::MIN_POSITIVE);
    }
    families
}

/// Nothing that was seen supports the cause, only what somebody said.
fn only_stated(weighed: &Weighed<'_>) -> bool {
    weighed
        .because
        .iter()
        .all(|(clue, _, _)| std::ptr::eq(*clue, &STATED))
}

/// The legs on which something was seen; the way to the host is always one.
pub(crate) fn legs(index: &Index<'_>) -> BTreeSet<Leg> {
    index
        .evidence
        .seen
        .iter()
        .filter_map(|observation| observation.place.map(|place| place.leg))
        .filter(|leg| *leg != Leg::Side)
        .chain([Leg::Host])
        .collect()
}

/// It is about the certificate of a gateway, as TLS showed it.
fn is_certificate(weighed: &Weighed<'_>) -> bool {
    let told = |observation: &Observation| matches!(observation.fact, Fact::GatewayStepped { .. });
    weighed.cause.id == "tunnel.certificate-unfit"
        && !weighed
            .because
            .iter()
            .any(|(_, observation, _)| told(observation))
}

/// It says that only an older way into a gateway is left, and the client went that way.
fn is_of_a_way_left(index: &Index<'_>, weighed: &Weighed<'_>) -> bool {
    weighed.cause.id == "tunnel.older-way-alone"
        && index
            .connections()
            .any(|(intent, connection)| intent == Intent::AsClient && is_by_rpc(connection))
}

/// The cause can be at fault on this leg. Those of a gateway and of a proxy are weighed where these were looked at,
/// and there no others: their words are about the host. Where neither was, files may tell of them all the same.
pub(crate) fn belongs(cause: &Cause, leg: Leg, legs: &BTreeSet<Leg>) -> bool {
    let of_proxy = cause.id.starts_with("negotiate.proxy-");
    let of_gateway = cause.phase == Phase::Tunnel;
    match leg {
        Leg::Proxy => of_proxy,
        Leg::Gateway => of_gateway,
        _ => {
            let looked_at_there = of_proxy && legs.contains(&Leg::Proxy)
                || of_gateway && legs.contains(&Leg::Gateway);
            !looked_at_there
        }
    }
}

/// Adds up what was stated of a cause, and nothing else.
fn spoken<'e>(index: &'e Index<'e>, cause: &'static Cause) -> Weighed<'e> {
    let stated = STATED.reads.iter().flat_map(|&kind| index.of_kind(kind));
    let cited = stated::cited(cause, stated)
        .into_iter()
        .map(|(observation, weight)| (&STATED, observation, weight))
        .collect();
    summed(cause, Leg::Host, cited)
}

/// Adds up what the clues of a cause read. An observation counts once, for the heaviest clue that cites it.
pub(crate) fn weigh<'e>(index: &'e Index<'e>, cause: &'static Cause, leg: Leg) -> Weighed<'e> {
    let mut cited: Vec<(&'static Clue, &'e Observation, i32)> = Vec::new();
    for clue in cause.clues {
        let (observation, weight) = match clue.read(index, leg) {
            Reading::For(observation) => (observation, clue.weight.decibans()),
            Reading::Against(observation) => (observation, -clue.against.decibans()),
            Reading::Silent => continue,
        };
        if weight == 0 {
            continue;
        }
        match cited
            .iter_mut()
            .find(|(_, known, _)| std::ptr::eq(*known, observation))
        {
            Some(known) if known.2.abs() < weight.abs() => *known = (clue, observation, weight),
            Some(_) => {}
            None => cited.push((clue, observation, weight)),
        }
    }
    if index.shows(STATED.reads) {
        let stated = STATED.reads.iter().flat_map(|&kind| index.of_kind(kind));
        cited.extend(
            stated::cited(cause, stated)
                .into_iter()
                .map(|(observation, weight)| (&STATED, observation, weight)),
        );
    }
    summed(cause, leg, cited)
}

/// What would tell of a cause and is not known. What a clue says with numbers cannot be said without them.
fn unknown(index: &Index<'_>, cause: &'static Cause, leg: Leg) -> Vec<&'static str> {
    cause
        .clues
        .iter()
        .filter(|clue| clue.weight >= Weight::Fair && !clue.says.contains('{'))
        .filter(|clue| matches!(clue.read(index, leg), Reading::Silent))
        .map(|clue| clue.says)
        .collect()
}

fn summed<'e>(
    cause: &'static Cause,
    leg: Leg,
    cited: Vec<(&'static Clue, &'e Observation, i32)>,
) -> Weighed<'e> {
    let (because, despite): (Vec<_>, Vec<_>) =
        cited.into_iter().partition(|(_, _, weight)| *weight > 0);
    Weighed {
        cause,
        leg,
        severity: cause.severity,
        weight: because
            .iter()
            .chain(&despite)
            .map(|(_, _, weight)| *weight)
            .sum(),
        because,
        despite,
        probability: 0.0,
    }
}

impl Weight {
    /// The number of decibans.
    pub const fn decibans(self) -> i32 {
        match self {
            Self::None => 0,
            Self::Slight => 3,
            Self::Fair => 10,
            Self::Strong => 20,
            Self::Decisive => 40,
        }
    }
}

/// What a supported cause does to the connections of this case, by how its rung went.
fn place(index: &Index<'_>, weighed: &Weighed<'_>, standing: &Standing) -> Option<Severity> {
    if weighed.severity != Severity::Blocking {
        return Some(weighed.severity);
    }
    let leg = weighed.leg;
    let stop = standing.stopped_at();
    // What is wrong with a gateway or a proxy shows on any rung of its leg.
    if matches!(leg, Leg::Gateway | Leg::Proxy) {
        let warned = standing
            .rungs
            .iter()
            .any(|rung| rung.place.leg == leg && rung.outcome == RungOutcome::Warned);
        match stop {
            // A certificate with which TLS was passed did not end what came after it.
            Some(stop)
                if stop.leg == leg && stop.phase > Phase::Secure && is_certificate(weighed) =>
            {
                return Some(Severity::Degrading);
            }
            // Whoever took the older way was not ended by there being no other.
            Some(stop) if stop.leg == leg && is_of_a_way_left(index, weighed) => {
                return Some(Severity::Degrading);
            }
            Some(stop) if stop.leg == leg => return Some(Severity::Blocking),
            _ if warned => return Some(Severity::Degrading),
            _ => {}
        }
    }
    let at = Place {
        leg,
        phase: weighed.cause.phase,
    };
    match stop {
        // It may have ended the connection at its own rung or, if it shows later, at a later one.
        Some(stop) if stop.leg == leg && level(weighed.cause.phase) <= level(stop.phase) => {
            return Some(Severity::Blocking);
        }
        _ => {}
    }
    // Only some connections fail: the rung was passed by others.
    if standing.outcome(at) == Some(RungOutcome::Warned) {
        return Some(Severity::Degrading);
    }
    // What files and people say of other connections stands beside what was seen of this one.
    let elsewhere = weighed
        .because
        .iter()
        .any(|(_, observation, _)| !matches!(observation.source, Source::Probe | Source::Capture));
    match (elsewhere, standing.arrived(), stop) {
        (true, true, _) => Some(Severity::Degrading),
        (true, false, _) if works_again(index, weighed) => Some(Severity::Degrading),
        // A connection that ended further down did not end for what waits further up.
        (true, false, Some(stop)) if stop.leg == leg => Some(Severity::Degrading),
        (true, false, None) if only_described(index, weighed) => None,
        (true, false, _) => Some(Severity::Blocking),
        (false, _, _) => None,
    }
}

/// Nobody says that anything fails, and what speaks for the cause only tells how the machine is set up: a server
/// that listens and demands NLA is no fault. What is a fault by itself (a service that is stopped, a switch that is
/// off) weighs more.
fn only_described(index: &Index<'_>, weighed: &Weighed<'_>) -> bool {
    let complains = |observation: &Observation| STATED.reads.contains(&observation.fact.kind());
    !index.evidence.seen.iter().any(complains)
        && weighed.because.iter().all(|(_, observation, weight)| {
            *weight < Weight::Strong.decibans()
                && matches!(
                    observation.fact,
                    Fact::SettingFound { .. }
                        | Fact::ServiceFound { .. }
                        | Fact::ListenerFound { .. }
                        | Fact::ProgramFound { .. }
                        | Fact::FilterFound { .. }
                        | Fact::FileFound { .. }
                        | Fact::InterfaceFound { .. }
                )
        })
}

/// By the same logs somebody came to a session, not earlier than the last trouble that speaks for the cause:
/// it ends some connections and not all. A log that tells no time counts as if it did.
fn works_again(index: &Index<'_>, weighed: &Weighed<'_>) -> bool {
    let trouble = weighed
        .because
        .iter()
        .filter_map(|(_, observation, _)| last_told(&observation.fact))
        .max();
    index.evidence.seen.iter().any(|observation| {
        began_session(&observation.fact)
            && match (last_told(&observation.fact), trouble) {
                (Some(session), Some(trouble)) => session >= trouble,
                _ => true,
            }
    })
}

fn last_told(fact: &Fact) -> Option<UnixMicros> {
    match fact {
        Fact::EventLogged { last, .. }
        | Fact::LogSaid { last, .. }
        | Fact::ConnectionsLogged { last, .. } => *last,
        _ => None,
    }
}

/// The log tells of a session that began over Remote Desktop.
fn began_session(fact: &Fact) -> bool {
    match fact {
        Fact::EventLogged {
            provider,
            id,
            fields,
            ..
        } => match (provider.as_str(), id) {
            ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 66) => true,
            ("Microsoft-Windows-TerminalServices-LocalSessionManager", 21 | 22 | 25) => fields
                .get("Address")
                .is_some_and(|address| address != "LOCAL"),
            ("Microsoft-Windows-Security-Auditing", 4624) => {
                fields.get("LogonType").is_some_and(|kind| kind == "10")
            }
            _ => false,
        },
        Fact::LogSaid { symbol, .. } => {
            matches!(
                symbol.as_str(),
                "SESSION_NEW" | "LOGIN_OK" | "GUACD_LOGON" | "RDG_OK"
            )
        }
        _ => false,
    }
}

/// A rung by its height. A port that is silent and a host that is silent may have the same reason, so the two
/// rungs are one height.
fn level(phase: Phase) -> Phase {
    if phase == Phase::Reach {
        Phase::Tcp
    } else {
        phase
    }
}

/// Rivals for having ended the connection, and what the catalogue does not know.
fn share_with_the_unknown(rivals: &mut [Weighed<'_>], setting: Setting) {
    let odds: Vec<f64> = rivals
        .iter()
        .map(|rival| counted(rival) + priors::of(rival.cause, setting))
        .collect();
    let first = rivals
        .iter()
        .zip(&odds)
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .and_then(|(rival, _)| heaviest(rival));
    let unknown = match first {
        Some((_, observation, _)) if names_no_maker(&observation.fact) => UNKNOWN_ENDING,
        _ => UNKNOWN_SAID,
    };
    share(rivals, &odds, unknown);
}

/// What the evidence of a cause comes to beside that of its rivals, in decibans.
fn counted(weighed: &Weighed<'_>) -> f64 {
    if weighed.weight >= PROVEN {
        return f64::from(weighed.weight) + PROOF;
    }
    let sum = |cited: &[(&Clue, &Observation, i32)]| -> i32 {
        cited.iter().map(|(_, _, weight)| *weight).sum()
    };
    let first = heaviest(weighed).map_or(0, |(_, _, weight)| *weight);
    let further = sum(&weighed.because) - first;
    f64::from(first) + TEMPER * f64::from(further) + f64::from(sum(&weighed.despite))
}

/// What speaks for a cause above all.
fn heaviest<'w, 'e>(weighed: &'w Weighed<'e>) -> Option<&'w (&'static Clue, &'e Observation, i32)> {
    weighed.because.iter().max_by_key(|(_, _, weight)| *weight)
}

/// The fact tells how something ended or that nothing came, and not a word of why; or somebody tells of it.
fn names_no_maker(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Ended { .. }
            | Fact::TcpOpened { .. }
            | Fact::TcpRefused { .. }
            | Fact::TcpSilent { .. }
            | Fact::OtherPortAnswered { .. }
            | Fact::Retransmitted { .. }
            | Fact::AnswerTook { .. }
            | Fact::Trickled { .. }
            | Fact::CodeStated { .. }
            | Fact::SymptomStated { .. }
            | Fact::BehaviourStated { .. }
    )
}

/// Gives each rival its share, by odds in decibans, beside an unknown one.
fn share(rivals: &mut [Weighed<'_>], odds: &[f64], unknown: f64) {
    let highest = odds.iter().copied().fold(unknown, f64::max);
    let part = |decibans: f64| 10_f64.powf((decibans - highest) / 10.0);
    let whole: f64 = odds.iter().map(|&own| part(own)).sum::<f64>() + part(unknown);
    for (rival, &own) in rivals.iter_mut().zip(odds) {
        rival.probability = part(own) / whole;
    }
}

/// Which causes that let a connection live are told: those that share an observation when together they are
/// probable enough, and none of them is far behind the first.
fn told(living: &[Weighed<'_>]) -> Vec<bool> {
    living
        .iter()
        .map(|weighed| {
            let (mut whole, mut best) = (0.0_f64, 0.0_f64);
            for other in living.iter().filter(|other| same_heaviest(weighed, other)) {
                whole += other.probability;
                best = best.max(other.probability);
            }
            whole >= TOLD && weighed.probability * 2.0 >= best
        })
        .collect()
}

/// Each cause against its not being so; causes that cite the same observation first share it.
fn share_by_observation(living: &mut [Weighed<'_>], setting: Setting) {
    let decibans: Vec<f64> = living
        .iter()
        .map(|weighed| f64::from(weighed.weight) + priors::of(weighed.cause, setting))
        .collect();
    let shares: Vec<f64> = living
        .iter()
        .zip(&decibans)
        .map(|(weighed, &own)| {
            let same: f64 = living
                .iter()
                .zip(&decibans)
                .filter(|(other, _)| same_heaviest(weighed, other))
                .map(|(_, &other)| 10_f64.powf((other - own) / 10.0))
                .sum();
            1.0 / (same.max(1.0) + 10_f64.powf(-own / 10.0))
        })
        .collect();
    for (weighed, share) in living.iter_mut().zip(shares) {
        weighed.probability = share;
    }
}

/// Both rest on the same observation above all.
fn same_heaviest(one: &Weighed<'_>, other: &Weighed<'_>) -> bool {
    let heaviest = |weighed: &Weighed<'_>| {
        heaviest(weighed).map(|(_, observation, _)| std::ptr::from_ref::<Observation>(observation))
    };
    std::ptr::eq(one.cause, other.cause)
        || (one.leg == other.leg
            && explains(one.cause)
            && explains(other.cause)
            && heaviest(one) == heaviest(other))
}

/// What ends connections explains what was seen, whether it ended all of them or some.
fn explains(cause: &Cause) -> bool {
    cause.explains || cause.severity == Severity::Blocking
}

/// Most probable first; then the heavier; then by name, so that the order is always the same.
fn sort(weighed: &mut [Weighed<'_>]) {
    weighed.sort_by(|a, b| {
        a.severity
            .cmp(&b.severity)
            .then(b.probability.total_cmp(&a.probability))
            .then(b.weight.cmp(&a.weight))
            .then(a.cause.id.cmp(b.cause.id))
    });
}

/// A deeper cause that is as good as sure stands before what comes of it.
fn roots_first(living: &mut [Weighed<'_>]) {
    for place in 0..living.len() {
        let root = living.get(place).and_then(|shallow| {
            living.iter().skip(place).position(|deeper| {
                shallow.severity == deeper.severity
                    && shallow.cause.roots.contains(&deeper.cause.id)
                    && deeper.probability >= ROOT
            })
        });
        if let Some(behind) = root
            && let at = place + behind
            && let Some(between) = living.get_mut(place..=at)
        {
            between.rotate_right(1);
        }
    }
}

/// Fills `{tally}` with how many of the connections that the clue reads of fared as the one that is cited.
fn tallied(index: &Index<'_>, clue: &Clue, cited: &Observation, template: &str) -> String {
    if !template.contains("{tally}") {
        return template.to_owned();
    }
    let same = |fact: &Fact| match (fact, &cited.fact) {
        (
            Fact::Ended { how, after, .. },
            Fact::Ended {
                how: cited_how,
                after: cited_after,
                ..
            },
        ) => how == cited_how && after == cited_after,
        (fact, cited) => fact.kind() == cited.kind(),
    };
    // Whether a port opens has nothing to do with what is said afterwards; how a connection ends has.
    let any_intent = !matches!(cited.fact, Fact::Ended { .. });
    let intent = index.intent(cited);
    let looks = |counts: &dyn Fn(&Fact) -> bool| {
        let looks: BTreeSet<_> = clue
            .reads
            .iter()
            .flat_map(|&kind| index.of_kind(kind))
            .filter(|seen| any_intent || index.intent(seen) == intent)
            .filter(|seen| counts(&seen.fact))
            .filter_map(|seen| seen.look)
            .collect();
        looks.len()
    };
    let tally = format!("{} of {}", looks(&same), looks(&|_| true));
    template.replace("{tally}", &tally)
}

/// What a clue says of what it cites, with what only the index or the family knows filled in.
fn template(
    index: &Index<'_>,
    clue: &Clue,
    cited: &Observation,
    family: &str,
    against: bool,
) -> String {
    let says = if against { clue.denies } else { clue.says };
    let says = tallied(index, clue, cited, says);
    match &cited.fact {
        Fact::WordsStated { words } if says.contains("{told}") => {
            let loudest = told::loudest(words, family);
            let told = if loudest.is_empty() {
                "these".to_owned()
            } else {
                loudest.join(", ")
            };
            says.replace("{told}", &told)
        }
        _ => says,
    }
}

fn finding(index: &Index<'_>, weighed: Weighed<'_>, unknown: Vec<&'static str>) -> Finding {
    let target = &index.evidence.target;
    let reasons = |cited: &[(&'static Clue, &Observation, i32)], against: bool| {
        let mut reasons: Vec<Reason> = cited
            .iter()
            .map(|(clue, observation, weight)| Reason {
                says: words::fill(
                    &template(index, clue, observation, weighed.cause.family, against),
                    target,
                    Some(observation),
                ),
                evidence: index.position(observation),
                weight_db: *weight,
            })
            .collect();
        reasons.sort_by_key(|reason| -reason.weight_db.abs());
        reasons
    };
    let verdict = match (weighed.weight, weighed.probability) {
        (PROVEN.., ALONE..) => Verdict::Proven,
        (LIKELY.., 0.5..) => Verdict::Likely,
        _ => Verdict::Possible,
    };
    Finding {
        cause: weighed.cause,
        leg: weighed.leg,
        severity: weighed.severity,
        verdict,
        weight_db: weighed.weight,
        probability: weighed.probability,
        because: reasons(&weighed.because, false),
        despite: reasons(&weighed.despite, true),
        unknown,
    }
}
