//! What to look at next: the looks that are expected to tell most about the remaining causes, for what they cost,
//! among those that can still be taken.

use model::codes::Symptom;
use model::{Fact, FactKind};

use crate::asks;
use crate::cause::{Ask, Severity, Side};
use crate::diagnosis::{Finding, Lead};
use crate::index::Index;
use crate::words;

/// The most leads that are given.
const GIVEN: usize = 4;
/// How often a look shows its cause, when that is the one.
const SHOWS: f64 = 0.85;
/// What a proof of the likely is worth, beside what tells causes apart: a person has to act on it.
const PROOF: f64 = 0.3;

/// Looks that tell on which side the fault is, and not which one it is there.
static SIDES: &[&Ask] = &[
    &asks::FROM_INSIDE,
    &asks::FROM_ELSEWHERE,
    &asks::AGAIN,
    &asks::CAPTURE,
];

/// The looks named by the causes found, best first.
pub(crate) fn leads(findings: &[Finding], index: &Index<'_>) -> Vec<Lead> {
    let target = &index.evidence.target;
    let blocking = findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking);
    let counted: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !blocking || finding.severity == Severity::Blocking)
        .collect();
    let whole = counted
        .iter()
        .map(|finding| finding.probability)
        .sum::<f64>()
        .max(1.0);
    let mut asks: Vec<&'static Ask> = Vec::new();
    for ask in counted.iter().flat_map(|finding| finding.cause.asks) {
        if !asks.iter().any(|known| known.look == ask.look) && !taken(ask, index) {
            asks.push(ask);
        }
    }
    let mut ranked: Vec<(&Ask, f64)> = asks
        .into_iter()
        .map(|ask| (ask, worth(ask, &counted, whole)))
        .collect();
    // Equals keep the order in which the causes name them.
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranked
        .into_iter()
        .take(GIVEN)
        .map(|(ask, _)| Lead {
            look: words::fill(ask.look, target, None),
            why: words::fill(ask.why, target, None),
            command: ask
                .command
                .map(|command| words::fill(command, target, None)),
        })
        .collect()
}

/// What a look is worth for its cost: the bits it is expected to tell, and a little for a proof of the likely.
///
/// When the cause is one that names the look, the look mostly points to it (or to its side); else it shows nothing.
fn worth(ask: &Ask, findings: &[&Finding], whole: f64) -> f64 {
    let mut pointed: Vec<(Option<Side>, f64)> = Vec::new();
    let by_side = SIDES.iter().any(|side| std::ptr::eq(*side, ask));
    for finding in findings {
        if !finding.cause.asks.iter().any(|own| own.look == ask.look) {
            continue;
        }
        let share = finding.probability / whole;
        let side = by_side.then_some(finding.cause.side);
        match pointed
            .iter_mut()
            .find(|(known, _)| known.is_some() && *known == side)
        {
            Some((_, sum)) => *sum += share,
            None => pointed.push((side, share)),
        }
    }
    let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    let named: f64 = pointed.iter().map(|(_, share)| share).sum();
    let shown: f64 = pointed.iter().map(|(_, share)| part(SHOWS * share)).sum();
    let open = named * (part(SHOWS) + part(1.0 - SHOWS));
    let told = (shown + part(1.0 - SHOWS * named) - open).max(0.0);
    (told + PROOF * named) / (1.0 + f64::from(ask.cost))
}

/// The look was taken, or cannot be: what it would show is in the evidence already.
fn taken(ask: &Ask, index: &Index<'_>) -> bool {
    let target = &index.evidence.target;
    let is = |other: &Ask| std::ptr::eq(other, ask);
    let said = |names: &[&'static str]| {
        index.of_kind(FactKind::BehaviourStated).any(|seen| {
            matches!(&seen.fact, Fact::BehaviourStated { symptom, .. }
                if names.iter().any(|&name| *symptom == Symptom::of(name)))
        })
    };
    let events_of = |names: &[&str]| {
        index.of_kind(FactKind::EventLogged).any(|seen| {
            matches!(&seen.fact, Fact::EventLogged { provider, .. } if names.contains(&provider.as_str()))
        })
    };
    if is(&asks::DEFAULT_PORT) {
        return target.port == model::target::RDP_PORT;
    }
    if is(&asks::BY_ADDRESS) {
        return target.address.is_some() || said(&["works-by-address", "works-by-name-only"]);
    }
    if is(&asks::FROM_INSIDE) {
        return said(&["works-locally", "only-over-vpn"]);
    }
    if is(&asks::FROM_ELSEWHERE) {
        return said(&["works-from-another-network", "fails-from-everywhere"]);
    }
    if is(&asks::SCHANNEL) {
        return events_of(&["Schannel"]);
    }
    if is(&asks::CERTIFICATE_EVENTS) {
        return events_of(&["Microsoft-Windows-TerminalServices-RemoteConnectionManager"]);
    }
    if is(&asks::XRDP_LOG) {
        return index.of_kind(FactKind::LogSaid).any(|seen| {
            matches!(&seen.fact, Fact::LogSaid { program, .. } if program.starts_with("xrdp"))
        });
    }
    if is(&asks::SERVICE) {
        return index.of_kind(FactKind::ServiceFound).next().is_some();
    }
    if is(&asks::LISTENING) {
        return index.of_kind(FactKind::ListenerFound).next().is_some()
            || index.of_kind(FactKind::ListenerMissing).next().is_some();
    }
    false
}
