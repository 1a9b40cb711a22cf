//! The plan, in virtual time; long because each way on which a plan depends is a test of its own.

use std::net::{IpAddr, SocketAddr};

use model::codes::*;
use model::fact::{KdcName, KdcQuestion, KdcWay, SettingValue};
use model::*;
use probe::{Ascent, Depth, Kerberos, Look, Options};
use proptest::prelude::*;

use crate::play::*;

#[test]
fn a_healthy_host_takes_seven_round_trips_and_three_connections() {
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |ascent, _| climb(ascent, None)),
    );
    assert_eq!(
        run.says(),
        ["10.0.0.7:3389", "TLS only", "RDP security only"]
    );
    assert_eq!(run.over, ROUND_TRIP.times(7));
    let intents: Vec<Intent> = run
        .evidence
        .tried
        .iter()
        .filter(|tried| tried.probe == "climb")
        .map(|tried| tried.intent)
        .collect();
    assert_eq!(
        intents,
        [Intent::AsClient, Intent::Contrast, Intent::Contrast]
    );
}

#[test]
fn quick_is_one_connection() {
    let quick = || Options::of(Depth::Quick);
    let healthy = run(
        target(HOST),
        quick(),
        world(&[], |ascent, _| climb(ascent, None)),
    );
    assert_eq!(healthy.says(), ["10.0.0.7:3389"]);
    let dead = run(
        target(HOST),
        quick(),
        world(&[], |ascent, _| silent(ascent)),
    );
    assert_eq!(
        (dead.says(), dead.over),
        (vec!["10.0.0.7:3389"], Micros::from_secs(4))
    );
    let two = world(&["10.0.0.7", "10.0.0.8"], |ascent, _| silent(ascent));
    assert_eq!(run(target("srv"), quick(), two).connections(), 1);
}

#[test]
fn an_address_without_a_route_costs_nothing() {
    let addresses = &["2001:db8::7", "10.0.0.7"];
    let climbs = |ascent: &Ascent, _| match ascent.to.ip() {
        IpAddr::V6(_) => vec![(
            Micros(3),
            Fact::NoRoute {
                to: ascent.to,
                os_error: 101,
            },
        )],
        IpAddr::V4(_) => climb(ascent, None),
    };
    let run = run(
        target("srv"),
        Options::of(Depth::Quick),
        world(addresses, climbs),
    );
    assert_eq!(run.says(), ["srv", "[2001:db8::7]:3389", "10.0.0.7:3389"]);
    assert_eq!(run.evidence.tried[2].intent, Intent::AsClient);
}

#[test]
fn a_silent_host_is_told_within_six_seconds() {
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |ascent, _| silent(ascent)),
    );
    assert_eq!(
        run.says(),
        [
            "10.0.0.7:3389",
            "10.0.0.7:445",
            "10.0.0.7:3389, the same once more"
        ]
    );
    assert!(run.over < Micros::from_secs(6), "{:?}", run.over);
}

#[test]
fn a_far_host_is_knocked_at_where_the_internet_lets_through() {
    let run = run(
        target("203.0.113.9"),
        Options::default(),
        world(&[], |a, _| silent(a)),
    );
    assert_eq!(run.says()[1], "203.0.113.9:443");
}

#[test]
fn time_scales() {
    let options = Options {
        timeout: Micros::from_secs(60),
        ..Options::default()
    };
    let run = run(
        target(HOST),
        options,
        world(&[], |ascent, _| silent(ascent)),
    );
    assert!(run.over > Micros::from_secs(40) && run.over < Micros::from_secs(60));
}

#[test]
fn silence_at_any_rung_is_told_within_six_seconds() {
    for phase in [Phase::Negotiate, Phase::Secure, Phase::Authenticate] {
        let stops = Some((phase, Ending::Silence));
        let run = run(
            target(HOST),
            Options::default(),
            world(&[], |a, _| climb(a, stops)),
        );
        assert!(run.over < Micros::from_secs(6), "{phase}: {:?}", run.over);
        assert!(run.connections() >= 4, "{phase}: {:?}", run.says());
        let tried = &run.evidence.tried;
        let second = tried
            .iter()
            .filter(|tried| tried.probe == "climb")
            .nth(1)
            .and_then(|tried| tried.at)
            .unwrap();
        assert!(
            second < Micros::from_millis(1_200),
            "contrasts do not wait for the time-out"
        );
    }
}

#[test]
fn what_is_varied_depends_on_the_rung() {
    let varied = |phase| {
        let stops = Some((phase, Ending::Closed));
        let run = run(
            target(HOST),
            Options::default(),
            world(&[], |a, _| climb(a, stops)),
        );
        run.says()
            .into_iter()
            .skip(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        varied(Phase::Negotiate),
        [
            "RDP security only",
            "TLS only",
            "NLA only",
            "a request without negotiation",
            "TLS without a request before it"
        ]
    );
    assert_eq!(
        varied(Phase::Secure),
        [
            "TLS 1.0 to 1.2, hello of the same size",
            "TLS only",
            "TLS 1.0, small hello",
            "RDP security only",
            "TLS 1.0 to 1.3, hello of 1800 bytes"
        ]
    );
    assert_eq!(
        varied(Phase::Authenticate),
        ["TLS only", "TLS 1.0 to 1.2, then NLA", "RDP security only"]
    );
}

#[test]
fn a_refusal_is_not_repeated_but_varied() {
    let refuses = |ascent: &Ascent, _| {
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
            (
                ROUND_TRIP.times(2),
                Fact::NegotiationRefused { offered, code },
            ),
        ]
    };
    let mut target = target(HOST);
    target.client.offers = Protocols::TLS;
    let run = run(target, Options::default(), world(&[], refuses));
    assert_eq!(
        run.says(),
        ["10.0.0.7:3389", "RDP security only", "TLS or NLA"]
    );
    let climbed = run
        .evidence
        .seen
        .iter()
        .any(|seen| matches!(seen.fact, Fact::NtlmChallenged { .. }));
    assert!(
        climbed,
        "whether the other way would work is looked at to the end"
    );
}

#[test]
fn resets_are_spaced_out() {
    let stops = Some((Phase::Secure, Ending::Reset));
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |a, _| climb(a, stops)),
    );
    assert_eq!(run.connections(), 7);
    assert!(run.most_at_once <= 2);
    let begins: Vec<Micros> = run
        .evidence
        .tried
        .iter()
        .filter(|tried| tried.probe == "climb")
        .filter_map(|tried| tried.at)
        .collect();
    for two in begins.windows(2) {
        assert!(
            two[1].since(two[0]) >= Micros::from_millis(140),
            "{begins:?}"
        );
    }
}

#[test]
fn a_short_queue_is_not_overrun() {
    let stops = Some((Phase::Negotiate, Ending::Closed));
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |a, _| climb(a, stops)),
    );
    assert_eq!(run.most_at_once, 3);
}

#[test]
fn another_service_is_left_alone_after_a_second_try() {
    let answers = |ascent: &Ascent, _| {
        vec![
            (
                ROUND_TRIP,
                Fact::TcpOpened {
                    to: ascent.to,
                    took: ROUND_TRIP,
                },
            ),
            (
                ROUND_TRIP.times(2),
                Fact::OtherServiceAnswered {
                    service: Service::Ssh,
                    first_bytes: Default::default(),
                },
            ),
        ]
    };
    assert_eq!(
        run(target(HOST), Options::default(), world(&[], answers)).connections(),
        2
    );
}

#[test]
fn a_closed_port_that_is_not_the_usual_one_leads_to_the_usual_one() {
    let mut target = target(HOST);
    target.port = 4000;
    let run = run(
        target,
        Options::default(),
        world(&[], |ascent, _| refused(ascent.to)),
    );
    assert_eq!(run.says()[1], "10.0.0.7:3389");
}

#[test]
fn silence_in_tls_leads_to_small_segments() {
    let stops = Some((Phase::Secure, Ending::Silence));
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |a, _| climb(a, stops)),
    );
    assert!(
        run.says().contains(&"segments of at most 256 bytes"),
        "{:?}",
        run.says()
    );
    let limited = run
        .evidence
        .seen
        .iter()
        .filter(|seen| matches!(seen.fact, Fact::SegmentsLimited { .. }));
    assert_eq!(limited.count(), 1);
}

#[test]
fn icmp_errors_are_not_repeated() {
    let unreachable = |ascent: &Ascent, _| {
        let icmp = Some(IcmpError {
            v6: false,
            kind: 3,
            code: 13,
            from: None,
        });
        let fact = Fact::TcpUnreachable {
            to: ascent.to,
            icmp,
            os_error: 113,
            took: ROUND_TRIP,
        };
        vec![(ROUND_TRIP, fact)]
    };
    let run = run(target(HOST), Options::default(), world(&[], unreachable));
    assert_eq!(run.says(), ["10.0.0.7:3389", "10.0.0.7:445"]);
}

#[test]
fn a_client_goes_on_to_the_next_address() {
    let addresses = &["10.0.0.6", "10.0.0.7"];
    let first_is_dead = |ascent: &Ascent, _| {
        if ascent.to.ip().to_string() == "10.0.0.6" {
            silent(ascent)
        } else {
            climb(ascent, None)
        }
    };
    let run = run(
        target("srv"),
        Options::default(),
        world(addresses, first_is_dead),
    );
    assert_eq!(
        run.says(),
        [
            "srv",
            "10.0.0.6:3389",
            "10.0.0.7:3389",
            "10.0.0.7:3389",
            "10.0.0.6:445",
            "TLS only",
            "RDP security only"
        ]
    );
    assert_eq!(run.evidence.tried[2].intent, Intent::Contrast);
    assert_eq!(run.evidence.tried[3].intent, Intent::AsClient);
    assert!(run.evidence.tried[3].at.unwrap() < Micros::from_millis(1_100));
    assert!(run.over < Micros::from_secs(6));
}

#[test]
fn further_addresses_start_at_once_and_are_limited() {
    let addresses = &[
        "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6",
    ];
    let run = run(
        target("srv"),
        Options::default(),
        world(addresses, |a, _| climb(a, None)),
    );
    let at_once = run
        .evidence
        .tried
        .iter()
        .filter(|tried| tried.at == run.evidence.tried[1].at);
    assert_eq!(at_once.count(), 4);
    assert_eq!(run.most_at_once, 4);
    assert_eq!(run.connections(), 6);
}

#[test]
fn a_look_with_two_outcomes_is_counted() {
    let every_second = |ascent: &Ascent, number: usize| {
        climb(
            ascent,
            number
                .is_multiple_of(2)
                .then_some((Phase::Secure, Ending::Closed)),
        )
    };
    let run = run(target(HOST), Options::default(), world(&[], every_second));
    let as_client = run
        .evidence
        .tried
        .iter()
        .filter(|tried| tried.intent == Intent::AsClient)
        .count();
    assert_eq!(as_client, 4);
}

#[test]
fn what_something_varied_opened_is_confirmed_by_one_more_look_as_the_client() {
    let nla_ends = |stops: (Phase, Ending)| {
        run(
            target(HOST),
            Options::default(),
            world(&[], move |ascent: &Ascent, _| {
                let nla = ascent.wish.offers.is_some_and(Protocols::has_nla);
                climb(ascent, nla.then_some(stops))
            }),
        )
    };
    for how in [Ending::Closed, Ending::Reset] {
        let run = nla_ends((Phase::Negotiate, how));
        let says = run.says();
        let confirmed = says.last().unwrap();
        assert_eq!(*confirmed, "10.0.0.7:3389, the same once more", "{says:?}");
        assert_eq!(says.len(), 8, "{says:?}");
        let last = run
            .evidence
            .tried
            .iter()
            .filter_map(|tried| Some((tried.at?, tried.took?)));
        let last: Vec<_> = last.collect();
        let begun = last.iter().map(|(at, _)| *at).max().unwrap();
        assert!(
            last.iter()
                .all(|(at, took)| *at == begun || at.plus(*took) <= begun),
            "nobody else holds a connection then"
        );
    }
    // Nothing that was varied helps: nothing is to be confirmed.
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |ascent: &Ascent, _| {
            climb(ascent, Some((Phase::Negotiate, Ending::Closed)))
        }),
    );
    let again = run
        .says()
        .iter()
        .filter(|says| says.contains("once more"))
        .count();
    assert_eq!(again, 1);
}

#[test]
fn what_small_segments_opened_is_confirmed_within_the_limit() {
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |ascent: &Ascent, _| {
            climb(
                ascent,
                ascent
                    .segments
                    .is_none()
                    .then_some((Phase::Secure, Ending::Silence)),
            )
        }),
    );
    let says = run.says();
    let again = says
        .iter()
        .filter(|says| says.contains("once more"))
        .count();
    assert_eq!(again, 2, "{says:?}");
    assert!(run.over < Micros::from_secs(6), "{:?}", run.over);
    assert!(run.connections() <= 8, "{says:?}");
}

#[test]
fn what_is_not_allowed_is_named() {
    let options = Options {
        connections: 2,
        ..Options::default()
    };
    let run = run(
        target(HOST),
        options,
        world(&[], |ascent, _| climb(ascent, None)),
    );
    assert_eq!(run.connections(), 2);
    let skipped = run.evidence.tried.last().unwrap();
    assert_eq!(skipped.says, "RDP security only");
    assert!(matches!(skipped.outcome, AttemptOutcome::Skipped(_)));
}

#[test]
fn a_name_without_an_address_ends_the_case() {
    let run = run(target("srv"), Options::default(), |look, _| match look {
        Look::Resolve { name, patience, .. } => vec![(
            *patience,
            Fact::NameNotResolved {
                name: name.clone(),
                why: NameFailure::Timeout,
                via: Resolver::System,
                took: *patience,
            },
        )],
        _ => panic!("there is nothing to connect to"),
    });
    assert!(run.over < Micros::from_secs(6));
}

#[test]
fn name_servers_are_asked_beside_the_rest_and_cost_no_connection() {
    let options = Options {
        resolvers: vec![SocketAddr::from(([10, 0, 0, 53], 53))],
        ..Options::default()
    };
    let climbs = |ascent: &Ascent, _| climb(ascent, None);
    let run = run(target("srv"), options, world(&["10.0.0.7"], climbs));
    assert_eq!(
        run.says(),
        [
            "srv, asked of 10.0.0.53:53",
            "srv",
            "the name of 10.0.0.7, asked of 10.0.0.53:53",
            "10.0.0.7:3389",
            "TLS only",
            "RDP security only"
        ]
    );
    assert_eq!(run.connections(), 3);
}

#[test]
fn the_name_servers_of_a_resolver_that_failed_are_asked_one_by_one() {
    let fails = |name: &HostName| {
        vec![
            (
                ROUND_TRIP,
                Fact::SettingFound {
                    key: "/etc/resolv.conf".to_owned(),
                    name: "nameserver".to_owned(),
                    value: SettingValue::Texts(vec!["10.0.0.53".to_owned(), "fd00::53".to_owned()]),
                    policy: false,
                },
            ),
            (
                ROUND_TRIP,
                Fact::NameNotResolved {
                    name: name.clone(),
                    why: NameFailure::ServerFailure,
                    via: Resolver::System,
                    took: ROUND_TRIP,
                },
            ),
        ]
    };
    let mut silent = world(&[], |_, _| panic!("there is nothing to connect to"));
    let run = run(
        target("srv"),
        Options::default(),
        |look, number| match look {
            Look::Resolve { name, .. } => fails(name),
            look => silent(look, number),
        },
    );
    assert_eq!(
        run.says(),
        [
            "srv",
            "srv, asked of 10.0.0.53:53, which this machine asks",
            "srv, asked of [fd00::53]:53, which this machine asks"
        ]
    );
    assert!(run.over < Micros::from_secs(6));
}

#[test]
fn a_load_is_put_on_last_and_only_where_it_was_asked_for() {
    let options = |load| Options {
        load,
        ..Options::default()
    };
    let climbs = |ascent: &Ascent, _| climb(ascent, None);
    let asked = run(target(HOST), options(Some(10)), world(&[], climbs));
    assert_eq!(
        asked.says().last(),
        Some(&"10.0.0.7:3389, 10 connections at once")
    );
    let begun = asked.evidence.tried.last().unwrap().at.unwrap();
    let others = &asked.evidence.tried[..asked.evidence.tried.len() - 1];
    assert!(
        others
            .iter()
            .all(|tried| tried.at.unwrap().plus(tried.took.unwrap()) <= begun)
    );
    let unasked = run(target(HOST), options(None), world(&[], climbs));
    assert!(
        unasked
            .evidence
            .tried
            .iter()
            .all(|tried| tried.probe != "load")
    );
    // A host that says nothing is not loaded.
    let dead = world(&[], |ascent, _| silent(ascent));
    let dead = run(target(HOST), options(Some(10)), dead);
    assert!(
        dead.evidence
            .tried
            .iter()
            .all(|tried| tried.probe != "load")
    );
}

#[test]
fn tries_that_were_asked_for_follow_each_other_within_the_limit() {
    let tries = |run: &Run| {
        run.evidence
            .tried
            .iter()
            .filter(|tried| tried.intent == Intent::AsClient)
            .map(|tried| tried.at.unwrap())
            .collect::<Vec<Micros>>()
    };
    let repeat = |depth, repeat| {
        run(
            target(HOST),
            Options {
                repeat,
                ..Options::of(depth)
            },
            world(&[], |ascent, _| climb(ascent, None)),
        )
    };
    let standard = repeat(Depth::Standard, 6);
    assert_eq!(tries(&standard).len(), 6);
    assert_eq!(standard.connections(), 8);
    let full = repeat(Depth::Full, 5);
    let at = tries(&full);
    assert_eq!(at.len(), 5);
    assert!(
        at.windows(2)
            .all(|two| two[1].since(two[0]) >= Micros::from_secs(1)),
        "{at:?}"
    );
    assert!(full.connections() <= 80);
}

#[test]
fn the_one_address_of_eight_that_works_is_found() {
    const ADDRESSES: &[&str] = &[
        "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7",
        "10.0.0.8",
    ];
    for own in ADDRESSES {
        let climbs = |ascent: &Ascent, _| {
            if ascent.to.ip().to_string() == *own {
                climb(ascent, None)
            } else {
                silent(ascent)
            }
        };
        let run = run(target("srv"), Options::default(), world(ADDRESSES, climbs));
        let as_client = format!("{own}:3389");
        assert!(
            run.evidence
                .tried
                .iter()
                .any(|tried| tried.intent == Intent::AsClient && tried.says == as_client),
            "{own}: {:?}",
            run.says()
        );
        assert!(run.over < Micros::from_secs(6), "{own}: {:?}", run.over);
    }
}

#[test]
fn a_closed_port_is_told_at_once() {
    let run = run(
        target(HOST),
        Options::default(),
        world(&[], |ascent, _| refused(ascent.to)),
    );
    assert_eq!((run.connections(), run.over), (2, ROUND_TRIP.times(2)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever a peer does, also differently each time, a case ends within its limits.
    #[test]
    fn every_case_ends_within_its_limits(
        moods in proptest::collection::vec(0_u8..12, 8),
        addresses in 1_usize..6,
        limit in 1_usize..9,
    ) {
        const ADDRESSES: &[&str] = &["10.0.0.1", "10.0.0.2", "fd00::3", "10.0.0.4", "10.0.0.5"];
        let endings = [Ending::Closed, Ending::Reset, Ending::Silence];
        let climbs = |ascent: &Ascent, number: usize| match moods[number % moods.len()] {
            0 => silent(ascent),
            1 => refused(ascent.to),
            mood @ 2..=10 => {
                let mood = usize::from(mood - 2);
                let phases = [Phase::Negotiate, Phase::Secure, Phase::Authenticate];
                climb(ascent, Some((phases[mood / 3], endings[mood % 3])))
            }
            _ => climb(ascent, None),
        };
        let options = Options { connections: limit, ..Options::default() };
        let run = run(target("srv"), options, world(&ADDRESSES[..addresses.min(5)], climbs));
        prop_assert!(run.connections() <= limit, "{:?}", run.says());
        prop_assert!(run.most_at_once <= 4);
        prop_assert!(run.over < Micros::from_secs(7), "{:?} {:?}", run.over, run.evidence.tried);
    }
}

/// What Kerberos is asked in a check, when its servers say this about the user.
fn asked_of_kerberos(options: Options, error: KerberosError) -> Vec<String> {
    let mut host = world(&["10.0.0.7"], |ascent, _| climb(ascent, None));
    let run = run(target("srv"), options, move |look, number| match look {
        Look::Realm(inquiry) => [KdcWay::Tcp, KdcWay::Udp]
            .map(|way| {
                let fact = Fact::KdcsNamed {
                    realm: inquiry.realm.clone(),
                    way,
                    kdcs: ["dc1.test", "dc2.test", "dc3.test"]
                        .map(|name| KdcName {
                            kdc: name.into(),
                            port: 88,
                            addresses: vec!["10.0.0.5".parse().unwrap()],
                        })
                        .to_vec(),
                    why: None,
                    server: "10.0.0.53:53".parse().unwrap(),
                    took: ROUND_TRIP,
                };
                (ROUND_TRIP, fact)
            })
            .to_vec(),
        Look::Kdc(visit) => vec![(
            ROUND_TRIP,
            Fact::KdcAnswered {
                realm: visit.realm.clone(),
                kdc: visit.kdc.clone(),
                to: visit.to,
                way: visit.way,
                asked: visit.question,
                named: visit.is_named,
                error: Some(match visit.question {
                    KdcQuestion::User => error,
                    _ => KerberosError::SERVICE_UNKNOWN,
                }),
                encryption: Vec::new(),
                usual_salt: None,
                other_realm: None,
                clock: None,
                seen_at: UnixSeconds(0),
                took: ROUND_TRIP,
            },
        )],
        look => host(look, number),
    });
    assert!(run.over < Micros::from_secs(6));
    let tried = run.evidence.tried.iter();
    tried
        .filter(|tried| tried.probe == "kdc" || tried.probe == "realm")
        .map(|tried| tried.says.clone())
        .collect()
}

#[test]
fn kerberos_is_asked_for_the_user_and_only_then_for_the_host() {
    let options = |user: Option<&str>| Options {
        kerberos: Kerberos {
            realm: Some("TEST".into()),
            user: user.map(str::to_owned),
            proxy: None,
        },
        ..Options::default()
    };
    let servers = [
        "the Kerberos servers of TEST",
        "dc1.test, asked over TCP",
        "dc2.test, asked over TCP",
        "dc1.test, asked over UDP",
        "dc2.test, asked over UDP",
    ];
    let known = asked_of_kerberos(options(Some("lab")), KerberosError::PREAUTH_REQUIRED);
    assert_eq!(known[..5], servers);
    assert_eq!(
        known[5..],
        [
            "dc1.test, asked over TCP, about the name of the host",
            "dc1.test, asked over TCP, about a name that nobody has"
        ]
    );
    // The domain tells strangers nothing about hosts, and nobody named a user.
    for (user, error) in [
        (Some("nobody"), KerberosError::USER_UNKNOWN),
        (None, KerberosError::PREAUTH_REQUIRED),
    ] {
        assert_eq!(asked_of_kerberos(options(user), error), servers);
    }
    let quick = Options {
        depth: Depth::Quick,
        ..options(Some("lab"))
    };
    assert!(asked_of_kerberos(quick, KerberosError::PREAUTH_REQUIRED).is_empty());
}
