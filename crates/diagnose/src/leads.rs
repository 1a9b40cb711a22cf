//! What to look at next: the looks that split the remaining causes best for what they cost.

use model::Target;

use crate::cause::{Ask, Severity};
use crate::diagnosis::{Finding, Lead};
use crate::words;

/// The most leads that are given.
const GIVEN: usize = 4;

/// The looks named by the causes found, best first.
pub(crate) fn leads(findings: &[Finding], target: &Target) -> Vec<Lead> {
    let blocking = findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking);
    let counted: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !blocking || finding.severity == Severity::Blocking)
        .collect();
    let mut asks: Vec<(&'static Ask, f64)> = Vec::new();
    for finding in &counted {
        for &ask in finding.cause.asks {
            match asks.iter_mut().find(|(known, _)| known.look == ask.look) {
                Some((_, share)) => *share += finding.probability,
                None => asks.push((ask, finding.probability)),
            }
        }
    }
    let mut ranked: Vec<(&Ask, f64)> = asks
        .into_iter()
        .map(|(ask, share)| (ask, worth(share.clamp(0.0, 1.0), ask.cost)))
        .collect();
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

/// What a look is worth: the bits it is expected to tell, and a little for a proof of the likely.
fn worth(share: f64, cost: u32) -> f64 {
    let bits = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    (bits(share) + bits(1.0 - share) + 0.3 * share) / (1.0 + f64::from(cost))
}
