//! The way through a gateway over RPC over HTTP, on loopback: to the host behind, and every end it can come to.

#![expect(
    clippy::indexing_slicing,
    reason = "what a client sends that is too short fails the test"
)]

mod gateway;
mod server;

use std::net::{IpAddr, Ipv4Addr};

use gateway::{Act, PASSWORD, Script, USER};
use model::fact::{GatewayStep, GatewayWay};
use model::{
    ClientProfile, Ending, Evidence, Fact, HostName, Leg, Message, Micros, Observation, Phase,
    Place, Resolver, Source, Target, UnixSeconds,
};
use probe::hop::{Credentials, Gateway, GatewayUse, Secret};
use probe::{Case, Options};

/// What is seen through a gateway with this script, by a user with this password.
fn seen(script: Script, password: &str) -> (Evidence, Vec<(&'static str, bool)>) {
    let credentials = Credentials {
        user: USER.to_owned(),
        password: Secret::new(password.to_owned()),
    };
    seen_by(script, Some(credentials))
}

/// The same by anybody.
fn seen_by(
    script: Script,
    credentials: Option<Credentials>,
) -> (Evidence, Vec<(&'static str, bool)>) {
    let name = HostName::from("gw.test");
    let (address, gateway) = gateway::run(script);
    let target = Target {
        input: "localhost".to_owned(),
        host: HostName::from("localhost"),
        port: 1,
        address: None,
        zone: None,
        gateway: Some(name.clone()),
        proxy: None,
        client: ClientProfile::default(),
    };
    let options = Options {
        gateway: Some(Gateway {
            host: name.clone(),
            port: address.port(),
            used: GatewayUse::Always,
            credentials,
        }),
        // These peers are on loopback and never answer late.
        timeout: Micros::from_millis(2_000),
        ..Options::default()
    };
    let mut case = Case::open(target, options, UnixSeconds(1_800_000_000));
    case.evidence.seen.push(Observation {
        at: Some(Micros::ZERO),
        place: Some(Place {
            leg: Leg::Gateway,
            phase: Phase::Resolve,
        }),
        source: Source::Stated,
        vantage: String::new(),
        look: None,
        fact: Fact::NameResolved {
            name,
            addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            via: Resolver::System,
            took: Micros::ZERO,
        },
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(case.run(|_| ()));
    let logons = gateway.logons.lock().unwrap().clone();
    (case.evidence, logons)
}

/// A gateway that wants NTLM and behaves.
fn healthy() -> Script {
    Script {
        logon: Some("NTLM"),
        ..Script::default()
    }
}

/// What a look through the gateway said of the gateway, and whether the host behind it was heard.
#[derive(Debug, Default, PartialEq)]
struct Told {
    answers: Vec<(GatewayWay, u16, Option<String>)>,
    steps: Vec<(GatewayStep, u32)>,
    ended: Option<(Ending, Message)>,
    challenged: bool,
}

fn told(evidence: &Evidence) -> Told {
    let look = evidence
        .tried
        .iter()
        .rfind(|tried| tried.probe == "passage" && tried.says.contains("RPC"));
    let look = look.unwrap_or_else(|| panic!("nobody went over RPC: {:?}", evidence.tried));
    let mut told = Told::default();
    for seen in &evidence.seen {
        if seen.look != Some(look.look) {
            continue;
        }
        match &seen.fact {
            Fact::GatewayAnswered {
                way, status, logon, ..
            } => told.answers.push((*way, *status, logon.clone())),
            Fact::GatewayStepped { step, code, .. } => told.steps.push((*step, *code)),
            Fact::Ended { how, after, .. }
                if seen.place.is_some_and(|place| place.leg == Leg::Gateway) =>
            {
                told.ended = Some((*how, *after));
            }
            Fact::NtlmChallenged { .. } => told.challenged = true,
            _ => {}
        }
    }
    told
}

/// What is answered to whoever logs on in this way and is let in.
fn let_in(scheme: &str) -> Vec<(GatewayWay, u16, Option<String>)> {
    vec![
        (GatewayWay::Rpc, 401, None),
        (GatewayWay::Rpc, 200, Some(scheme.to_owned())),
        (GatewayWay::RpcIn, 401, None),
    ]
}

/// The steps up to the host.
const PASSED: [(GatewayStep, u32); 4] = [
    (GatewayStep::Handshake, 0),
    (GatewayStep::Tunnel, 0),
    (GatewayStep::Authorization, 0),
    (GatewayStep::Channel, 0),
];

/// A gateway, what it answers to the steps, and how the connection to it ends.
type Expected<'n> = (
    &'n str,
    Script,
    Vec<(GatewayStep, u32)>,
    Option<(Ending, Message)>,
);
/// Makes a gateway that does this at a step.
type At = fn(Act) -> Script;

/// Looks through every one of these gateways at once, and compares.
fn check(cases: Vec<Expected<'_>>) {
    std::thread::scope(|scope| {
        for (name, script, steps, ended) in cases {
            scope.spawn(move || {
                let host_is_heard = steps == PASSED && ended.is_none();
                let expected = Told {
                    answers: let_in("NTLM"),
                    steps,
                    ended,
                    challenged: host_is_heard,
                };
                let (evidence, _) = seen(script, PASSWORD);
                assert_eq!(told(&evidence), expected, "{name}");
            });
        }
    });
}

#[test]
fn every_healthy_gateway_leads_to_the_host() {
    let scripts = [
        ("as it comes", healthy()),
        (
            "in chunks",
            Script {
                chunked: true,
                ..healthy()
            },
        ),
        (
            "signatures of the body",
            Script {
                signs_body: true,
                ..healthy()
            },
        ),
        (
            "a small window",
            Script {
                window: Some(8_192),
                ..healthy()
            },
        ),
    ];
    check(
        scripts
            .into_iter()
            .map(|(name, script)| (name, script, PASSED.to_vec(), None))
            .collect(),
    );
}

#[test]
fn every_way_to_log_on_leads_in() {
    for scheme in ["NTLM", "Negotiate", "Basic"] {
        let script = Script {
            logon: Some(scheme),
            ..Script::default()
        };
        let (evidence, logons) = seen(script, PASSWORD);
        let told = told(&evidence);
        assert_eq!(told.answers, let_in(scheme));
        assert!(told.challenged, "{told:?}");
        assert_eq!(logons, [("out", true), ("in", true), ("inside", true)]);
    }
    // One that asks nobody is logged on to inside all the same.
    let (evidence, logons) = seen(Script::default(), PASSWORD);
    let told = told(&evidence);
    assert!(told.challenged, "{told:?}");
    assert_eq!(
        told.answers,
        [
            (GatewayWay::Rpc, 200, None),
            (GatewayWay::Rpc, 200, None),
            (GatewayWay::RpcIn, 200, None)
        ]
    );
    assert_eq!(logons, [("inside", true)]);
}

#[test]
fn nobody_goes_over_rpc_without_a_user_or_where_a_newer_way_is() {
    let went = |(evidence, logons): (Evidence, Vec<(&str, bool)>)| {
        let passages = evidence.tried.iter();
        let passages = passages.filter(|tried| tried.probe == "passage");
        (
            passages.map(|tried| tried.says.clone()).collect::<Vec<_>>(),
            logons.len(),
        )
    };
    assert_eq!(went(seen_by(healthy(), None)), (Vec::new(), 0));
    let newer = Script {
        http: true,
        ..healthy()
    };
    let usual = vec!["gw.test by HTTP with WebSocket".to_owned()];
    assert_eq!(went(seen(newer, PASSWORD)), (usual, 0));
}

#[test]
fn a_wrong_password_counts_once() {
    for scheme in ["NTLM", "Basic"] {
        let script = Script {
            logon: Some(scheme),
            ..Script::default()
        };
        let (evidence, logons) = seen(script, "wrong");
        let expected = Told {
            answers: vec![
                (GatewayWay::Rpc, 401, None),
                (GatewayWay::Rpc, 401, Some(scheme.to_owned())),
            ],
            ..Told::default()
        };
        assert_eq!(told(&evidence), expected);
        assert_eq!(logons, [("out", false)]);
    }
}

#[test]
fn the_logon_inside_may_be_refused() {
    let script = Script {
        refuses_inside: true,
        ..healthy()
    };
    let (evidence, logons) = seen(script, PASSWORD);
    let expected = [(GatewayStep::Handshake, 0), (GatewayStep::Tunnel, 5)];
    assert_eq!(told(&evidence).steps, expected);
    assert_eq!(logons, [("out", true), ("in", true), ("inside", false)]);
}

#[test]
fn what_a_gateway_asks_and_allows_is_told() {
    let script = Script {
        consent: true,
        ..healthy()
    };
    let (evidence, _) = seen(script, PASSWORD);
    let terms = evidence.seen.iter().find_map(|seen| match &seen.fact {
        Fact::GatewayTerms {
            consent,
            idle,
            redirection,
            udp_port,
        } => Some((consent.as_deref(), *idle, *redirection, *udp_port)),
        _ => None,
    });
    assert_eq!(terms, Some((Some("OK"), Some(30), Some(1), None)));
}

#[test]
fn a_proxy_refuses_either_channel() {
    let gone = "HTTP/1.1 503 RPC Error: 6ba\r\nContent-Length: 0\r\n\r\n";
    let forbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    let refused =
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 32\r\n\r\n<html><title>Welcome</title></h>";
    for (answer, status, steps) in [
        (gone, 503, &[(GatewayStep::Handshake, 0x6BA)][..]),
        (forbidden, 403, &[]),
        (refused, 401, &[]),
        (page, 200, &[]),
    ] {
        let script = Script {
            out: Some(answer),
            ..healthy()
        };
        let (evidence, logons) = seen(script, PASSWORD);
        let told = told(&evidence);
        let ntlm = Some("NTLM".to_owned());
        assert_eq!(told.answers[1..], [(GatewayWay::Rpc, status, ntlm)]);
        assert_eq!((told.steps.as_slice(), told.challenged), (steps, false));
        assert_eq!(logons, [("out", true)], "no further logon");
    }
    for (answer, status, steps) in [
        (gone, 503, &[(GatewayStep::Handshake, 0x6BA)][..]),
        (forbidden, 403, &[]),
        (refused, 401, &[]),
    ] {
        let script = Script {
            input: Some(answer),
            ..healthy()
        };
        let (evidence, _) = seen(script, PASSWORD);
        let told = told(&evidence);
        let ntlm = Some("NTLM".to_owned());
        assert_eq!(told.answers[3..], [(GatewayWay::RpcIn, status, ntlm)]);
        assert_eq!((told.steps.as_slice(), told.challenged), (steps, false));
    }
}

#[test]
fn every_refusal_of_a_bind_has_a_name() {
    let bind = |reason| Script {
        refuses_bind: Some(reason),
        ..healthy()
    };
    let interface = |reason| Script {
        refuses_interface: Some(reason),
        ..healthy()
    };
    let spoilt = Script {
        spoils_challenge: true,
        ..healthy()
    };
    let cases = [
        ("no reason", bind(0), 1727),
        ("congestion", bind(2), 1723),
        ("version", bind(4), 1728),
        ("no NTLM", bind(8), 1747),
        ("checksum", bind(9), 5),
        ("interface", interface(1), 1717),
        ("syntax", interface(2), 1730),
        ("challenge", spoilt, 0x8009_0308),
    ];
    check(
        cases
            .into_iter()
            .map(|(name, script, code)| (name, script, vec![(GatewayStep::Handshake, code)], None))
            .collect(),
    );
}

/// How a step can end that says nothing of itself.
const ENDS: [(Act, Ending); 3] = [
    (Act::Close, Ending::Closed),
    (Act::Silent, Ending::Silence),
    (Act::Garbage, Ending::Silence),
];

#[test]
fn every_end_is_told_where_it_came() {
    let mut cases = Vec::new();
    let steps: [(usize, At); 5] = [
        (0, |act| Script {
            opening: act,
            ..healthy()
        }),
        (0, |act| Script {
            bind: act,
            ..healthy()
        }),
        (1, |act| Script {
            tunnel: act,
            ..healthy()
        }),
        (2, |act| Script {
            authorization: act,
            ..healthy()
        }),
        (3, |act| Script {
            channel: act,
            ..healthy()
        }),
    ];
    for (index, (passed, script)) in steps.into_iter().enumerate() {
        for (act, how) in ENDS {
            // A gateway has long to reach a host: its silence is waited for elsewhere.
            if index == 4 && how == Ending::Silence {
                continue;
            }
            let after = if index == 0 {
                Message::GatewayRequest
            } else {
                Message::GatewayPacket
            };
            let steps = PASSED[..passed].to_vec();
            cases.push(("an end", script(act), steps, Some((how, after))));
        }
    }
    check(cases);
}

#[test]
fn every_step_can_be_refused() {
    let mut cases = Vec::new();
    let steps: [At; 3] = [
        |act| Script {
            tunnel: act,
            ..healthy()
        },
        |act| Script {
            authorization: act,
            ..healthy()
        },
        |act| Script {
            channel: act,
            ..healthy()
        },
    ];
    for (index, script) in steps.into_iter().enumerate() {
        let index = index + 1;
        for (act, code) in [
            (Act::Code(0x8007_59DB), 0x8007_59DB),
            (Act::Code(0x59DD), 0x59DD),
            (Act::Fault(0x59E6), 0x59E6),
            (Act::Fault(0x1C01_0003), 1717),
            (Act::Fault(0), 1726),
            (Act::Unsigned, 0x8009_030F),
            (Act::Short, 1783),
        ] {
            let mut steps = PASSED[..index].to_vec();
            steps.push((PASSED[index].0, code));
            cases.push(("a refusal", script(act), steps, None));
        }
    }
    check(cases);
}

#[test]
fn a_channel_is_open_when_something_comes_of_it() {
    let failed = |code| {
        let mut steps = PASSED[..3].to_vec();
        steps.push((GatewayStep::Channel, code));
        steps
    };
    let closed = |code| {
        let mut steps = PASSED.to_vec();
        steps.push((GatewayStep::Close, code));
        steps
    };
    let pipe = |pipe| Script { pipe, ..healthy() };
    let data = |data| Script { data, ..healthy() };
    let ends = |code| Script {
        ends: Some(code),
        ..healthy()
    };
    check(vec![
        (
            "no host, as a fault",
            pipe(Act::Fault(0x59DD)),
            failed(0x59DD),
            None,
        ),
        (
            "no host, as a result",
            pipe(Act::Code(0x59DD)),
            failed(0x59DD),
            None,
        ),
        (
            "no exchange of policies",
            pipe(Act::Code(0x59FD)),
            failed(0x59FD),
            None,
        ),
        (
            "the host closes at once",
            pipe(Act::Code(0xA0)),
            closed(0xA0),
            None,
        ),
        (
            "no data is taken",
            data(Act::Fault(0x4E3)),
            failed(0x4E3),
            None,
        ),
        ("the host closes", ends(0xA0), closed(0xA0), None),
        ("an administrator", ends(0x4D4), closed(0x4D4), None),
        ("a time limit", ends(0x59F6), closed(0x59F6), None),
        (
            "the gateway closes",
            data(Act::Close),
            PASSED[..3].to_vec(),
            Some((Ending::Closed, Message::GatewayPacket)),
        ),
    ]);
}
