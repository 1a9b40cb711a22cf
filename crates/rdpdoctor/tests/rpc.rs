//! What is said of a gateway that was gone through over RPC over HTTP: what ended the way, and how often it was logged on to.

use diagnose::{Outcome, Severity, diagnose};
use model::fact::{GatewayStep, GatewayWay};
use model::{
    Attempt, AttemptOutcome, ClientProfile, Ending, Evidence, Fact, HostName, Intent, Leg, LookId,
    Message, Micros, Observation, Phase, Place, Source, Target, Trace,
};
use probe::hop::{Gateway, GatewayUse};
use probe::{Case, Options};
use rdpdoctor::report::{Report, words};

use crate::gateways::OPENED_AT;

const GATEWAY: &str = "gw.lab.test";
const NTLM: Option<&str> = Some("NTLM");

fn answered(way: GatewayWay, status: u16, logon: Option<&str>) -> Fact {
    Fact::GatewayAnswered {
        way,
        status,
        offers: if status == 401 {
            vec!["NTLM".to_owned()]
        } else {
            Vec::new()
        },
        server: "Microsoft-IIS/8.5".to_owned(),
        logon: logon.map(str::to_owned),
        page: None,
        took: Micros(1_000),
    }
}

fn stepped(step: GatewayStep, code: u32) -> Fact {
    let took = Micros(1_000);
    Fact::GatewayStepped { step, code, took }
}

/// A WebSocket and two HTTP channels that are not there, RPC that is, and what a look over it saw of the gateway.
fn evidence(facts: Vec<Fact>) -> Evidence {
    let name = HostName::from(GATEWAY);
    let target = Target {
        input: "pc-17.lab.test".to_owned(),
        host: HostName::from("pc-17.lab.test"),
        port: 3389,
        address: None,
        zone: None,
        gateway: Some(name.clone()),
        proxy: None,
        client: ClientProfile::default(),
    };
    let options = Options {
        gateway: Some(Gateway {
            host: name,
            port: 443,
            used: GatewayUse::Always,
            credentials: None,
        }),
        ..Options::default()
    };
    let mut evidence = Case::open(target, options, OPENED_AT).evidence;
    let looks = [
        (
            "passage",
            Intent::AsClient,
            vec![answered(GatewayWay::WebSocket, 404, None)],
        ),
        (
            "gateway",
            Intent::Contrast,
            vec![answered(GatewayWay::Http, 404, None)],
        ),
        (
            "gateway",
            Intent::Contrast,
            vec![answered(GatewayWay::Rpc, 401, None)],
        ),
        ("passage", Intent::AsClient, facts),
    ];
    for (look, (probe, intent, facts)) in (1..).map(LookId).zip(looks) {
        evidence.tried.push(Attempt {
            look,
            probe: probe.to_owned(),
            intent,
            says: String::new(),
            outcome: AttemptOutcome::Ran,
            at: None,
            took: None,
            trace: if probe == "passage" {
                Trace::FailedLogon
            } else {
                Trace::LogLine
            },
        });
        let opened = Fact::TcpOpened {
            to: "192.0.2.9:443".parse().unwrap(),
            took: Micros(900),
        };
        let at_tcp = (Phase::Tcp, opened);
        let at_tunnel = facts.into_iter().map(|fact| (Phase::Tunnel, fact));
        for (phase, fact) in [at_tcp].into_iter().chain(at_tunnel) {
            let leg = Leg::Gateway;
            evidence.seen.push(Observation {
                at: Some(Micros(1_000)),
                place: Some(Place { leg, phase }),
                source: Source::Probe,
                vantage: String::new(),
                look: Some(look),
                fact,
            });
        }
    }
    evidence
}

/// What is answered up to the logon inside.
fn let_in() -> Vec<Fact> {
    vec![
        answered(GatewayWay::Rpc, 401, None),
        answered(GatewayWay::Rpc, 200, NTLM),
        answered(GatewayWay::RpcIn, 401, None),
    ]
}

/// With further facts.
fn then(facts: &[Fact]) -> Vec<Fact> {
    [let_in(), facts.to_vec()].concat()
}

#[test]
fn what_ended_the_way_comes_before_its_age() {
    let bound = stepped(GatewayStep::Handshake, 0);
    let tunnel = stepped(GatewayStep::Tunnel, 0);
    let allowed = stepped(GatewayStep::Authorization, 0);
    let silence = Fact::Ended {
        how: Ending::Silence,
        after: Message::GatewayPacket,
        waited: Micros::from_secs(4),
        partial: 0,
    };
    let gone = vec![
        answered(GatewayWay::Rpc, 401, None),
        answered(GatewayWay::Rpc, 503, NTLM),
        stepped(GatewayStep::Handshake, 0x6BA),
    ];
    let wrong = vec![
        answered(GatewayWay::Rpc, 401, None),
        answered(GatewayWay::Rpc, 401, NTLM),
    ];
    let gone_behind = then(&[
        answered(GatewayWay::RpcIn, 503, NTLM),
        stepped(GatewayStep::Handshake, 0x6BA),
    ]);
    for (facts, cause, left) in [
        (
            gone,
            "tunnel.service-stopped",
            "one logon at the gateway, which let it in.",
        ),
        (
            gone_behind,
            "tunnel.service-stopped",
            "two logons of one user at the gateway, which let them in.",
        ),
        (
            wrong,
            "tunnel.logon-refused",
            "one failed logon that may count towards a lock-out.",
        ),
        (
            then(&[answered(GatewayWay::RpcIn, 401, NTLM)]),
            "tunnel.logon-refused",
            "one logon at the gateway, which let it in, and one that failed and may count towards a lock-out.",
        ),
        (
            then(&[answered(GatewayWay::RpcIn, 403, NTLM)]),
            "tunnel.transport-broken",
            "one logon at the gateway, which let it in, and one that failed and may count towards a lock-out.",
        ),
        (
            then(&[bound.clone(), stepped(GatewayStep::Tunnel, 0x8009_030C)]),
            "tunnel.logon-refused",
            "two logons of one user at the gateway, which let them in, and one that failed and may count towards a lock-out.",
        ),
        (
            then(&[
                bound.clone(),
                tunnel.clone(),
                stepped(GatewayStep::Authorization, 0x8007_59DB),
            ]),
            "tunnel.policy-denies",
            "three logons of one user at the gateway, which let them in.",
        ),
        (
            then(&[
                bound.clone(),
                tunnel.clone(),
                allowed.clone(),
                stepped(GatewayStep::Channel, 0x59DD),
            ]),
            "tunnel.target-unreachable",
            "three logons of one user at the gateway, which let them in.",
        ),
        (
            then(&[stepped(GatewayStep::Handshake, 0x6BB)]),
            "tunnel.at-its-limit",
            "two logons of one user at the gateway, which let them in.",
        ),
        (
            then(&[bound.clone(), stepped(GatewayStep::Tunnel, 0x8009_030F)]),
            "tunnel.transport-broken",
            "three logons of one user at the gateway, which let them in.",
        ),
        (
            then(&[bound, silence]),
            "tunnel.transport-broken",
            "three logons of one user at the gateway, which let them in.",
        ),
    ] {
        let evidence = evidence(facts);
        let diagnosis = diagnose(&evidence);
        let found: Vec<_> = diagnosis
            .findings
            .iter()
            .map(|found| (found.cause.id, found.severity))
            .collect();
        assert_eq!(diagnosis.outcome, Outcome::Failing, "{found:?}");
        let first = found.first().copied();
        assert_eq!(first, Some((cause, Severity::Blocking)), "{found:?}");
        let older = ("tunnel.older-way-alone", Severity::Degrading);
        assert!(found.contains(&older), "{found:?}");
        let report = Report::of(&evidence, &diagnosis);
        let older = "client.use-older-gateway-transport".to_owned();
        let moot = facts_of(&evidence, |fact| {
            matches!(
                fact,
                Fact::GatewayAnswered {
                    way: GatewayWay::Rpc,
                    logon: Some(_),
                    ..
                }
            )
        });
        assert!(
            !moot || !report.findings[0].remedies.contains(&older),
            "{cause}"
        );
        let expected = format!("Left on the server: {left}");
        assert_eq!(words::traces(&report), Some(expected), "{cause}");
    }
}

#[test]
fn who_comes_through_is_told_that_others_may_not() {
    let steps = [
        GatewayStep::Handshake,
        GatewayStep::Tunnel,
        GatewayStep::Authorization,
        GatewayStep::Channel,
    ];
    let evidence = evidence(then(&steps.map(|step| stepped(step, 0))));
    let diagnosis = diagnose(&evidence);
    let found: Vec<_> = diagnosis
        .findings
        .iter()
        .map(|found| (found.cause.id, found.severity))
        .collect();
    assert_eq!(found, [("tunnel.older-way-alone", Severity::Degrading)]);
    assert_eq!(diagnosis.outcome, Outcome::Degraded);
}

#[test]
fn who_is_not_asked_for_a_logon_leaves_none() {
    let evidence = evidence(vec![answered(GatewayWay::Rpc, 404, None)]);
    let report = Report::of(&evidence, &diagnose(&evidence));
    let left = words::traces(&report).unwrap();
    assert!(left.ends_with("no logon was tried."), "{left}");
}

fn facts_of(evidence: &Evidence, is: fn(&Fact) -> bool) -> bool {
    evidence.seen.iter().any(|seen| is(&seen.fact))
}
