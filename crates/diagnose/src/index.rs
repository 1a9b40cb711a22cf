//! The evidence put in order, so that hundreds of clues find what they read at once and in whatever order
//! the observations came.

use std::collections::{BTreeMap, BTreeSet};

use model::codes::TlsAlert;
use model::{
    Ending, Evidence, Fact, FactKind, Intent, LogonMechanism, LookId, Micros, Observation, Source,
};

/// Beyond this many observations, those of the same moment, look and kind keep the order in which they came.
const FULLY_ORDERED: usize = 20_000;

/// So long after the last connection that went well, those that fail are no matter of chance or of a restart.
const MOMENTS: Micros = Micros::from_secs(60);
/// So many have to have failed since.
const FAILED_SINCE: usize = 2;

/// The other side said why it goes no further: the end of that connection is a consequence and no sign of
/// its own.
fn explains_the_end(fact: &Fact) -> bool {
    match fact {
        Fact::NegotiationRefused { .. }
        | Fact::OtherServiceAnswered { .. }
        | Fact::Unreadable { .. }
        | Fact::TlsRejected { .. }
        | Fact::NotTls { .. }
        | Fact::ProxyRefused { .. }
        | Fact::CredSspRefused { .. }
        | Fact::CredSspAnswerTooSmall { .. }
        | Fact::ChannelRefused { .. }
        | Fact::ServerRedirected { .. }
        | Fact::ErrorInfoSent { .. }
        | Fact::ServerDisconnected { .. } => true,
        // LOGON_FAILED_OTHER is the last that is a failure.
        Fact::LogonNotified { kind, about } => kind.is_some() && *about <= 2,
        Fact::LogonAuthorized { result } => *result != 0,
        Fact::SettingsAnswered { result, .. } => *result != 0,
        Fact::LicenseAnswered { error, .. } => !crate::view::is_licensed(*error),
        Fact::TlsAlerted { alert, .. } => *alert != TlsAlert::CLOSE_NOTIFY,
        _ => false,
    }
}

/// What a question of a survey finds by itself.
const fn is_finding(fact: &Fact) -> bool {
    matches!(fact, Fact::RdpSecuritySeen { .. })
}

/// Observations by kind, and by the connection on which they were seen.
#[derive(Debug)]
pub struct Index<'e> {
    pub(crate) evidence: &'e Evidence,
    kinds: BTreeMap<FactKind, Vec<&'e Observation>>,
    /// The kinds of all that is here, of before as well.
    shown: Vec<FactKind>,
    looks: BTreeMap<Option<LookId>, Vec<&'e Observation>>,
    /// What was seen on connections while the host still worked, where it has long failed since.
    before: Vec<&'e Observation>,
    intents: BTreeMap<LookId, Intent>,
}

impl<'e> Index<'e> {
    pub(crate) fn of(evidence: &'e Evidence) -> Self {
        let intents: BTreeMap<LookId, Intent> = evidence
            .tried
            .iter()
            .map(|attempt| (attempt.look, attempt.intent))
            .collect();
        let is_survey = |look: Option<LookId>| {
            look.and_then(|look| intents.get(&look)) == Some(&Intent::Survey)
        };
        // A survey is refused on purpose; what counts are its findings.
        let mut seen: Vec<&Observation> = evidence
            .seen
            .iter()
            .filter(|seen| !is_survey(seen.look) || is_finding(&seen.fact))
            .collect();
        let moment = |observation: &Observation| {
            (
                observation.at.is_none(),
                observation.at,
                observation.look,
                observation.fact.kind(),
            )
        };
        let fully = seen.len() <= FULLY_ORDERED;
        seen.sort_by_key(|observation| moment(observation));
        if fully {
            // Writing a fact out costs more than all else: only equals are told apart by it.
            for equals in seen.chunk_by_mut(|a, b| moment(a) == moment(b)) {
                if equals.len() > 1 {
                    equals.sort_by_cached_key(|observation| format!("{:?}", observation.fact));
                }
            }
        }
        let before = match failing_since(&seen, &intents) {
            Some(since) => {
                let earlier = |seen: &&Observation| {
                    seen.look.is_some() && seen.at.is_some_and(|at| at < since)
                };
                let (before, rest) = seen.into_iter().partition(earlier);
                seen = rest;
                before
            }
            None => Vec::new(),
        };
        let explained: BTreeSet<LookId> = seen
            .iter()
            .filter(|observation| explains_the_end(&observation.fact))
            .filter_map(|observation| observation.look)
            .collect();
        let gone_on = gone_on(&seen);
        let mut kinds: BTreeMap<FactKind, Vec<&Observation>> = BTreeMap::new();
        let mut looks: BTreeMap<Option<LookId>, Vec<&Observation>> = BTreeMap::new();
        for observation in seen {
            let of = |looks: &BTreeSet<LookId>| {
                observation.look.is_some_and(|look| looks.contains(&look))
            };
            let consequence = match observation.fact.kind() {
                FactKind::Ended => of(&explained) || of(&gone_on),
                FactKind::CredSspRefused => of(&gone_on),
                _ => false,
            };
            if consequence {
                continue;
            }
            kinds
                .entry(observation.fact.kind())
                .or_default()
                .push(observation);
            looks.entry(observation.look).or_default().push(observation);
        }
        let mut shown: Vec<FactKind> = kinds.keys().copied().collect();
        shown.extend(before.iter().map(|seen| seen.fact.kind()));
        shown.sort_unstable();
        shown.dedup();
        Self {
            evidence,
            kinds,
            shown,
            looks,
            before,
            intents,
        }
    }

    /// What was seen on connections while the host still worked, where it has long failed since; in order of time.
    pub(crate) fn before(&'e self) -> impl Iterator<Item = &'e Observation> {
        self.before.iter().copied()
    }

    /// Something of these kinds is here.
    pub(crate) fn shows(&self, kinds: &[FactKind]) -> bool {
        kinds.iter().any(|kind| self.shown.contains(kind))
    }

    /// The observations of one kind, in order of time.
    pub(crate) fn of_kind(&'e self, kind: FactKind) -> impl Iterator<Item = &'e Observation> {
        self.kinds.get(&kind).into_iter().flatten().copied()
    }

    /// What was seen on each connection, and what it was for.
    pub(crate) fn connections(&self) -> impl Iterator<Item = (Intent, &[&'e Observation])> {
        self.looks
            .iter()
            .map(|(look, seen)| (self.intent_of(*look), seen.as_slice()))
    }

    /// What the look was for during which this was seen. What belongs to no look was seen on a real client.
    pub(crate) fn intent(&self, observation: &Observation) -> Intent {
        self.intent_of(observation.look)
    }

    fn intent_of(&self, look: Option<LookId>) -> Intent {
        look.and_then(|look| self.intents.get(&look))
            .copied()
            .unwrap_or(Intent::AsClient)
    }

    /// The place of an observation of the evidence in it, reckoned from where it lies in memory.
    pub(crate) fn position(&self, observation: &Observation) -> usize {
        let first = self.evidence.seen.as_ptr().addr();
        std::ptr::from_ref(observation)
            .addr()
            .saturating_sub(first)
            .checked_div(size_of::<Observation>())
            .unwrap_or_default()
    }
}

/// The connections on which Kerberos was begun and did not lead on, where the client went on to NTLM on another one: it
/// is two ways to log on, and the second one tells how the logon went.
fn gone_on(seen: &[&Observation]) -> BTreeSet<LookId> {
    let begun = |mechanism: LogonMechanism| {
        seen.iter()
            .filter(move |observation| {
                matches!(observation.fact, Fact::CredSspOffered { mechanism: Some(own), .. } if own == mechanism)
            })
            .filter_map(|observation| observation.look)
    };
    let last = begun(LogonMechanism::Ntlm).max();
    begun(LogonMechanism::Kerberos)
        .filter(|look| last.is_some_and(|last| last > *look))
        .collect()
}

/// How one connection of the client's went.
#[derive(Debug)]
struct Went {
    began: Micros,
    well: bool,
    badly: bool,
}

/// Since when no connection of the client's goes well, where some did before and those that do not are several and
/// come long after. A record over a day tells of two hosts in a way: the one that worked, and the one that is asked
/// about.
fn failing_since(seen: &[&Observation], intents: &BTreeMap<LookId, Intent>) -> Option<Micros> {
    let times = || seen.iter().filter_map(|observation| observation.at);
    if times().max()?.since(times().min()?) < MOMENTS {
        return None;
    }
    let mut connections: BTreeMap<LookId, Went> = BTreeMap::new();
    for observation in seen {
        let (Some(look), Some(at)) = (observation.look, observation.at) else {
            continue;
        };
        if intents
            .get(&look)
            .is_some_and(|intent| *intent != Intent::AsClient)
        {
            continue;
        }
        let went = connections.entry(look).or_insert(Went {
            began: at,
            well: false,
            badly: false,
        });
        went.well |= matches!(
            observation.fact,
            Fact::NegotiationChosen { .. } | Fact::NegotiationPlain { .. }
        );
        went.badly |= fails(observation);
    }
    let last = connections
        .values()
        .filter(|went| went.well && !went.badly)
        .map(|went| went.began)
        .max()?;
    let since: Vec<Micros> = connections
        .values()
        .filter(|went| went.badly && went.began > last)
        .map(|went| went.began)
        .collect();
    let long = since.iter().max()?.since(last) >= MOMENTS;
    (long && since.len() >= FAILED_SINCE)
        .then(|| since.into_iter().min())
        .flatten()
}

/// The connection did not go well. How one ended that was not ours tells nothing of that: sessions end, too.
fn fails(observation: &Observation) -> bool {
    match &observation.fact {
        Fact::TcpRefused { .. }
        | Fact::TcpSilent { .. }
        | Fact::TcpUnreachable { .. }
        | Fact::NegotiationRefused { .. }
        | Fact::OtherServiceAnswered { .. }
        | Fact::TlsRejected { .. }
        | Fact::NotTls { .. }
        | Fact::Unreadable { .. } => true,
        Fact::TlsAlerted { alert, .. } => *alert != TlsAlert::CLOSE_NOTIFY,
        Fact::Ended { how, .. } => observation.source == Source::Probe || *how == Ending::Silence,
        _ => false,
    }
}
