//! The surveys, in virtual time.

use model::codes::*;
use model::*;
use probe::{Ascent, Depth, Options};

use crate::play::*;

/// A server with suites of its own, in its own order of preference, as a survey meets it.
fn with_suites(ascent: &Ascent, own: &[(TlsVersion, u16)]) -> Script {
    let Some(hello) = &ascent.wish.hello else {
        return climb(ascent, None);
    };
    let r = ROUND_TRIP;
    let offered = ascent.wish.offers;
    let mut script = vec![
        (
            r,
            Fact::TcpOpened {
                to: ascent.to,
                took: r,
            },
        ),
        (r, Fact::NegotiationOffered { offered }),
    ];
    let (lowest, highest) = (hello.lowest, hello.highest);
    script.push((
        r.times(2),
        Fact::TlsOffered {
            lowest,
            highest,
            size: 300,
        },
    ));
    let pick = own.iter().find(|(version, suite)| {
        *version == highest && hello.suites.contains(&CipherSuite(*suite))
    });
    let answer = match pick {
        Some(&(version, suite)) => Fact::TlsChosen {
            version,
            suite: CipherSuite(suite),
        },
        None => Fact::TlsAlerted {
            alert: TlsAlert::HANDSHAKE_FAILURE,
            after: Message::ClientHello,
        },
    };
    script.push((r.times(3), answer));
    script
}

#[test]
fn a_survey_finds_every_suite_in_the_order_of_the_server() {
    let own: Vec<(TlsVersion, u16)> = [
        (TlsVersion::TLS1_3, [0x1302, 0x1301].as_slice()),
        (
            TlsVersion::TLS1_2,
            &[0xC030, 0xC02F, 0x009D, 0xC014, 0x002F, 0x000A, 0x0005],
        ),
        (TlsVersion::TLS1_0, &[0xC014, 0x002F, 0x000A, 0x0005]),
    ]
    .into_iter()
    .flat_map(|(version, suites)| suites.iter().map(move |suite| (version, *suite)))
    .collect();
    let expect = own.clone();
    let run = run(
        target(HOST),
        Options::of(Depth::Full),
        world(&[], move |ascent, _| with_suites(ascent, &own)),
    );
    assert!(run.connections() <= 60 && run.most_at_once <= 4);
    let survey = probe::survey::tls(&run.evidence);
    assert!(survey.iter().all(|version| version.complete), "{survey:?}");
    let found: Vec<(TlsVersion, u16)> = survey
        .iter()
        .flat_map(|version| {
            version
                .suites
                .iter()
                .map(|suite| (version.version, suite.0))
        })
        .collect();
    assert_eq!(found, expect);
    // Round trips: three for each pick of the longest row, after the main look.
    assert!(run.over < ROUND_TRIP.times(60), "{:?}", run.over);
}

#[test]
fn a_survey_stops_at_the_limit_and_says_so() {
    let options = Options {
        connections: 20,
        ..Options::of(Depth::Full)
    };
    let all: Vec<(TlsVersion, u16)> = (0x0000..0x0100)
        .map(|suite| (TlsVersion::TLS1_2, suite))
        .collect();
    let run = run(
        target(HOST),
        options,
        world(&[], move |ascent, _| with_suites(ascent, &all)),
    );
    assert_eq!(run.connections(), 20);
    let survey = probe::survey::tls(&run.evidence);
    assert!(survey.iter().any(|version| !version.complete));
    assert!(
        run.evidence
            .tried
            .iter()
            .any(|tried| matches!(tried.outcome, AttemptOutcome::Skipped(_)))
    );
}

#[test]
fn a_full_look_asks_for_every_set_of_protocols_and_the_rare_ones_alone_and_last() {
    let run = run(
        target(HOST),
        Options::of(Depth::Full),
        world(&[], |ascent, _| with_suites(ascent, &[])),
    );
    let offered: Vec<Option<Protocols>> = run
        .evidence
        .seen
        .iter()
        .filter_map(|seen| match seen.fact {
            Fact::NegotiationOffered { offered } => Some(offered),
            _ => None,
        })
        .collect();
    for offer in [Some(0), Some(1), Some(2), Some(3), Some(11), None] {
        assert!(offered.contains(&offer.map(Protocols)), "{offer:?}");
    }
    let last = [Some(Protocols::RDSTLS), Some(Protocols::RDSAAD)];
    assert_eq!(offered[offered.len() - 2..], last);
    let [.., before, rdstls, rdsaad] = run.evidence.tried.as_slice() else {
        panic!("too few looks");
    };
    let ends = |tried: &model::Attempt| tried.at.unwrap().plus(tried.took.unwrap());
    assert!(rdstls.at.unwrap() >= ends(before) && rdsaad.at.unwrap() >= ends(rdstls));
}

#[test]
fn answers_are_read_together() {
    let answers = |ascent: &Ascent, _| {
        let offered = ascent.wish.offers;
        if offered.is_some_and(Protocols::has_nla) {
            return climb(ascent, None);
        }
        let code = NegFailure::HYBRID_REQUIRED_BY_SERVER;
        vec![
            (
                ROUND_TRIP,
                Fact::TcpOpened {
                    to: ascent.to,
                    took: ROUND_TRIP,
                },
            ),
            (ROUND_TRIP, Fact::NegotiationOffered { offered }),
            (
                ROUND_TRIP.times(2),
                Fact::NegotiationRefused { offered, code },
            ),
        ]
    };
    let run = run(target(HOST), Options::default(), world(&[], answers));
    let survey = probe::survey::negotiation(&run.evidence);
    assert_eq!(survey.required(), Some(Protocols::HYBRID));
    assert_eq!(
        (survey.supported, survey.standard),
        (Protocols::HYBRID, false)
    );
    assert_eq!((survey.accepted.len(), survey.refused.len()), (1, 2));
}
