//! Laws over what remedies draft: everything is mended by steps or by what has to be found out first, in the right
//! order, without a weakening that does not say so, and so that it can be taken back.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diagnose::draft::plan;
use diagnose::{CAUSES, Case, Draft, REMEDIES, Remedy};
use model::plan::{Action, Condition, Key, Plan, RegistryValue, Risk, Start, Step, System, Value};
use model::{Bytes, Evidence, Fact, FileRole, HostName, NtlmChallenge, Phase, SettingValue};
use proptest::prelude::*;
use proptest::sample::select;

use crate::build::{NOW, Tell as _, case};

/// Both systems on both sides.
fn cases(evidence: &Evidence) -> Vec<Case<'_>> {
    let systems = [System::Windows, System::Linux];
    systems
        .iter()
        .flat_map(|&server| {
            systems.iter().map(move |&client| Case {
                evidence,
                server,
                client,
            })
        })
        .collect()
}

fn mends(remedy: &Remedy) -> &'static diagnose::Cause {
    CAUSES
        .iter()
        .find(|cause| cause.remedies.contains(&remedy.id))
        .unwrap()
}

/// Every plan that any remedy drafts from the evidence.
fn plans(evidence: &Evidence) -> Vec<(&'static Remedy, System, Plan)> {
    let mut plans = Vec::new();
    for case in cases(evidence) {
        for remedy in REMEDIES {
            match plan(&case, mends(remedy), remedy, "p", NOW) {
                Ok(plan) => plans.push((*remedy, case.server, plan)),
                Err(draft) => assert!(
                    matches!(draft, Draft::Lacks { says, .. } if says.ends_with('.')),
                    "{}: {draft:?}",
                    remedy.id
                ),
            }
        }
    }
    plans
}

fn check(evidence: &Evidence) {
    for (remedy, server, plan) in plans(evidence) {
        let id = remedy.id;
        assert!(!plan.steps.is_empty(), "{id} drafts nothing");
        assert!(!plan.verify.is_empty(), "{id}");
        assert_eq!(plan.weakens(), remedy.weakens.is_some(), "{id}");
        assert_eq!(plan.expires_after.is_some(), plan.weakens(), "{id}");
        assert!(
            plan.steps.is_sorted_by_key(|step| step.step.rank()),
            "{id}: {plan:#?}"
        );
        for step in &plan.steps {
            assert!(step.why.ends_with(['.', '?']), "{id}: {}", step.why);
            match &step.step {
                Step::Set { key, to } => {
                    assert!(key.takes(to), "{id}: {key:?} does not take {to:?}");
                    assert!(step.is_reversible(), "{id}");
                    let of_server = step.on == model::plan::Machine::Server;
                    assert!(
                        !of_server || key.system().is_none_or(|system| system == server),
                        "{id}: {key:?} on {server:?}"
                    );
                }
                Step::Act(Action::AskPerson { says }) => {
                    assert!(says.ends_with(['.', ')', '?']), "{id}: {says}");
                    assert!(!says.contains("  "), "{id}: {says}");
                }
                Step::Act(Action::RestartService { .. }) => {
                    assert!(step.drops_sessions && step.risk >= Risk::Medium, "{id}");
                }
                Step::Act(_) => {}
            }
        }
    }
}

/// A case in which a lot is known.
fn known() -> Evidence {
    let setting = |key: &str, name: &str, value| Fact::SettingFound {
        key: key.to_owned(),
        name: name.to_owned(),
        value,
        policy: false,
    };
    let file = |path: &str, role| Fact::FileFound {
        path: path.to_owned(),
        role,
        exists: true,
        mode: Some(0o600),
        owner: Some((0, 0)),
        reader: "xrdp".to_owned(),
        readable: Some(false),
    };
    case("srv01.corp.example")
        .tell(
            1,
            Phase::Authenticate,
            Fact::NtlmChallenged {
                version: 6,
                challenge: NtlmChallenge {
                    dns_domain: Some(HostName::from("corp.example")),
                    ..NtlmChallenge::default()
                },
                seen_at: NOW,
            },
        )
        .tell(
            1,
            Phase::Resolve,
            Fact::HostsFileSaid {
                file: "/etc/hosts".to_owned(),
                name: HostName::from("srv01.corp.example"),
                addresses: vec![IpAddr::from([10, 20, 1, 99])],
            },
        )
        .tell(
            1,
            Phase::Tcp,
            setting(
                r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp",
                "PortNumber",
                SettingValue::Number(3390),
            ),
        )
        .tell(
            1,
            Phase::Tcp,
            setting(
                r"HKCU\SOFTWARE\Microsoft\Terminal Server Client\Default",
                "MRU0",
                SettingValue::Text("srv01.corp.example".to_owned()),
            ),
        )
        .tell(
            1,
            Phase::Secure,
            file("/etc/xrdp/cert.pem", FileRole::Certificate),
        )
        .tell(
            1,
            Phase::Secure,
            file("/etc/ssl/private/key.pem", FileRole::Key),
        )
}

#[test]
fn every_remedy_drafts_or_asks() {
    check(&case(""));
    check(&case("srv01"));
    check(&known());
}

#[test]
fn most_remedies_are_steps_that_a_program_makes() {
    let known = known();
    let mut made: Vec<&str> = plans(&known)
        .iter()
        .filter(|(_, _, plan)| {
            plan.steps
                .iter()
                .any(|step| !matches!(step.step, Step::Act(Action::AskPerson { .. })))
        })
        .map(|(remedy, ..)| remedy.id)
        .collect();
    made.sort_unstable();
    made.dedup();
    assert!(made.len() >= 45, "{}: {made:?}", made.len());
    let mut drafted: Vec<&str> = plans(&known).iter().map(|(remedy, ..)| remedy.id).collect();
    drafted.sort_unstable();
    drafted.dedup();
    // With this much known nothing is lacking.
    assert_eq!(drafted.len(), REMEDIES.len());
}

/// Values that may stand at a key before a plan.
fn before(key: &Key) -> Vec<Value> {
    let bytes = || Bytes(b"was".to_vec());
    let all = [
        Value::Absent,
        Value::Text("was".to_owned()),
        Value::Mode(0o600),
        Value::Owner { user: 1, group: 2 },
        Value::Content(bytes()),
        Value::Number(1500),
        Value::Switch(false),
        Value::Switch(true),
        Value::Each(BTreeMap::from([("a".to_owned(), false)])),
        Value::Registry(RegistryValue::Dword(7)),
        Value::Registry(RegistryValue::Text("was".to_owned())),
        Value::Tree(BTreeMap::new()),
        Value::Start(Start::Disabled),
        Value::Start(Start::Automatic),
        Value::Sddl("D:(A;;FA;;;SY)".to_owned()),
        Value::Thumbprint("ab".repeat(20)),
        Value::KeyPair {
            certificate: Some(bytes()),
            key: None,
        },
    ];
    all.into_iter().filter(|value| key.takes(value)).collect()
}

/// A machine as a plan sees it: what stands where.
type World = Vec<(Key, Value)>;

fn stands<'w>(world: &'w World, key: &Key) -> Option<&'w Value> {
    world
        .iter()
        .find(|(at, _)| at == key)
        .map(|(_, value)| value)
}

fn put(world: &mut World, key: &Key, value: &Value) {
    if let Some((_, stands)) = world.iter_mut().find(|(at, _)| at == key) {
        *stands = value.clone();
    }
}

fn holds(world: &World, condition: &Condition) -> bool {
    match condition {
        Condition::Present(key) => stands(world, key).is_some_and(|value| *value != Value::Absent),
        Condition::Missing(key) => stands(world, key).is_none_or(|value| *value == Value::Absent),
        Condition::Is { key, value } => stands(world, key) == Some(value),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Any plan, stopped by a failure before any of its steps, is taken back to what was there.
    #[test]
    fn plan_and_undo_change_nothing(
        which in any::<prop::sample::Index>(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 24),
        fails_at in 0_usize..16,
    ) {
        let known = known();
        let plans = plans(&known);
        let (_, _, plan) = which.get(&plans);
        let mut world: World = Vec::new();
        for (step, pick) in plan.steps.iter().zip(&picks) {
            if let Step::Set { key, .. } = &step.step
                && stands(&world, key).is_none()
            {
                let values = before(key);
                prop_assert!(!values.is_empty(), "{key:?} can never have been anything");
                world.push((key.clone(), pick.get(&values).clone()));
            }
        }
        let untouched = world.clone();
        let mut journal: Vec<(Key, Value)> = Vec::new();
        for step in plan.steps.iter().take(fails_at) {
            if let Step::Set { key, to } = &step.step
                && step.only_if.iter().all(|condition| holds(&world, condition))
            {
                let was = stands(&world, key).cloned().unwrap_or(Value::Absent);
                prop_assert!(key.takes(&was), "{key:?} cannot be given back {was:?}");
                journal.push((key.clone(), was));
                put(&mut world, key, to);
            }
        }
        for (key, was) in journal.iter().rev() {
            put(&mut world, key, was);
        }
        prop_assert_eq!(world, untouched);
    }

    /// Whatever the host is called and the files and settings say, plans stay whole.
    #[test]
    fn any_words_are_drafted_from(
        host in ".{0,40}",
        input in select(vec!["work.rdp", "srv01", ""]),
        path in ".{0,40}",
        text in ".{0,40}",
        port in any::<u16>(),
    ) {
        let mut evidence = known();
        evidence.target.host = HostName(host);
        evidence.target.input = input.to_owned();
        evidence.target.port = port;
        for observation in &mut evidence.seen {
            match &mut observation.fact {
                Fact::FileFound { path: held, reader, .. } => {
                    path.clone_into(held);
                    text.clone_into(reader);
                }
                Fact::SettingFound { value, .. } => *value = SettingValue::Text(text.clone()),
                _ => {}
            }
        }
        for (remedy, _, plan) in plans(&evidence) {
            for step in &plan.steps {
                if let Step::Set { key, to } = &step.step {
                    prop_assert!(key.takes(to), "{}: {key:?} {to:?}", remedy.id);
                }
            }
        }
    }
}
