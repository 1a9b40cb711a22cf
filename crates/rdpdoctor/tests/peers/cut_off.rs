//! A mend that is cut off: the process killed at every change it makes, stopped, hung up on, two at once, a full
//! disk, a file that cannot be changed. strace puts the signal before the n-th call of a kind, so that every place
//! is met and none by chance.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use model::UnixSeconds;
use model::plan::{Action, Key, Plan, PlannedStep, Step, Value as To};
use serde_json::Value;

use super::machine::{Machine, Picture, difference};
use super::network::{Network, PORT};

/// Who looks after xrdp on this machine: a supervisor of the administrator's own.
const SUPERVISOR: &str = r#"#!/bin/sh
case "$1" in
  restart|stop) for pid in $(pidof xrdp); do kill -KILL "$pid"; done
    while pidof xrdp >/dev/null; do :; done; rm -f /run/xrdp/xrdp.pid ;;
  status) pidof xrdp >/dev/null || exit 3 ;;
esac
case "$1" in
  restart|start) exec start-stop-daemon --start --quiet --chuid xrdp:xrdp --exec /usr/sbin/xrdp >/dev/null ;;
esac
"#;

struct Bench {
    network: Network,
    machine: Machine,
    before: Picture,
    supervisor: PathBuf,
    plans: u32,
}

impl Bench {
    fn new() -> Self {
        let mut network = Network::new();
        let machine = Machine::boot(&mut network);
        machine.let_xrdp_read_its_key();
        machine.start(&mut network, PORT);
        let supervisor = network.write("supervisor", SUPERVISOR);
        fs::set_permissions(
            &supervisor,
            std::os::unix::fs::PermissionsExt::from_mode(0o755),
        )
        .unwrap();
        Self {
            before: machine.picture(),
            supervisor,
            network,
            machine,
            plans: 0,
        }
    }

    /// A plan with a step of every kind that changes files, and a restart.
    fn plan(&mut self) -> (String, String) {
        self.plans += 1;
        let id = format!("plan-{}", self.plans);
        let ini = |key: &str, to: &str| Step::Set {
            key: Key::Ini {
                file: "/etc/xrdp/xrdp.ini".into(),
                section: "Globals".into(),
                key: key.into(),
            },
            to: To::Text(to.into()),
        };
        let steps = [
            Step::Set {
                key: Key::Content {
                    file: "/etc/xrdp/new.pem".into(),
                },
                to: To::Content(model::Bytes(b"new".to_vec())),
            },
            Step::Set {
                key: Key::Mode {
                    file: "/etc/xrdp/new.pem".into(),
                },
                to: To::Mode(0o600),
            },
            Step::Set {
                key: Key::Member {
                    user: "xrdp".into(),
                    group: "shadow".into(),
                },
                to: To::Switch(true),
            },
            ini("crypt_level", "low"),
            ini("max_bpp", "24"),
            Step::Act(Action::RestartService {
                service: "xrdp".into(),
            }),
        ];
        let steps = steps
            .into_iter()
            .map(|step| PlannedStep::new(step, "a test"))
            .collect();
        let plan = Plan::new(&id, "negotiate.key-unreadable", UnixSeconds(0), steps);
        let file = self
            .network
            .write("plan.json", serde_json::to_string(&plan).unwrap());
        (id, file.to_str().unwrap().to_owned())
    }

    /// Runs `rdpdoctor fix` with a signal before the n-th call of this kind.
    fn with_signal(&self, signal: &str, call: &str, number: u32, arguments: &[&str]) -> Output {
        let inject = format!("inject={call}:signal={signal}:when={number}");
        let service = format!("--service-command={}", self.supervisor.display());
        let trace = format!("trace={call}");
        let words: Vec<&str> = ["-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject]
            .into_iter()
            .chain([env!("CARGO_BIN_EXE_rdpdoctor"), "fix", &service])
            .chain(arguments.iter().copied())
            .collect();
        self.machine.command("strace", words).output().unwrap()
    }

    fn receipts(&self) -> Vec<Value> {
        let out = self.machine.fix(["--list", "--format", "json"]);
        serde_json::from_slice(&out.stdout).unwrap()
    }

    fn state(&self, id: &str) -> Option<String> {
        self.receipts()
            .iter()
            .find(|receipt| receipt["id"] == id)
            .map(|receipt| receipt["state"].as_str().unwrap().to_owned())
    }

    /// Waits until whoever stands by has settled what was cut off; without a receipt nothing was begun.
    fn settled(&mut self, id: &str) -> Option<String> {
        let Self {
            network, machine, ..
        } = self;
        let mut state = None;
        network.until("the undo that stands by", |_| {
            let out = machine.fix(["--list", "--format", "json"]);
            let receipts: Vec<Value> = serde_json::from_slice(&out.stdout).unwrap();
            state = receipts
                .iter()
                .find(|receipt| receipt["id"] == id)
                .map(|receipt| receipt["state"].as_str().unwrap().to_owned());
            state.as_deref() != Some("open")
        });
        state
    }

    fn undo(&self, id: &str) {
        let service = format!("--service-command={}", self.supervisor.display());
        let undone = self.machine.receipt([service.as_str(), "--undo", id]);
        assert_eq!(undone["state"], "taken-back", "{undone:#}");
    }

    fn same_as_before(&self, when: &str) {
        let different = difference(&self.before, &self.machine.picture());
        assert!(different.is_empty(), "{when}: {}", different.join("\n"));
    }

    /// Kills a run at every call of this kind; whoever stands by takes it back, or it was not begun.
    fn killed_at_every(&mut self, call: &str, at_least: u32) {
        for number in 1.. {
            let (id, file) = self.plan();
            let out =
                self.with_signal("KILL", call, number, &[&file, "--apply", "--yes", "--hold"]);
            if out.status.success() {
                assert_eq!(self.state(&id).as_deref(), Some("held"));
                self.undo(&id);
                self.same_as_before("the run that was not cut off");
                assert!(number > at_least, "only {number} calls of {call}");
                return;
            }
            let when = format!(
                "killed at {call} {number}: {}",
                String::from_utf8_lossy(&out.stderr)
            );
            match self.settled(&id).as_deref() {
                None | Some("taken-back") => {}
                // The last entry was on disk: it waits for somebody to keep it.
                Some("held") => self.undo(&id),
                other => panic!("{when}: {other:?}"),
            }
            self.same_as_before(&when);
        }
    }
}

#[test]
fn killed_before_every_entry_of_the_journal() {
    // Begun, armed, two for each of six steps, held.
    Bench::new().killed_at_every("fdatasync", 14);
}

#[test]
fn killed_before_every_file_is_put_in_place() {
    Bench::new().killed_at_every("rename", 4);
}

#[test]
fn killed_before_everything_is_saved() {
    Bench::new().killed_at_every("fsync", 5);
}

#[test]
fn killed_while_it_is_taken_back() {
    let mut bench = Bench::new();
    for number in 1.. {
        let (id, file) = bench.plan();
        let service = format!("--service-command={}", bench.supervisor.display());
        let made = bench
            .machine
            .receipt([service.as_str(), &file, "--apply", "--yes", "--hold"]);
        assert_eq!(made["state"], "held", "{made:#}");
        let out = bench.with_signal("KILL", "fdatasync", number, &["--undo", &id]);
        if out.status.success() {
            bench.same_as_before("the undo that was not cut off");
            assert!(number > 6, "only {number} entries");
            return;
        }
        bench.undo(&id);
        bench.same_as_before(&format!("undo killed at {number}"));
    }
}

#[test]
fn a_signal_that_asks_it_to_end_turns_it_round() {
    let mut bench = Bench::new();
    for signal in ["HUP", "INT", "TERM"] {
        let (id, file) = bench.plan();
        let out = bench.with_signal(
            signal,
            "fdatasync",
            7,
            &[&file, "--apply", "--yes", "--hold"],
        );
        assert_eq!(
            out.status.code(),
            Some(130),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        assert!(String::from_utf8_lossy(&out.stdout).contains("Everything was taken back"));
        assert_eq!(bench.state(&id).as_deref(), Some("taken-back"));
        bench.same_as_before(signal);
    }
}

#[test]
fn one_that_hangs_is_ended_and_taken_back_in_time() {
    let mut bench = Bench::new();
    let (id, file) = bench.plan();
    // Once it is stopped, strace waits for it as it does.
    let out = bench.with_signal(
        "STOP",
        "fdatasync",
        8,
        &[&file, "--apply", "--yes", "--hold", "--undo-after", "3s"],
    );
    assert!(!out.status.success());
    assert_eq!(bench.settled(&id).as_deref(), Some("taken-back"));
    bench.same_as_before("hung");
}

#[test]
fn what_nobody_keeps_is_taken_back() {
    let mut bench = Bench::new();
    let (id, file) = bench.plan();
    let service = format!("--service-command={}", bench.supervisor.display());
    let made = bench.machine.receipt([
        service.as_str(),
        &file,
        "--apply",
        "--yes",
        "--hold",
        "--undo-after",
        "8s",
    ]);
    assert_eq!(made["state"], "held", "{made:#}");
    let Bench {
        network, machine, ..
    } = &mut bench;
    network.until("the undo that stands by", |_| {
        let out = machine.fix(["--list", "--format", "json"]);
        String::from_utf8_lossy(&out.stdout).contains("\"taken-back\"")
    });
    bench.same_as_before("nobody kept it");
    let late = bench.machine.fix(["--keep", &id]);
    assert_eq!(late.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&late.stderr).contains("it was taken back"));
}

#[test]
fn two_at_once_exclude_each_other() {
    let mut bench = Bench::new();
    let (_, first) = bench.plan();
    let service = format!("--service-command={}", bench.supervisor.display());
    // The first stops for good while it holds the lock.
    let arguments = ["-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e"];
    let mut command = bench.machine.command("strace", arguments);
    command
        .arg("inject=fdatasync:signal=STOP:when=5")
        .args([env!("CARGO_BIN_EXE_rdpdoctor"), "fix", &service, &first])
        .args(["--apply", "--yes", "--hold", "--undo-after", "15s"]);
    bench.network.start("first", command);
    let journal = bench.machine.path("var/lib/rdpdoctor/plan-1.journal");
    bench.network.until("the first to be at it", |_| {
        fs::read_to_string(&journal).is_ok_and(|text| text.lines().count() >= 4)
    });
    let (_, second) = bench.plan();
    let out = bench
        .machine
        .fix([service.as_str(), &second, "--apply", "--yes", "--hold"]);
    let says = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(3), "{says}");
    assert!(
        says.contains("another run is at work on this machine: process")
            && says.contains("carries out plan-1"),
        "{says}"
    );
    let mut state = None;
    let Bench {
        network, machine, ..
    } = &mut bench;
    network.until_quietly("the first to be taken back", || {
        let out = machine.fix(["--list", "--format", "json"]);
        let receipts: Vec<Value> = serde_json::from_slice(&out.stdout).unwrap();
        state = receipts.first().map(|receipt| receipt["state"].clone());
        state == Some(Value::from("taken-back"))
    });
    bench.same_as_before("two at once");
}

/// Everything that runs on the machine ends at once, as when its power fails; then it starts again.
fn power_fails(bench: &Bench) {
    let all = "kill -KILL $(pidof strace rdpdoctor)";
    bench.machine.run("sh", ["-c", all]);
    let supervisor = bench.supervisor.to_str().unwrap();
    bench.machine.run(supervisor, ["restart", "xrdp"]);
}

#[test]
fn after_a_power_failure_the_command_line_takes_it_up() {
    let mut bench = Bench::new();
    let service = format!("--service-command={}", bench.supervisor.display());
    for (how, settled) in [("undo", "taken-back"), ("finish", "held")] {
        let (id, file) = bench.plan();
        let arguments = ["-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e"];
        let mut command = bench.machine.command("strace", arguments);
        command
            .arg("inject=fdatasync:signal=STOP:when=8")
            .args([env!("CARGO_BIN_EXE_rdpdoctor"), "fix", &service, &file])
            .args(["--apply", "--yes", "--hold", "--undo-after", "10m"]);
        bench.network.start(&id, command);
        let journal = bench
            .machine
            .path(&format!("var/lib/rdpdoctor/{id}.journal"));
        bench.network.until_quietly("it to be at it", || {
            fs::read_to_string(&journal).is_ok_and(|text| text.lines().count() >= 7)
        });
        power_fails(&bench);
        assert_eq!(bench.state(&id).as_deref(), Some("open"));
        let reminded = bench.machine.fix(["secure.certificate-expired"]);
        let says = String::from_utf8_lossy(&reminded.stderr).into_owned();
        assert!(
            says.contains(&id) && says.contains("rdpdoctor fix --resume"),
            "{says}"
        );
        let resume = format!("--resume={how}");
        let resumed = bench
            .machine
            .receipt([service.as_str(), &resume, "--hold", "--yes"]);
        assert_eq!(resumed["id"], id.as_str());
        assert_eq!(resumed["state"], settled, "{resumed:#}");
        if settled == "held" {
            let ini = bench.machine.path("etc/xrdp/xrdp.ini");
            assert!(fs::read_to_string(&ini).unwrap().contains("max_bpp=24"));
            bench.undo(&id);
        }
        bench.same_as_before(how);
        let nothing = bench.machine.fix(["--resume"]);
        assert!(String::from_utf8_lossy(&nothing.stdout).contains("Nothing was cut off"));
    }
}

#[test]
fn a_weakening_ends_by_itself() {
    let mut bench = Bench::new();
    let service = format!("--service-command={}", bench.supervisor.display());
    let weakening = |bench: &mut Bench, seconds: u64| {
        let (id, file) = bench.plan();
        let mut plan: Plan = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        plan.expires_after = Some(seconds);
        plan.steps[3].weakens = Some("Anybody could read along.".to_owned());
        fs::write(&file, serde_json::to_string(&plan).unwrap()).unwrap();
        let words = [service.as_str(), &file, "--apply", "--yes", "--hold"];
        let refused = bench.machine.fix(words);
        assert_eq!(refused.status.code(), Some(2));
        let says = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(says.contains("--accept-risk"), "{says}");
        let words = [&words[..], &["--accept-risk"]].concat();
        let made = bench.machine.receipt(&words);
        assert_eq!(made["state"], "held", "{made:#}");
        let kept = bench.machine.receipt(["--keep", &id]);
        assert_eq!(kept["state"], "kept", "{kept:#}");
        id
    };
    // Whoever stands by takes it back when its time is over.
    let id = weakening(&mut bench, 4);
    bench.network.until_quietly("the weakening to end", || {
        bench.state(&id).as_deref() == Some("taken-back")
    });
    bench.same_as_before("the weakening ended");
    // Where nobody stands by any more, the next run says that it is due.
    let id = weakening(&mut bench, 4);
    power_fails(&bench);
    let says = || {
        let out = bench.machine.fix(["secure.certificate-expired"]);
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    bench.network.until_quietly("the weakening to be due", || {
        says().contains(&format!("take it back: rdpdoctor fix --undo {id}"))
    });
    assert_eq!(bench.state(&id).as_deref(), Some("kept"));
    bench.undo(&id);
    bench.same_as_before("the weakening was taken back by hand");
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let mut bench = Bench::new();
    let service = format!("--service-command={}", bench.supervisor.display());
    // There is no room for the receipts.
    bench.machine.run("mkdir", ["-p", "/var/lib/rdpdoctor"]);
    bench.machine.run(
        "mount",
        [
            "-t",
            "tmpfs",
            "-o",
            "size=16k",
            "tmpfs",
            "/var/lib/rdpdoctor",
        ],
    );
    let (_, file) = bench.plan();
    let out = bench
        .machine
        .fix([service.as_str(), &file, "--apply", "--yes", "--hold"]);
    let says = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(3), "{says}");
    assert!(
        says.contains("No space left") && says.contains("Nothing was changed"),
        "{says}"
    );
    bench.same_as_before("no room for the receipts");
    bench.machine.run("umount", ["/var/lib/rdpdoctor"]);

    // There is no room for the settings: the new file does not fit beside the old one.
    let small = "size=1m";
    bench
        .machine
        .run("cp", ["-a", "/etc/xrdp", "/run/xrdp-etc"]);
    bench
        .machine
        .run("mount", ["-t", "tmpfs", "-o", small, "tmpfs", "/etc/xrdp"]);
    bench.machine.run("sh", [
        "-c",
        "cp -a /run/xrdp-etc/. /etc/xrdp/; head -c 2000000 /dev/zero > /etc/xrdp/filler 2>/dev/null || true",
    ]);
    bench.before = bench.machine.picture();
    let (id, file) = bench.plan();
    let receipt = bench
        .machine
        .receipt([service.as_str(), &file, "--apply", "--yes", "--hold"]);
    assert_eq!(receipt["id"], id.as_str());
    assert_eq!(receipt["state"], "taken-back", "{receipt:#}");
    bench.same_as_before("no room for the settings");
}

#[test]
fn a_file_that_cannot_be_changed_turns_it_round() {
    let mut bench = Bench::new();
    let service = format!("--service-command={}", bench.supervisor.display());
    // Not every file system knows files that cannot be changed; that of the test's folder does.
    let folder = bench.network.folder().join("xrdp-etc");
    let folder = folder.to_str().unwrap().to_owned();
    bench.machine.run("cp", ["-a", "/etc/xrdp", &folder]);
    bench.machine.run("mount", ["--bind", &folder, "/etc/xrdp"]);
    bench.before = bench.machine.picture();
    bench.machine.run("chattr", ["+i", "/etc/xrdp/xrdp.ini"]);
    let (_, file) = bench.plan();
    let receipt = bench
        .machine
        .receipt([service.as_str(), &file, "--apply", "--yes", "--hold"]);
    assert_eq!(receipt["state"], "taken-back", "{receipt:#}");
    assert!(
        receipt["says"][0].as_str().unwrap().contains("xrdp.ini"),
        "{receipt:#}"
    );
    bench.same_as_before("immutable");
    // A file system that is read-only says so before anything is changed in it.
    bench
        .machine
        .run("mount", ["--bind", "/etc/xrdp", "/etc/xrdp"]);
    bench
        .machine
        .run("mount", ["-o", "remount,bind,ro", "/etc/xrdp"]);
    let (_, file) = bench.plan();
    let receipt = bench
        .machine
        .receipt([service.as_str(), &file, "--apply", "--yes", "--hold"]);
    assert_eq!(receipt["state"], "taken-back", "{receipt:#}");
    bench.same_as_before("read-only");
}

#[test]
fn what_does_not_help_is_taken_back() {
    let mut network = Network::new();
    let machine = Machine::boot(&mut network);
    machine.setting("security_layer", "tls");
    machine.start(&mut network, PORT);
    let before = machine.picture();
    let step = Step::Set {
        key: Key::Ini {
            file: "/etc/xrdp/xrdp.ini".into(),
            section: "Globals".into(),
            key: "max_bpp".into(),
        },
        to: To::Text("24".into()),
    };
    let plan = Plan::new(
        "useless",
        "negotiate.key-unreadable",
        UnixSeconds(0),
        vec![PlannedStep::new(step, "a test")],
    );
    let file = network.write("plan.json", serde_json::to_string(&plan).unwrap());
    let out = machine.fix([file.to_str().unwrap(), "--apply", "--yes"]);
    let says = String::from_utf8_lossy(&out.stdout).into_owned();
    assert_eq!(out.status.code(), Some(1), "{says}");
    assert!(
        says.contains("still shows negotiate.key-unreadable")
            && says.contains("this machine is as it was"),
        "{says}"
    );
    let different = difference(&before, &machine.picture());
    assert!(different.is_empty(), "{}", different.join("\n"));
}
