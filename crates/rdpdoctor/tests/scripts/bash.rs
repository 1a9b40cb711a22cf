//! bash scripts are run, in a scratch folder: they do what the plan says, twice over without harm, and take it back.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use model::plan::{Condition, Key, Plan, PlannedStep, Step, System, Value};
use model::{Bytes, UnixSeconds};
use proptest::prelude::*;
use rdpdoctor::script::receipt::{Outcome, StepOutcome, read};
use rdpdoctor::script::{Kind, script};

use super::{case, plans};

const INI: &str = "; kept as it is\r\n[Globals]\r\nport = 3389\r\n#security_layer=rdp\r\nsecurity_layer=negotiate\r\n\r\n[Logging]\r\nLogLevel=INFO\r\n";

fn set(key: Key, to: Value) -> PlannedStep {
    PlannedStep::new(Step::Set { key, to }, "a test")
}

fn ini(folder: &Path, section: &str, key: &str, to: Option<&str>) -> PlannedStep {
    let key = Key::Ini {
        file: folder.join("xrdp.ini").to_string_lossy().into_owned(),
        section: section.to_owned(),
        key: key.to_owned(),
    };
    set(
        key,
        to.map_or(Value::Absent, |to| Value::Text(to.to_owned())),
    )
}

fn file(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

fn prepare(folder: &Path) {
    fs::write(folder.join("xrdp.ini"), INI).unwrap();
    fs::write(folder.join("key.pem"), "old key").unwrap();
    fs::write(folder.join("cert.pem"), "old certificate").unwrap();
    fs::write(
        folder.join("work.rdp"),
        "full address:s:srv01\r\nenablecredsspsupport:i:0\r\n",
    )
    .unwrap();
    fs::set_permissions(folder.join("key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
}

/// Content and mode of every file.
fn picture(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|item| {
            let path = item.unwrap().path();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            (
                path.to_string_lossy().into_owned(),
                (fs::read(&path).unwrap(), mode),
            )
        })
        .collect()
}

fn plan(steps: Vec<PlannedStep>) -> Plan {
    Plan::new("a-plan-1", "secure.key-unusable", UnixSeconds(0), steps)
}

fn run(plan: &Plan, shelf: &Path, undo: bool) -> Output {
    let written = script(plan, Kind::Bash, System::Linux, &case("")).unwrap();
    let place = shelf.join("mend.sh");
    fs::create_dir_all(shelf).unwrap();
    fs::write(&place, written.text).unwrap();
    let mut command = Command::new("bash");
    command
        .arg(&place)
        .env("RDPDOCTOR_SHELF", shelf.join("kept"))
        .env("LC_ALL", "C");
    if undo {
        command.arg("--undo");
    }
    command.output().unwrap()
}

/// Every kind of step that a scratch folder can hold.
fn full(folder: &Path) -> Plan {
    plan(vec![
        set(
            Key::KeyPair {
                certificate: file(folder, "cert.pem"),
                key: file(folder, "key.pem"),
            },
            Value::NewKeyPair {
                name: "srv01'; touch pwned; '".to_owned(),
                days: 30,
            },
        ),
        set(
            Key::Mode {
                file: file(folder, "key.pem"),
            },
            Value::Mode(0o640),
        ),
        set(
            Key::Content {
                file: file(folder, "new.pem"),
            },
            Value::Content(Bytes(vec![0, 1, 255, 10])),
        ),
        ini(folder, "globals", "security_layer", Some("tls")),
        ini(folder, "Globals", "key_file", Some("/etc/new.pem")),
        ini(folder, "Sessions", "MaxSessions", Some("50")),
        ini(folder, "Logging", "LogLevel", None),
        set(
            Key::RdpFile {
                file: file(folder, "work.rdp"),
                name: "enablecredsspsupport".to_owned(),
            },
            Value::Text("i:1".to_owned()),
        ),
        PlannedStep {
            only_if: vec![Condition::Present(Key::Content {
                file: file(folder, "missing"),
            })],
            ..set(
                Key::Content {
                    file: file(folder, "missing"),
                },
                Value::Absent,
            )
        },
    ])
}

#[test]
fn a_script_does_the_plan_and_takes_it_back() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, shelf) = (scratch.path().join("etc"), scratch.path().join("shelf"));
    fs::create_dir(&folder).unwrap();
    prepare(&folder);
    let before = picture(&folder);
    let plan = full(&folder);

    let said = run(&plan, &shelf, false);
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success(), "{words}");
    let receipt = read(&said.stdout).unwrap();
    assert_eq!(receipt.outcome, Outcome::Done, "{words}");
    let outcomes: Vec<StepOutcome> = receipt.steps.iter().map(|told| told.outcome).collect();
    assert_eq!(outcomes[..8], [StepOutcome::Changed; 8], "{words}");
    assert_eq!(outcomes[8], StepOutcome::Skipped);
    let text = fs::read_to_string(folder.join("xrdp.ini")).unwrap();
    assert!(text.contains("security_layer=tls\r\n"), "{text}");
    assert!(text.contains("#security_layer=rdp\r\n") && text.starts_with("; kept as it is\r\n"));
    assert!(
        text.contains("key_file=/etc/new.pem\r\n\r\n[Logging]"),
        "{text}"
    );
    assert!(
        text.ends_with("[Sessions]\r\nMaxSessions=50\r\n") && !text.contains("LogLevel"),
        "{text}"
    );
    assert_eq!(fs::read(folder.join("new.pem")).unwrap(), [0, 1, 255, 10]);
    assert!(
        fs::read_to_string(folder.join("cert.pem"))
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );
    assert!(
        fs::read_to_string(folder.join("work.rdp"))
            .unwrap()
            .contains("enablecredsspsupport:i:1\r\n")
    );
    assert_eq!(
        fs::metadata(folder.join("key.pem"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o640
    );
    // The content of a file is in no receipt.
    assert!(
        receipt
            .steps
            .iter()
            .all(|told| told.step == 1 || told.was.is_none()),
        "{receipt:?}"
    );

    // The second run finds everything done, and keeps what was there first.
    let done = picture(&folder);
    let again = read(&run(&plan, &shelf, false).stdout).unwrap();
    assert!(
        again
            .steps
            .iter()
            .all(|told| matches!(told.outcome, StepOutcome::Already | StepOutcome::Skipped)),
        "{again:?}"
    );
    assert_eq!(picture(&folder), done);

    let back = run(&plan, &shelf, true);
    assert!(
        back.status.success(),
        "{}",
        String::from_utf8_lossy(&back.stderr)
    );
    assert_eq!(read(&back.stdout).unwrap().outcome, Outcome::Undone);
    assert_eq!(picture(&folder), before);
    // There is nothing left to take back.
    assert!(!run(&plan, &shelf, true).status.success());
}

#[test]
fn a_failure_at_any_step_changes_nothing() {
    let steps = {
        let scratch = tempfile::tempdir().unwrap();
        full(scratch.path()).steps.len()
    };
    for fails_at in 0..=steps {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, shelf) = (scratch.path().join("etc"), scratch.path().join("shelf"));
        fs::create_dir(&folder).unwrap();
        prepare(&folder);
        let before = picture(&folder);
        let mut plan = full(&folder);
        // A file in a folder that is not there can be read as missing, and not be written.
        let broken = set(
            Key::Content {
                file: file(&folder, "no/such/folder/file"),
            },
            Value::Content(Bytes(b"x".to_vec())),
        );
        plan.steps.insert(fails_at, broken);
        let said = run(&plan, &shelf, false);
        assert!(!said.status.success(), "{fails_at}");
        assert_eq!(
            read(&said.stdout).unwrap().outcome,
            Outcome::Failed,
            "{fails_at}"
        );
        assert_eq!(
            picture(&folder),
            before,
            "failed at {fails_at}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
}

#[test]
fn another_hand_is_left_alone() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, shelf) = (scratch.path().join("etc"), scratch.path().join("shelf"));
    fs::create_dir(&folder).unwrap();
    prepare(&folder);
    let plan = plan(vec![ini(&folder, "Globals", "security_layer", Some("tls"))]);
    assert!(run(&plan, &shelf, false).status.success());
    fs::write(folder.join("xrdp.ini"), "theirs").unwrap();
    let back = read(&run(&plan, &shelf, true).stdout).unwrap();
    assert_eq!(back.outcome, Outcome::Partly);
    assert_eq!(
        back.steps.first().unwrap().outcome,
        StepOutcome::ChangedSince
    );
    assert_eq!(
        fs::read_to_string(folder.join("xrdp.ini")).unwrap(),
        "theirs"
    );
}

#[test]
fn every_script_is_bash() {
    let nothing = case("");
    let mut read = 0;
    for (system, plan) in plans("srv01") {
        let Ok(written) = script(&plan, Kind::Bash, system, &nothing) else {
            continue;
        };
        let mut bash = Command::new("bash");
        let scratch = tempfile::tempdir().unwrap();
        let place = scratch.path().join("mend.sh");
        fs::write(&place, &written.text).unwrap();
        let said = bash.arg("-n").arg(&place).output().unwrap();
        assert!(
            said.status.success(),
            "{}: {}",
            plan.remedy,
            String::from_utf8_lossy(&said.stderr)
        );
        read += 1;
    }
    assert!(read >= 10, "{read}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a value and a name hold, they arrive as they are, and nothing else happens.
    #[test]
    fn nothing_escapes_from_bash(
        value in " ;|\\ta |[a-z'\"`$%&|;(){}#@<>!^,\\\\ ~*?\u{e9}]{0,20}|\\$\\(touch pwned\\)|`touch pwned`|'; touch pwned; '|\\PC{0,20}",
        name in "[a-z'\"`$%&;(){}#@<>!^, ~*?\u{e9}\n\\\\-]{1,20}",
    ) {
        // A value of blanks alone cannot be told from none in an ini file; the script refuses it and takes all back.
        prop_assume!(value.is_empty() || !value.trim().is_empty());
        let scratch = tempfile::tempdir().unwrap();
        let (folder, shelf) = (scratch.path().join("etc"), scratch.path().join("shelf"));
        fs::create_dir(&folder).unwrap();
        prepare(&folder);
        let before = picture(&folder);
        let plan = plan(vec![
            set(Key::Content { file: file(&folder, &format!("n{name}")) }, Value::Content(Bytes(value.clone().into_bytes()))),
            ini(&folder, "Globals", "certificate", Some(&value)),
        ]);
        let said = run(&plan, &shelf, false);
        prop_assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        prop_assert_eq!(fs::read(folder.join(format!("n{name}"))).unwrap(), value.clone().into_bytes());
        let text = fs::read_to_string(folder.join("xrdp.ini")).unwrap();
        prop_assert!(text.contains(&format!("certificate={value}\r\n")), "{}", text);
        prop_assert_eq!(picture(&folder).len(), before.len() + 1);
        prop_assert!(run(&plan, &shelf, true).status.success());
        prop_assert_eq!(picture(&folder), before);
    }
}
