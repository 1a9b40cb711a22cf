//! The surveys of `--full`: what they ask, and what their answers say together.
//!
//! Suites are asked for the way that takes the fewest connections: offer all, note the pick, leave it out,
//! repeat until the server refuses. That also yields the server's own order of preference. Suites that no
//! current client offers go in a chain of their own, so that a server that resets on them is not mistaken
//! for one without the others.

use std::sync::OnceLock;

use model::codes::{CipherSuite, NegFailure, NegFlags, Protocols, TlsVersion};
use model::{AttemptOutcome, Evidence, Fact, LookId};
use wire::tls::Hello;

use crate::plan::{Role, Sight};
use crate::probes::SUITES;

/// A row of picks: one version, and one kind of suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    /// The only version offered.
    pub version: TlsVersion,
    /// Suites that current clients offer, or the others.
    pub kind: Kind,
}

/// Kinds of suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Those that clients of the last twenty years offer.
    Usual,
    /// Without encryption or authentication, with export keys, RC2, RC4, IDEA, SEED or single DES.
    Weak,
}

/// Every row, most telling first.
const CHAINS: &[Chain] = &[
    Chain {
        version: TlsVersion::TLS1_3,
        kind: Kind::Usual,
    },
    Chain {
        version: TlsVersion::TLS1_2,
        kind: Kind::Usual,
    },
    Chain {
        version: TlsVersion::TLS1_2,
        kind: Kind::Weak,
    },
    Chain {
        version: TlsVersion::TLS1_0,
        kind: Kind::Usual,
    },
    Chain {
        version: TlsVersion::TLS1_1,
        kind: Kind::Usual,
    },
    Chain {
        version: TlsVersion::TLS1_0,
        kind: Kind::Weak,
    },
    Chain {
        version: TlsVersion::SSL3,
        kind: Kind::Usual,
    },
];

/// Sets of protocols to ask about; `None` is a request without negotiation.
const OFFERS: &[Option<Protocols>] = &[
    Some(Protocols::RDP),
    Some(Protocols::TLS),
    Some(Protocols::HYBRID),
    Some(Protocols(Protocols::TLS.0 | Protocols::HYBRID.0)),
    Some(Protocols(
        Protocols::TLS.0 | Protocols::HYBRID.0 | Protocols::HYBRID_EX.0,
    )),
    None,
];

/// Sets that make some servers drop the connection: asked alone, after everything else.
const LAST_OFFERS: &[Option<Protocols>] = &[Some(Protocols::RDSTLS), Some(Protocols::RDSAAD)];

/// What `--full` asks beside the contrasts.
pub(crate) fn roles(sight: &Sight<'_>) -> Vec<Role> {
    let mut roles: Vec<Role> = unasked(sight, OFFERS).collect();
    if tls_offers(sight).is_some() {
        roles.extend(CHAINS.iter().filter_map(|chain| next_pick(sight, *chain)));
    }
    roles
}

/// What `--full` asks when nothing else runs or is wanted.
pub(crate) fn last_roles(sight: &Sight<'_>) -> Vec<Role> {
    unasked(sight, LAST_OFFERS).take(1).collect()
}

fn unasked(sight: &Sight<'_>, offers: &'static [Option<Protocols>]) -> impl Iterator<Item = Role> {
    let asked: Vec<Option<Protocols>> = sight
        .evidence
        .seen
        .iter()
        .filter_map(|seen| match &seen.fact {
            Fact::NegotiationOffered { offered } => Some(*offered),
            _ => None,
        })
        .collect();
    offers
        .iter()
        .filter(move |offer| !asked.contains(offer))
        .map(|offer| Role::Offer(*offer))
}

/// The next pick of a row; `None` while one is under way, and when the server refused the last.
fn next_pick(sight: &Sight<'_>, chain: Chain) -> Option<Role> {
    let mut picks = picks(sight, chain);
    let step = u16::try_from(picks.len()).ok()?;
    let first = Role::Pick { chain, step };
    let Some(last) = picks.pop() else {
        return Some(first);
    };
    let left = suites(chain).len() > picks.len().saturating_add(1);
    (last.is_some_and(|_| left)).then_some(first)
}

/// What was picked in a row so far; `None` for a look that runs or that picked nothing.
fn picks(sight: &Sight<'_>, chain: Chain) -> Vec<Option<CipherSuite>> {
    sight
        .begun
        .iter()
        .filter(|begun| matches!(begun.role, Role::Pick { chain: own, .. } if own == chain))
        .map(|begun| {
            begun.ended?;
            chosen(sight.evidence, begun.id)
                .filter(|(version, _)| *version == chain.version)
                .map(|(_, suite)| suite)
        })
        .collect()
}

fn chosen(evidence: &Evidence, look: LookId) -> Option<(TlsVersion, CipherSuite)> {
    evidence
        .seen
        .iter()
        .filter(|seen| seen.look == Some(look))
        .find_map(|seen| match seen.fact {
            Fact::TlsChosen { version, suite } => Some((version, suite)),
            _ => None,
        })
}

/// The hello of the next pick: the suites of the row without those picked before.
pub(crate) fn hello(sight: &Sight<'_>, chain: Chain, server_name: Option<String>) -> Hello {
    let picked: Vec<CipherSuite> = picks(sight, chain).into_iter().flatten().collect();
    let mut suites = suites(chain).to_vec();
    suites.retain(|suite| !picked.contains(suite));
    Hello {
        server_name,
        suites,
        ..Hello::classic(chain.version, chain.version)
    }
}

/// The protocols whose offer leads to TLS: those of the client, or else what led there before.
pub(crate) fn tls_offers(sight: &Sight<'_>) -> Option<Protocols> {
    let led = |seen: &model::Observation| match seen.fact {
        Fact::NegotiationChosen {
            offered, chosen, ..
        } if chosen != Protocols::RDP => offered,
        _ => None,
    };
    sight.evidence.seen.iter().find_map(led)
}

/// The suites of a row, in the order of their numbers.
fn suites(chain: Chain) -> &'static [CipherSuite] {
    const BLOCKS: &[(u16, u16)] = &[
        (0x0000, 0x00FE),
        (0x1301, 0x1307),
        (0xC001, 0xC0FF),
        (0xCCA8, 0xCCAF),
    ];
    static ROWS: OnceLock<Vec<(Chain, Vec<CipherSuite>)>> = OnceLock::new();
    let row = |chain: &Chain| {
        BLOCKS
            .iter()
            .flat_map(|&(first, last)| first..=last)
            .map(CipherSuite)
            .filter(|suite| {
                suite
                    .name()
                    .is_some_and(|name| belongs(*chain, *suite, name))
            })
            .collect()
    };
    ROWS.get_or_init(|| CHAINS.iter().map(|chain| (*chain, row(chain))).collect())
        .iter()
        .find(|(own, _)| *own == chain)
        .map_or(&[], |(_, suites)| suites)
}

/// Whether a suite can be picked in a row, by its name in the registry.
fn belongs(chain: Chain, suite: CipherSuite, name: &str) -> bool {
    // Suites for keys we do not have, and numbers that are no suites.
    const OTHER_KEYS: &[&str] = &[
        "PSK",
        "SRP",
        "KRB5",
        "GOST",
        "FORTEZZA",
        "ECCPWD",
        "SCSV",
        "NULL_WITH_NULL",
    ];
    const WEAK: &[&str] = &[
        "_NULL_", "anon", "EXPORT", "RC4", "RC2", "IDEA", "SEED", "WITH_DES", "DES40",
    ];
    // Authenticated encryption and other digests than SHA-1 came with TLS 1.2 (RFC 5246 section 1.2).
    const SINCE_1_2: &[&str] = &["GCM", "CCM", "POLY1305", "SHA256", "SHA384"];
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let of_1_3 = suite.0 >> 8 == 0x13;
    let elliptic = name.contains("ECDH");
    let fits = match chain.version {
        TlsVersion::TLS1_3 => of_1_3,
        TlsVersion::TLS1_2 => !of_1_3,
        TlsVersion::SSL3 => !of_1_3 && !elliptic && !has(SINCE_1_2),
        _ => !of_1_3 && !has(SINCE_1_2),
    };
    fits && !has(OTHER_KEYS)
        && has(WEAK) == (chain.kind == Kind::Weak && chain.version != TlsVersion::TLS1_3)
}

/// What a server accepts and refuses in the X.224 exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NegotiationSurvey {
    /// What was offered, what was chosen, and the flags of the answer; `None` as an offer is a request
    /// without negotiation.
    pub accepted: Vec<(Option<Protocols>, Protocols, NegFlags)>,
    /// What was offered, and why it was refused.
    pub refused: Vec<(Option<Protocols>, NegFailure)>,
    /// The protocols that were chosen at least once; the empty set with
    /// [`Self::standard`] for Standard RDP Security.
    pub supported: Protocols,
    /// Standard RDP Security was accepted.
    pub standard: bool,
}

impl NegotiationSurvey {
    /// What the server insists on, by the reasons of its refusals.
    pub fn required(&self) -> Option<Protocols> {
        let refused = |code| self.refused.iter().any(|(_, reason)| *reason == code);
        if refused(NegFailure::HYBRID_REQUIRED_BY_SERVER) {
            Some(Protocols::HYBRID)
        } else if refused(NegFailure::SSL_REQUIRED_BY_SERVER) {
            Some(Protocols::TLS)
        } else if refused(NegFailure::SSL_NOT_ALLOWED_BY_SERVER) && self.supported == Protocols::RDP
        {
            Some(Protocols::RDP)
        } else {
            None
        }
    }
}

/// Reads the answers to X.224 requests together. Each answer counts once.
pub fn negotiation(evidence: &Evidence) -> NegotiationSurvey {
    let mut survey = NegotiationSurvey::default();
    for seen in &evidence.seen {
        match &seen.fact {
            Fact::NegotiationChosen {
                offered,
                chosen,
                flags,
            } => {
                let answer = (*offered, *chosen, *flags);
                if !survey.accepted.contains(&answer) {
                    survey.accepted.push(answer);
                }
                survey.supported |= *chosen;
                survey.standard |= *chosen == Protocols::RDP;
            }
            Fact::NegotiationPlain { offered } => {
                let answer = (*offered, Protocols::RDP, NegFlags(0));
                if !survey.accepted.contains(&answer) {
                    survey.accepted.push(answer);
                }
                survey.standard = true;
            }
            Fact::NegotiationRefused { offered, code }
                if !survey.refused.contains(&(*offered, *code)) =>
            {
                survey.refused.push((*offered, *code));
            }
            _ => {}
        }
    }
    survey
}

/// What a server accepts of one TLS version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSurvey {
    /// The version.
    pub version: TlsVersion,
    /// The suites, in the order in which the server picked them: usual ones first, then weak ones. Empty
    /// when it does not speak the version.
    pub suites: Vec<CipherSuite>,
    /// Everything was asked: what is not listed is refused.
    pub complete: bool,
}

/// Reads the picks of a survey together, newest version first.
pub fn tls(evidence: &Evidence) -> Vec<TlsSurvey> {
    let mut versions: Vec<TlsVersion> = CHAINS.iter().map(|chain| chain.version).collect();
    versions.sort();
    versions.dedup();
    versions.reverse();
    versions
        .into_iter()
        .filter_map(|version| {
            let rows = CHAINS
                .iter()
                .filter(|chain| chain.version == version)
                .count();
            let looks: Vec<LookId> = evidence
                .tried
                .iter()
                .filter(|tried| tried.probe == SUITES.name && tried.outcome == AttemptOutcome::Ran)
                .map(|tried| tried.look)
                .filter(|look| offered(evidence, *look) == Some(version))
                .collect();
            let picks: Vec<Option<CipherSuite>> = looks
                .iter()
                .map(|look| {
                    chosen(evidence, *look)
                        .filter(|(own, _)| *own == version)
                        .map(|(_, suite)| suite)
                })
                .collect();
            let refusals = picks.iter().filter(|pick| pick.is_none()).count();
            let mut found: Vec<CipherSuite> = picks.into_iter().flatten().collect();
            // The rows were asked beside each other.
            let usual = suites(Chain {
                version,
                kind: Kind::Usual,
            });
            found.sort_by_key(|suite| !usual.contains(suite));
            (!looks.is_empty()).then_some(TlsSurvey {
                version,
                suites: found,
                complete: refusals >= rows,
            })
        })
        .collect()
}

/// The version a look of a survey offered; a hello up to TLS 1.2 names no lowest.
fn offered(evidence: &Evidence, look: LookId) -> Option<TlsVersion> {
    evidence
        .seen
        .iter()
        .filter(|seen| seen.look == Some(look))
        .find_map(|seen| match seen.fact {
            Fact::TlsOffered { highest, .. } => Some(highest),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: TlsVersion, kind: Kind) -> Vec<u16> {
        suites(Chain { version, kind })
            .iter()
            .map(|suite| suite.0)
            .collect()
    }

    #[test]
    fn rows_hold_what_belongs_there() {
        assert_eq!(
            row(TlsVersion::TLS1_3, Kind::Usual),
            [0x1301, 0x1302, 0x1303, 0x1304, 0x1305]
        );
        let usual = row(TlsVersion::TLS1_2, Kind::Usual);
        for suite in [
            0x002F, 0x000A, 0x009C, 0xC013, 0xC02F, 0xC030, 0xCCA8, 0x009E,
        ] {
            assert!(usual.contains(&suite), "{suite:04x}");
        }
        let weak = row(TlsVersion::TLS1_2, Kind::Weak);
        for suite in [
            0x0001, 0x0003, 0x0004, 0x0005, 0x0009, 0x0018, 0x0034, 0xC006, 0xC015,
        ] {
            assert!(weak.contains(&suite), "{suite:04x}");
        }
        assert!(usual.iter().all(|suite| !weak.contains(suite)));
        let old = row(TlsVersion::TLS1_0, Kind::Usual);
        assert!(old.contains(&0xC014) && !old.contains(&0xC02F) && !old.contains(&0x003C));
        assert!(
            row(TlsVersion::SSL3, Kind::Usual)
                .iter()
                .all(|suite| *suite < 0x0100)
        );
    }

    #[test]
    fn a_hello_with_every_suite_of_a_row_fits_one_packet() {
        for chain in CHAINS {
            let hello = Hello {
                suites: suites(*chain).to_vec(),
                server_name: Some("a-rather-long-name.of-a-host.corp.example".to_owned()),
                ..Hello::classic(chain.version, chain.version)
            };
            assert!(hello.encode().len() < 1_000, "{chain:?}");
        }
    }
}
