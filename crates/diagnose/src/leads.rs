//! What to look at next: the looks that are expected to tell most about the remaining causes, for what they cost,
//! among those that can still be taken.

use model::codes::Symptom;
use model::{Fact, FactKind, Message};

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
            // Where nothing names the host, there is nothing to type in its place.
            command: ask
                .command
                .filter(|command| target.port != 0 || !command.contains('{'))
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
    if is(&asks::WITH_USER) {
        return index.evidence.seen.iter().any(|seen| is_logon(&seen.fact));
    }
    if is(&asks::TCP_ONLY) {
        return said(&["disabling-udp-helps"]);
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
    if is(&asks::FAILED_LOGONS) {
        return index.of_kind(FactKind::EventLogged).any(|seen| {
            matches!(&seen.fact, Fact::EventLogged { provider, id: 4625, .. }
                if provider == "Microsoft-Windows-Security-Auditing")
        });
    }
    if is(&asks::SWITCH) {
        return index.of_kind(FactKind::SettingFound).any(|seen| {
            matches!(&seen.fact, Fact::SettingFound { name, .. } if name == "fDenyTSConnections")
        });
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

/// A logon was tried: the client said who it is.
const fn is_logon(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::LogonAccepted { .. }
            | Fact::LogonAuthorized { .. }
            | Fact::CredSspRefused {
                named: Some(true),
                ..
            }
            | Fact::Ended {
                after: Message::CredSspAuthenticate,
                ..
            }
    )
}

#[cfg(test)]
mod tests {
    use model::Leg;

    use super::*;
    use crate::causes::CAUSES;
    use crate::diagnosis::Verdict;

    /// As a diagnosis finds it, this probable.
    fn found(id: &str, probability: f64) -> Finding {
        let cause = CAUSES.iter().copied().find(|cause| cause.id == id).unwrap();
        Finding {
            cause,
            leg: Leg::Host,
            severity: cause.severity,
            verdict: Verdict::Possible,
            weight_db: 20,
            probability,
            because: Vec::new(),
            despite: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// The bits a look tells, reckoned the long way: what is open before, less what is open after each thing that
    /// it can show.
    fn told_the_long_way(ask: &Ask, findings: &[Finding]) -> f64 {
        let by_side = SIDES.iter().any(|side| std::ptr::eq(*side, ask));
        let names = |finding: &Finding| finding.cause.asks.iter().any(|own| own.look == ask.look);
        // Every cause, and what is none of them.
        let mut shares: Vec<f64> = findings.iter().map(|finding| finding.probability).collect();
        shares.push(1.0 - shares.iter().sum::<f64>());
        let entropy = |shares: &[f64]| -> f64 {
            let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
            shares.iter().map(|&p| part(p)).sum()
        };
        // What it can show: one of those that name it, or the side of some of them, or nothing.
        let mut shows: Vec<Vec<bool>> = Vec::new();
        for (own, finding) in findings.iter().enumerate().filter(|(_, f)| names(f)) {
            let shown: Vec<bool> = findings
                .iter()
                .enumerate()
                .map(|(other, with)| {
                    other == own
                        || (by_side && names(with) && with.cause.side == finding.cause.side)
                })
                .collect();
            if !shows.contains(&shown) {
                shows.push(shown);
            }
        }
        let likelihood = |shown: Option<&Vec<bool>>, which: usize| {
            let any = |shown: &Vec<bool>| shown.get(which).copied().unwrap_or_default();
            match shown {
                Some(shown) if any(shown) => SHOWS,
                Some(_) => 0.0,
                None if shows.iter().any(any) => 1.0 - SHOWS,
                None => 1.0,
            }
        };
        let mut after = 0.0;
        for shown in shows.iter().map(Some).chain([None]) {
            let joint: Vec<f64> = shares
                .iter()
                .enumerate()
                .map(|(which, share)| share * likelihood(shown, which))
                .collect();
            let whole: f64 = joint.iter().sum();
            let left: Vec<f64> = joint
                .iter()
                .map(|p| p / whole.max(f64::MIN_POSITIVE))
                .collect();
            after += whole * entropy(&left);
        }
        entropy(&shares) - after
    }

    fn rivals() -> Vec<Vec<Finding>> {
        [
            &[
                ("secure.key-unusable", 0.36),
                ("secure.key-store-permissions", 0.28),
                ("secure.certificate-broken", 0.23),
                ("secure.reset-on-the-way", 0.05),
            ][..],
            &[
                ("reach.host-silent", 0.21),
                ("tcp.filtered-on-the-host", 0.21),
                ("reach.path-down", 0.17),
                ("tcp.filtered-on-the-way", 0.17),
            ],
            &[
                ("negotiate.nothing-behind-the-forwarder", 0.67),
                ("negotiate.connection-limit", 0.13),
            ],
            &[("negotiate.nla-required", 0.99)],
        ]
        .iter()
        .map(|group| group.iter().map(|(id, share)| found(id, *share)).collect())
        .collect()
    }

    #[test]
    fn what_a_look_tells_is_what_it_leaves_less_open() {
        for findings in rivals() {
            let refs: Vec<&Finding> = findings.iter().collect();
            for ask in findings.iter().flat_map(|finding| finding.cause.asks) {
                let named: f64 = findings
                    .iter()
                    .filter(|finding| finding.cause.asks.iter().any(|own| own.look == ask.look))
                    .map(|finding| finding.probability)
                    .sum();
                let reckoned = worth(ask, &refs, 1.0) * (1.0 + f64::from(ask.cost)) - PROOF * named;
                let told = told_the_long_way(ask, &findings);
                assert!(
                    (reckoned - told).abs() < 1e-9,
                    "{}: {reckoned} {told}",
                    ask.look
                );
            }
        }
    }

    #[test]
    fn no_look_that_is_left_out_is_worth_more_than_one_that_is_given() {
        let target = model::Target {
            input: String::new(),
            host: model::HostName("srv01".to_owned()),
            port: 3389,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: model::ClientProfile::default(),
        };
        let evidence = model::Evidence::of(target, model::UnixSeconds(0));
        let index = Index::of(&evidence);
        for findings in rivals() {
            let refs: Vec<&Finding> = findings.iter().collect();
            let given = leads(&findings, &index);
            let filled = |ask: &Ask| words::fill(ask.look, &evidence.target, None);
            let (mut least_given, mut most_left) = (f64::MAX, 0.0_f64);
            for ask in findings.iter().flat_map(|finding| finding.cause.asks) {
                let worth = worth(ask, &refs, 1.0);
                if given.iter().any(|lead| lead.look == filled(ask)) {
                    least_given = least_given.min(worth);
                } else if !taken(ask, &index) {
                    most_left = most_left.max(worth);
                }
            }
            assert!(least_given >= most_left, "{least_given} {most_left}");
        }
    }
}
