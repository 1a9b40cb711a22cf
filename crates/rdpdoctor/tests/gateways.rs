//! Every fault of a gateway that the lab knows, on loopback: what the doctor names first, seen from a client that
//! logs on and goes through.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use diagnose::{Diagnosis, Outcome, Severity, diagnose};
use lab::front::serve;
use lab::scenario::{self, Scenario};
use model::{
    ClientProfile, Evidence, Fact, HostName, Leg, Micros, Observation, Phase, Place, Resolver,
    Source, Target, Trust, UnixSeconds,
};
use probe::hop::{Credentials, Gateway, GatewayUse, Secret};
use probe::{Case, Options};
use tokio::task::JoinSet;

/// What cannot be told from here: the scenario, what is named instead (nothing where nothing is wrong for a look as
/// short as ours), and why.
const CANNOT_BE_TOLD: &[(&str, Option<&str>, &str)] = &[
    (
        "silent-at-data",
        Some("negotiate.nothing-behind-the-forwarder"),
        "a host that accepts and says nothing looks the same behind every gateway",
    ),
    (
        "refused-inside",
        None,
        "a logon inside the tunnel is not tried",
    ),
    (
        "rpc-alone",
        Some("tunnel.service-stopped"),
        "whoever logs on over RPC is not ended by its being the only way, but by what is not behind it",
    ),
];

/// 2026-06-01 00:00 UTC.
pub const OPENED_AT: UnixSeconds = UnixSeconds(1_780_272_000);
/// The name of the lab's gateway, and of its host: no resolver is asked for either.
const GATEWAY: &str = "gw.lab.test";
const HOST: &str = "localhost";

/// How what the client meets first is served.
pub fn on_loopback() -> serve::Settings {
    serve::Settings {
        target: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        names: Vec::new(),
        opened_at: OPENED_AT,
        seed: 1,
    }
}

/// What is seen of a gateway that misbehaves in this way.
pub async fn seen(mut scenario: Scenario) -> Evidence {
    HOST.clone_into(&mut scenario.client.name);
    let script = scenario.gateway.as_mut().unwrap();
    for fault in &mut script.fault {
        // A look is over sooner than a session: what ends one ends it at once.
        if fault.at == lab::front::Moment::Data {
            fault.after_ms = None;
        }
    }
    let user = "lab".to_owned();
    let running = serve::serve(&scenario, on_loopback()).await.unwrap();
    let target = Target {
        input: HOST.to_owned(),
        host: HostName::from(HOST),
        port: 1,
        address: None,
        zone: None,
        gateway: Some(HostName::from(GATEWAY)),
        proxy: None,
        client: ClientProfile::default(),
    };
    let options = Options {
        gateway: Some(Gateway {
            host: HostName::from(GATEWAY),
            port: running.address.port(),
            used: GatewayUse::Always,
            credentials: Some(Credentials {
                user,
                password: Secret::new("Passw0rd!".to_owned()),
            }),
        }),
        ..Options::default()
    };
    let mut case = Case::open(target, options, OPENED_AT);
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
            name: HostName::from(GATEWAY),
            addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            via: Resolver::System,
            took: Micros::ZERO,
        },
    });
    case.run(|_| ()).await;
    case.evidence
}

/// The same where the lab's certificates are trusted.
fn trusting(mut evidence: Evidence) -> Evidence {
    for seen in &mut evidence.seen {
        if let Fact::CertificateTrust { trust } = &mut seen.fact
            && *trust == Trust::SelfSigned
        {
            *trust = Trust::Trusted;
        }
    }
    evidence
}

/// What a diagnosis misses.
fn missed(scenario: &Scenario, found: &Diagnosis, trusted: bool) -> Option<String> {
    let exception = CANNOT_BE_TOLD
        .iter()
        .find(|(name, ..)| scenario.id.strip_prefix("gateway/") == Some(name));
    let expected = match exception {
        Some((_, expected, _)) => *expected,
        None => scenario.expect.top.as_deref(),
    };
    let ids: Vec<&str> = found.findings.iter().map(|found| found.cause.id).collect();
    let first = ids.first().copied();
    let right = match expected {
        None if trusted => first.is_none() && found.outcome != Outcome::Failing,
        None => first == Some("tunnel.certificate-unfit"),
        // A certificate that this machine does not trust is told beside a fault, and not as one.
        expected if !trusted && expected != Some("tunnel.certificate-unfit") => {
            let rivals = found.findings.iter().any(|found| {
                found.cause.id == "tunnel.certificate-unfit"
                    && found.severity != Severity::Degrading
            });
            let rest = ids.iter().find(|id| **id != "tunnel.certificate-unfit");
            !rivals && rest.copied() == expected
        }
        expected => {
            let outcome = match scenario.expect.outcome {
                scenario::Outcome::Degraded => Outcome::Degraded,
                _ => Outcome::Failing,
            };
            first == expected && found.outcome == outcome
        }
    };
    (!right).then(|| {
        let rungs: Vec<String> = found
            .rungs
            .iter()
            .map(|rung| format!("    {} {:?}: {}", rung.place, rung.outcome, rung.says))
            .collect();
        format!(
            "{}{}: expected {expected:?}, found {ids:?} ({:?})\n{}",
            scenario.id,
            if trusted { "" } else { " (untrusted)" },
            found.outcome,
            rungs.join("\n")
        )
    })
}

#[test]
fn every_fault_of_a_gateway_is_told_or_said_not_to_be() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let only = std::env::var("ONLY").ok();
    let mut looks = JoinSet::new();
    for scenario in scenario::fronts().unwrap() {
        if scenario.gateway.is_some()
            && only
                .as_ref()
                .is_none_or(|only| scenario.id.contains(only.as_str()))
        {
            looks.spawn_on(
                async move { (seen(scenario.clone()).await, scenario) },
                runtime.handle(),
            );
        }
    }
    let mut wrong = Vec::new();
    for (evidence, scenario) in runtime.block_on(looks.join_all()) {
        if only.is_some() {
            for seen in &evidence.seen {
                eprintln!("{:?} {:?} {:?}", seen.at, seen.place, seen.fact);
            }
            eprintln!("{:?}", evidence.tried);
        }
        wrong.extend(missed(&scenario, &diagnose(&evidence), false));
        wrong.extend(missed(&scenario, &diagnose(&trusting(evidence)), true));
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
