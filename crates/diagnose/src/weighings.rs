//! What every clue of the catalogue reads in a case, told in a diagnosis or not: for the tests that hold the
//! catalogue to its laws.

use std::collections::BTreeSet;

use model::{Evidence, Leg};

use crate::cause::{Cause, Reading};
use crate::causes::CAUSES;
use crate::index::Index;
use crate::view::View;
use crate::weigh;

/// A cause on one stretch of road, with what its clues read.
#[derive(Clone, Debug)]
pub struct Weighing {
    /// The cause.
    pub cause: &'static Cause,
    /// The stretch of road.
    pub leg: Leg,
    /// The sum of the evidence, in decibans, prior not included.
    pub weight_db: i32,
    /// What each of its clues reads, in their order.
    pub clues: Vec<Said>,
}

/// What a clue reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is so.
    For,
    /// It is not so.
    Against,
    /// Nothing is known about it.
    Silent,
}

/// Every cause that the evidence says something of, in the order of the catalogue.
pub fn weighings(evidence: &Evidence) -> Vec<Weighing> {
    let index = Index::of(evidence);
    let legs: BTreeSet<Leg> = weigh::legs(&index);
    let mut weighings = Vec::new();
    for &leg in &legs {
        for cause in CAUSES
            .iter()
            .copied()
            .filter(|cause| weigh::belongs(cause, leg, &legs))
        {
            let clues: Vec<Said> = cause
                .clues
                .iter()
                .map(
                    |clue| match (clue.look)(&View::new(&index, leg, clue.reads)) {
                        Reading::For(_) => Said::For,
                        Reading::Against(_) => Said::Against,
                        Reading::Silent => Said::Silent,
                    },
                )
                .collect();
            let weight_db = weigh::weigh(&index, cause, leg).weight;
            if weight_db != 0 || clues.iter().any(|said| *said != Said::Silent) {
                weighings.push(Weighing {
                    cause,
                    leg,
                    weight_db,
                    clues,
                });
            }
        }
    }
    weighings
}

#[cfg(test)]
mod tests {
    use model::{ClientProfile, HostName, Target, UnixSeconds};

    use super::*;

    /// What lets the weighing pass over a clue of whose kinds nothing was seen.
    #[test]
    fn no_clue_reads_anything_in_nothing() {
        let host = HostName("srv01.corp.example".to_owned());
        let target = Target {
            input: host.0.clone(),
            host: host.clone(),
            port: 3389,
            address: None,
            zone: None,
            gateway: Some(host.clone()),
            proxy: Some(host),
            client: ClientProfile::default(),
        };
        let evidence = Evidence::of(target, UnixSeconds(0));
        let index = Index::of(&evidence);
        for &leg in Leg::ALL {
            for cause in CAUSES {
                for clue in cause.clues {
                    let read = (clue.look)(&View::new(&index, leg, clue.reads));
                    assert!(
                        matches!(read, Reading::Silent),
                        "{}: {}",
                        cause.id,
                        clue.says
                    );
                }
            }
        }
    }
}
