//! The surveys, in virtual time.

use model::codes::*;
use model::*;
use probe::survey::offers::Answer;
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

/// What a survey found of each version: its suites, whose order decides, and whether that is all.
fn found(run: &Run) -> Vec<(TlsVersion, Vec<u16>, SuiteOrder, bool)> {
    run.evidence
        .seen
        .iter()
        .filter_map(|seen| match &seen.fact {
            Fact::TlsVersionSurveyed {
                version,
                suites,
                order,
                complete,
                ..
            } => Some((
                *version,
                suites.iter().map(|suite| suite.0).collect(),
                *order,
                *complete,
            )),
            _ => None,
        })
        .collect()
}

/// Windows Server 2016 with everything it has.
const WINDOWS_1_2: &[u16] = &[
    0xC030, 0xC02F, 0x009F, 0x009E, 0xC028, 0xC027, 0xC014, 0xC013, 0x009D, 0x009C, 0x003D, 0x003C,
    0x0035, 0x002F, 0x000A,
];
const WINDOWS_1_0: &[u16] = &[0xC014, 0xC013, 0x0035, 0x002F, 0x000A];

fn versions(own: &[(TlsVersion, &[u16])]) -> Vec<(TlsVersion, u16)> {
    let each = |(version, suites): &(TlsVersion, &[u16])| {
        let version = *version;
        suites
            .iter()
            .map(move |suite| (version, *suite))
            .collect::<Vec<_>>()
    };
    own.iter().flat_map(each).collect()
}

fn survey(
    own: Vec<(TlsVersion, u16)>,
    answers: fn(&Ascent, &[(TlsVersion, u16)]) -> Script,
) -> Run {
    run(
        target(HOST),
        Options::of(Depth::Full),
        world(&[], move |ascent, _| answers(ascent, &own)),
    )
}

#[test]
fn a_survey_finds_every_suite_in_the_order_of_the_server() {
    let own = versions(&[
        (TlsVersion::TLS1_2, WINDOWS_1_2),
        (TlsVersion::TLS1_1, WINDOWS_1_0),
        (TlsVersion::TLS1_0, WINDOWS_1_0),
    ]);
    let run = survey(own, with_suites);
    assert!(run.connections() <= 80, "{}", run.connections());
    let of = |version| {
        let mut found = found(&run).into_iter();
        found.find(|(own, ..)| *own == version).unwrap()
    };
    for (version, suites) in [
        (TlsVersion::TLS1_2, WINDOWS_1_2),
        (TlsVersion::TLS1_1, WINDOWS_1_0),
        (TlsVersion::TLS1_0, WINDOWS_1_0),
    ] {
        let (_, found, order, complete) = of(version);
        assert_eq!(
            (found.as_slice(), order, complete),
            (suites, SuiteOrder::Server, true),
            "{version}"
        );
    }
    let (_, none, _, complete) = of(TlsVersion::TLS1_3);
    assert!(none.is_empty() && complete);
}

/// What OpenSSL has with an RSA key and no parameters for DHE, in an order that interleaves what is rare.
const OPENSSL_1_2: &[u16] = &[
    0xC030, 0xCCA8, 0xC061, 0xC02F, 0xC060, 0xC028, 0xC077, 0xC027, 0xC076, 0xC014, 0xC013, 0x009D,
    0xC09D, 0xC051, 0x009C, 0xC09C, 0xC050, 0x003D, 0x00C0, 0x003C, 0x00BA, 0x0035, 0x0084, 0x002F,
    0x0041,
];

/// What OpenSSL's `HIGH` has of TLS 1.2 with an RSA key, which is what xrdp comes with.
const HIGH_1_2: &[u16] = &[
    0xC030, 0xCCA8, 0xC02F, 0x009F, 0x009E, 0xCCAA, 0xC028, 0x006B, 0xC027, 0x0067, 0xC014, 0x0039,
    0xC013, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0xC061, 0xC053, 0xC09F, 0xC060,
    0xC052, 0xC09E, 0xC077, 0x0088, 0x00C4, 0xC076, 0x0045, 0x00BE, 0xC09D, 0xC09C, 0xC051, 0xC050,
    0x00C0, 0x00BA, 0x0084, 0x0041, 0xC0A3, 0xC0A1, 0xC0A2, 0xC0A0,
];

/// A server that takes the first suite of its client that it has.
fn as_the_client_likes(ascent: &Ascent, own: &[(TlsVersion, u16)]) -> Script {
    let Some(hello) = &ascent.wish.hello else {
        return with_suites(ascent, own);
    };
    let mut own = own.to_vec();
    let place = |suite: u16| hello.suites.iter().position(|other| other.0 == suite);
    own.sort_by_key(|(_, suite)| place(*suite).unwrap_or(usize::MAX));
    with_suites(ascent, &own)
}

#[test]
fn a_server_with_the_list_of_xrdp_is_surveyed_as_a_whole() {
    let own = versions(&[
        (TlsVersion::TLS1_3, &[0x1302, 0x1303, 0x1301]),
        (TlsVersion::TLS1_2, HIGH_1_2),
    ]);
    let run = survey(own, as_the_client_likes);
    let (took, suites, _, complete) = asked(&run);
    let mut all = HIGH_1_2.to_vec();
    all.sort_unstable();
    assert_eq!((suites, complete), (all, true));
    assert!(took <= 16, "{took}");
    assert!(run.connections() <= 80, "{}", run.connections());
}

#[test]
fn a_server_with_everything_stays_within_the_connections_and_the_round_trips() {
    let own = versions(&[
        (TlsVersion::TLS1_3, &[0x1302, 0x1303, 0x1301]),
        (TlsVersion::TLS1_2, OPENSSL_1_2),
    ]);
    let run = survey(own, as_the_client_likes);
    assert!(run.connections() <= 80, "{}", run.connections());
    let found = found(&run);
    let sorted = |suites: &[u16]| {
        let mut suites = suites.to_vec();
        suites.sort_unstable();
        suites
    };
    let of = |version| found.iter().find(|(own, ..)| *own == version).unwrap();
    let (_, suites, order, complete) = of(TlsVersion::TLS1_2);
    assert_eq!(sorted(suites), sorted(OPENSSL_1_2));
    assert_eq!((*order, *complete), (SuiteOrder::Client, true));
    let (_, suites, _, complete) = of(TlsVersion::TLS1_3);
    assert_eq!(sorted(suites), [0x1301, 0x1302, 0x1303]);
    assert!(complete);
    // From the first question about suites to the answer to the last.
    let asked: Vec<&Attempt> = run
        .evidence
        .tried
        .iter()
        .filter(|tried| tried.probe == "suites")
        .collect();
    let first = asked.iter().filter_map(|tried| tried.at).min().unwrap();
    let ends = asked
        .iter()
        .filter_map(|tried| Some(tried.at?.plus(tried.took?)));
    let took = ends.max().unwrap().since(first);
    assert!(
        took <= ROUND_TRIP.times(13),
        "{took:?}, {} looks",
        asked.len()
    );
}

#[test]
fn a_server_that_resets_is_asked_slowly() {
    let resets = |ascent: &Ascent, own: &[(TlsVersion, u16)]| {
        let mut script = with_suites(ascent, own);
        if let Some((at, fact)) = script.last_mut()
            && matches!(fact, Fact::TlsAlerted { .. })
        {
            let waited = ROUND_TRIP;
            *fact = Fact::Ended {
                how: Ending::Reset,
                after: Message::ClientHello,
                waited,
                partial: 0,
            };
            *at = at.plus(waited);
        }
        script
    };
    let own = versions(&[(TlsVersion::TLS1_2, WINDOWS_1_2)]);
    let run = survey(own, resets);
    let (_, suites, order, complete) = found(&run).remove(1);
    assert_eq!(
        (suites.as_slice(), order, complete),
        (WINDOWS_1_2, SuiteOrder::Server, true)
    );
    let reset = run.evidence.seen.iter().find(|seen| {
        matches!(
            seen.fact,
            Fact::Ended {
                how: Ending::Reset,
                ..
            }
        )
    });
    let after = reset.unwrap().at.unwrap();
    let mut begun: Vec<Micros> = run
        .evidence
        .tried
        .iter()
        .filter_map(|tried| tried.at)
        .collect();
    begun.retain(|at| *at > after);
    begun.sort_unstable();
    let apart = |pair: &[Micros]| pair[1].since(pair[0]) >= Micros::from_millis(100);
    assert!(begun.windows(2).all(apart), "{begun:?}");
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
    assert!(found(&run).iter().any(|(.., complete)| !complete));
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
    assert!(rdstls.at.unwrap() >= ends(before) && rdsaad.at.unwrap() >= ends(before));
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
    let refused = |(_, answer): &&(_, Answer)| matches!(answer, Answer::Refused(_));
    assert_eq!(survey.answers.len(), 3);
    assert_eq!(survey.answers.iter().filter(refused).count(), 2);
}

/// How long a survey asked about suites, in round trips, and how much it found of TLS 1.2.
fn asked(run: &Run) -> (u64, Vec<u16>, SuiteOrder, bool) {
    let asked = || {
        let tried = run.evidence.tried.iter();
        tried.filter(|tried| tried.probe == "suites")
    };
    let first = asked().filter_map(|tried| tried.at).min().unwrap();
    let ends = asked().filter_map(|tried| Some(tried.at?.plus(tried.took?)));
    let took = ends.max().unwrap().since(first);
    let own = found(run)
        .into_iter()
        .find(|(version, ..)| *version == TlsVersion::TLS1_2);
    let (_, mut suites, order, complete) = own.unwrap();
    suites.sort_unstable();
    (took.0 / ROUND_TRIP.0, suites, order, complete)
}

#[test]
fn a_server_with_an_order_of_its_own_is_asked_suite_by_suite() {
    // The shorter key first, and what Windows has last of all before the rest.
    const SHORT_FIRST: &[u16] = &[0xC02F, 0xC030, 0xC013, 0xC014, 0x002F, 0x0035];
    const LAST_FIRST: &[u16] = &[0x002F, 0x0035, 0xC013, 0xC014, 0xC02F, 0xC030];
    for own in [SHORT_FIRST, LAST_FIRST] {
        let run = survey(versions(&[(TlsVersion::TLS1_2, own)]), with_suites);
        let (took, suites, order, complete) = asked(&run);
        let mut all = own.to_vec();
        all.sort_unstable();
        assert_eq!((suites, complete), (all, true));
        assert_eq!(order, SuiteOrder::ServerInPart);
        assert!(took <= 18, "{took}");
        assert!(run.connections() <= 80, "{}", run.connections());
    }
}

#[test]
fn a_server_that_mixes_rare_suites_among_the_usual_is_surveyed_as_a_whole() {
    let own = versions(&[
        (TlsVersion::TLS1_3, &[0x1302, 0x1303, 0x1301]),
        (TlsVersion::TLS1_2, OPENSSL_1_2),
    ]);
    let run = survey(own, with_suites);
    let (took, suites, order, complete) = asked(&run);
    let mut all = OPENSSL_1_2.to_vec();
    all.sort_unstable();
    assert_eq!((suites, complete), (all, true));
    assert_eq!(order, SuiteOrder::ServerInPart);
    assert!(took <= 13, "{took}");
}

#[test]
fn a_usual_server_is_surveyed_within_twelve_round_trips() {
    let own = versions(&[
        (TlsVersion::TLS1_3, &[0x1302, 0x1303, 0x1301]),
        (TlsVersion::TLS1_2, &[0xC030, 0xC02F, 0xC028, 0xC027]),
    ]);
    let run = survey(own, with_suites);
    let (took, suites, order, complete) = asked(&run);
    assert_eq!(suites, [0xC027, 0xC028, 0xC02F, 0xC030]);
    assert_eq!((order, complete), (SuiteOrder::Server, true));
    assert!(took <= 12, "{took}");
}
