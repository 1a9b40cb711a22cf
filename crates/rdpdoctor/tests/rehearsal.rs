//! Whole cases in memory, and the law that they show what sockets show.

use std::collections::BTreeMap;
use std::sync::Arc;

use lab::scenario::{self, Scenario, When};
use model::{AttemptOutcome, Evidence, Fact, Intent, Message, Micros};
use probe::{Depth, Options};
use rdpdoctor::demo;
use rdpdoctor::rehearse::{self, Settings};

/// Cases over sockets at the same time: patience is real there, and a machine at its limit would exhaust it.
const AT_ONCE: usize = 10;

fn play(scenario: &Scenario, seed: u64) -> Evidence {
    let settings = Settings {
        seed,
        ..Settings::default()
    };
    rehearse::play(scenario, &settings).unwrap()
}

#[test]
fn every_scenario_comes_to_an_end() {
    for scenario in scenario::all().unwrap() {
        let evidence = play(&scenario, 1);
        assert!(
            !evidence.seen.is_empty(),
            "{}: nothing was seen",
            scenario.id
        );
        assert!(!evidence.interrupted, "{}: interrupted", scenario.id);
        let opened = evidence
            .seen
            .iter()
            .filter(|seen| matches!(seen.fact, Fact::TcpOpened { .. }));
        assert!(
            opened.count() <= Depth::Standard.connections(),
            "{}",
            scenario.id
        );
        for tried in &evidence.tried {
            let broke = matches!(tried.outcome, AttemptOutcome::Broke(_));
            assert!(!broke, "{}: {:?}", scenario.id, tried);
            let skipped = matches!(tried.outcome, AttemptOutcome::Skipped(_));
            assert!(
                skipped || tried.took.is_some(),
                "{}: {:?}",
                scenario.id,
                tried
            );
        }
    }
}

/// Apart from what cryptography draws for itself: a wrong signature is wrong in different ways.
#[test]
fn the_same_seed_leads_to_the_same_evidence() {
    let play = |scenario: &Scenario| {
        let mut evidence = play(scenario, 7);
        for seen in &mut evidence.seen {
            if let Fact::TlsRejected { reason, .. } = &mut seen.fact {
                reason.clear();
            }
        }
        evidence
    };
    for scenario in scenario::all().unwrap() {
        assert!(play(&scenario) == play(&scenario), "{}", scenario.id);
    }
}

#[test]
fn a_rehearsal_takes_no_time_of_ours() {
    // Four seconds of silence, twice, are counted and not waited for.
    let evidence = play(&scenario::find("tcp/silent").unwrap(), 1);
    let last = evidence
        .seen
        .iter()
        .filter_map(|seen| seen.at)
        .max()
        .unwrap();
    assert!(last >= Micros::from_secs(4));
}

#[test]
fn a_quick_case_opens_one_connection() {
    for scenario in scenario::all().unwrap() {
        let settings = Settings {
            options: Options::of(Depth::Quick),
            ..Settings::default()
        };
        let evidence = rehearse::play(&scenario, &settings).unwrap();
        let opened = evidence
            .seen
            .iter()
            .filter(|seen| matches!(seen.fact, Fact::TcpOpened { .. }));
        assert!(opened.count() <= 1, "{}", scenario.id);
    }
}

/// What differs between a scenario on loopback and in memory.
async fn compared(scenario: &Scenario) -> Option<String> {
    let demo = demo::start(Some(&scenario.id)).await.unwrap();
    let mut case = demo.case(Options::default())?;
    case.run(|_| ()).await;
    let live = shown(scenario, &case.evidence);
    let played = shown(scenario, &play(scenario, 1));
    difference(scenario, &live, &played)
}

/// The law `capture_equals_live` between memory and sockets: the same scenario shows the same facts on both,
/// apart from times, addresses and what cryptography draws for itself.
#[test]
fn loopback_shows_what_memory_shows() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let differing: Vec<String> = runtime.block_on(async {
        let mut looks = tokio::task::JoinSet::new();
        let turns = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        for scenario in scenario::all().unwrap() {
            let turns = Arc::clone(&turns);
            looks.spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                let difference = compared(&scenario).await;
                difference.map(|_| scenario)
            });
        }
        let mut suspects = Vec::new();
        while let Some(look) = looks.join_next().await {
            suspects.extend(look.unwrap());
        }
        // A machine that is busy with many lets a slow server miss its time; by itself it does not.
        let mut differing = Vec::new();
        for scenario in suspects {
            differing.extend(compared(&scenario).await);
        }
        differing
    });
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// A scenario before a healthy server shows what it shows as a server of its own.
#[test]
fn a_proxy_shows_what_memory_shows() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let plain = scenario::find("healthy/windows-nla").unwrap();
    // What differs from the healthy server in what a proxy cannot play is left out.
    let playable = |scenario: &Scenario| {
        let server = &scenario.server;
        let played = server.fault.len() + scenario.link.toxic.len() + server.answers.len();
        let like_healthy = server.security == plain.server.security
            && server.service.is_none()
            && server.tls == plain.server.tls
            && server.credssp == plain.server.credssp
            && server.ntlm == plain.server.ntlm
            && server.think_ms == 0
            && !server.certificate.key_of_another
            && scenario.network == plain.network
            && scenario.client == plain.client;
        like_healthy && (played > 0 || server.certificate != plain.server.certificate)
    };
    let differing: Vec<String> = runtime.block_on(async {
        let mut looks = tokio::task::JoinSet::new();
        let turns = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        for scenario in scenario::all().unwrap().into_iter().filter(playable) {
            let now = jiff::Timestamp::now().as_second();
            let turns = Arc::clone(&turns);
            looks.spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                let healthy = demo::start(Some("healthy/windows-nla")).await.unwrap();
                let settings = lab::proxy::Settings {
                    server: format!("127.0.0.1:{}", healthy.target.port),
                    names: vec![scenario.client.name.clone(), "127.0.0.1".to_owned()],
                    listen: "127.0.0.1:0".parse().unwrap(),
                    opened_at: model::UnixSeconds(now),
                    seed: 1,
                };
                let proxy = lab::proxy::serve(&scenario, settings).await.unwrap();
                let mut case = healthy.case(Options::default()).unwrap();
                case.evidence.target.port = proxy.address.port();
                case.run(|_| ()).await;
                let live = shown(&scenario, &case.evidence);
                let played = shown(&scenario, &play(&scenario, 1));
                difference(&scenario, &live, &played)
            });
        }
        assert!(looks.len() > 30, "{} scenarios can be played", looks.len());
        let mut differing = Vec::new();
        while let Some(look) = looks.join_next().await {
            differing.extend(look.unwrap());
        }
        differing
    });
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

type Shown = BTreeMap<String, Vec<String>>;

/// The first look that showed something else in memory. Which looks are begun depends on how long others
/// take; those that ran in both are compared, and what the client would do ran in both.
fn difference(scenario: &Scenario, live: &Shown, played: &Shown) -> Option<String> {
    let main = "an address".to_owned();
    let shows_nothing = |shown: &Shown| shown.get(&main).is_none_or(Vec::is_empty);
    if shows_nothing(live) != shows_nothing(played) {
        return Some(format!(
            "{}: the main look shows nothing on one side",
            scenario.id
        ));
    }
    played.iter().find_map(|(look, played)| {
        let live = live
            .get(look)
            .filter(|live| !live.is_empty() && !played.is_empty())?;
        // Patience depends on how long others took.
        let impatient = |shown: &[String]| shown.iter().any(|fact| fact.starts_with("Silence"));
        if *look != main && (impatient(live) || impatient(played)) {
            return None;
        }
        (live != played).then(|| {
            format!(
                "{}, {look}: {live:?} on loopback, {played:?} in memory",
                scenario.id
            )
        })
    })
}

/// What each look showed. Looks that run beside each other reach the server in any order; where it counts
/// connections, only the main look is compared.
fn shown(scenario: &Scenario, evidence: &Evidence) -> Shown {
    let counts = |when: &When| *when != When::default();
    let counted = scenario
        .server
        .fault
        .iter()
        .any(|fault| counts(&fault.when))
        || scenario
            .network
            .address
            .iter()
            .any(|address| counts(&address.when));
    let mut shown = BTreeMap::new();
    for tried in &evidence.tried {
        let look_at_other_port = tried.probe == "knock";
        if look_at_other_port
            || tried.probe == "resolve"
            || (counted && (tried.intent == Intent::Contrast || tried.says.contains("once more")))
        {
            continue;
        }
        let facts = evidence
            .seen
            .iter()
            .filter(|seen| seen.look == Some(tried.look))
            .filter_map(|seen| plain(&seen.fact))
            .collect();
        // Addresses have stand-ins on loopback: the first stays the first.
        let says = match tried.says.split_once(':') {
            Some((_, rest)) => rest.split_once(',').map_or("an address", |(_, rest)| rest),
            None => &tried.says,
        };
        shown
            .entry(says.to_owned())
            .or_insert_with(Vec::new)
            .extend::<Vec<String>>(facts);
    }
    shown
}

/// A fact without what differs from run to run.
fn plain(fact: &Fact) -> Option<String> {
    Some(match fact {
        // A reset that comes with the handshake can win over the request.
        Fact::NegotiationOffered { .. } | Fact::AnswerTook { .. } | Fact::Trickled { .. } => {
            return None;
        }
        // What a kernel counts.
        Fact::PathMeasured { .. } | Fact::Retransmitted { .. } => return None,
        // Another store is asked in memory.
        Fact::CertificateTrust { .. } => return None,
        Fact::TcpOpened { .. } => "opened".to_owned(),
        Fact::TcpRefused { .. } => "refused".to_owned(),
        Fact::TcpSilent { .. } => "silent".to_owned(),
        Fact::UdpAnswered { version, mtu, .. } => format!("UDP {version:?} {mtu:?}"),
        Fact::UdpSilent { sent, .. } => format!("UDP silent after {sent}"),
        Fact::TlsEstablished { version, suite, .. } => format!("{version} {suite}"),
        Fact::CertificateSeen { certificate, .. } => format!(
            "{} {} {:?} {} {:?}",
            certificate.subject,
            certificate.issuer,
            certificate.key,
            certificate.signature,
            certificate.extended_key_usage
        ),
        Fact::NtlmChallenged {
            version, challenge, ..
        } => {
            format!("{version} {:?} {:?}", challenge.target, challenge.version)
        }
        Fact::Ended {
            how,
            after,
            partial,
            ..
        } => {
            let after = (*after).max(Message::ConnectionRequest);
            format!("{how:?} after {after:?}, partial: {}", *partial > 0)
        }
        // What was drawn at random differs.
        Fact::Unreadable { message, .. } => format!("unreadable {message:?}"),
        Fact::OtherServiceAnswered { service, .. } => format!("{service:?}"),
        Fact::NotTls { .. } => "not TLS".to_owned(),
        Fact::UdpUnreachable { icmp, .. } => {
            format!("no side transport, {} {}", icmp.kind, icmp.code)
        }
        Fact::TlsRejected { alert, .. } => format!("rejected with {alert}"),
        fact => format!("{fact:?}"),
    })
}
