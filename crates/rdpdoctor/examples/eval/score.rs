//! How a verdict is scored: whether it is right, whether it is sure, and whether its probabilities mean what
//! they say.

use serde::Serialize;

/// Probability from which a wrong verdict counts as confident.
pub const CONFIDENT: f64 = 0.9;
/// Bins of a reliability table.
const BINS: u32 = 10;

/// What was said of something with which probability, and whether it was so.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The probability.
    pub said: f64,
    /// It was so.
    pub right: bool,
}

/// One line of a reliability table.
#[derive(Clone, Debug, Serialize)]
pub struct Bin {
    /// From this percentage.
    pub from: u32,
    /// Claims.
    pub claims: usize,
    /// Their mean probability.
    pub said: f64,
    /// The share that was right.
    pub right: f64,
}

/// Whether probabilities mean what they say.
#[derive(Clone, Debug, Serialize)]
pub struct Reliability {
    /// Claims.
    pub claims: usize,
    /// The distance between what was said and what was so, over the bins, weighted by their claims.
    pub error: f64,
    /// The mean square of the distance of each claim from the truth.
    pub brier: f64,
    /// The bins that hold a claim.
    pub bins: Vec<Bin>,
}

/// Sorts claims into bins.
pub fn reliability(claims: &[Claim]) -> Reliability {
    let all = number(claims.len().max(1));
    let mut bins = Vec::new();
    let mut error = 0.0;
    for from in 0..BINS {
        let (low, high) = (
            f64::from(from) / f64::from(BINS),
            f64::from(from + 1) / f64::from(BINS),
        );
        let inside: Vec<&Claim> = claims
            .iter()
            .filter(|claim| claim.said >= low && (claim.said < high || from + 1 == BINS))
            .collect();
        if inside.is_empty() {
            continue;
        }
        let count = number(inside.len());
        let said = inside.iter().map(|claim| claim.said).sum::<f64>() / count;
        let right = number(inside.iter().filter(|claim| claim.right).count()) / count;
        error += (said - right).abs() * count / all;
        bins.push(Bin {
            from: from * 100 / BINS,
            claims: inside.len(),
            said,
            right,
        });
    }
    let brier = claims
        .iter()
        .map(|claim| (claim.said - f64::from(u8::from(claim.right))).powi(2))
        .sum::<f64>()
        / all;
    Reliability {
        claims: claims.len(),
        error,
        brier,
        bins,
    }
}

/// The share of the items of which something is true; nothing of nothing is zero.
pub fn share<T>(of: &[T], is: impl Fn(&T) -> bool) -> f64 {
    number(of.iter().filter(|one| is(one)).count()) / number(of.len().max(1))
}

/// A count as a number to reckon with.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of cases are small"
)]
pub fn number(count: usize) -> f64 {
    count as f64
}
