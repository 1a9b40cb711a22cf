//! The watch: the picture in several sizes, what it tells of changes, and what it records.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lab::scenario;
use model::UnixSeconds;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rdpdoctor::check::conclude;
use rdpdoctor::rehearse;
use rdpdoctor::report::page::{Colors, Letters};
use rdpdoctor::watch::host::{Host, Much, Rhythm};
use rdpdoctor::watch::view::{Scene, draw};

use crate::usage::rdpdoctor;

/// 2026-11-21 10:42:07 UTC.
const OPENED: i64 = 1_795_257_727;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(OPENED + seconds).unwrap()
}

/// A host that is looked at once in half a minute, with a scenario of the lab for each look.
fn host(name: &str, looks: &[&str]) -> Host {
    let first = scenario::find(looks[0]).unwrap();
    let mut target = rehearse::target(&first);
    target.host = model::HostName(name.to_owned());
    let rhythm = Rhythm {
        interval: 30_000.0,
        budget: 240.0,
    };
    let mut host = Host::new(target, name.to_owned(), rhythm, at(0));
    for (look, name) in (0_i64..).zip(looks) {
        let scenario = scenario::find(name).unwrap();
        let mut evidence = rehearse::play(&scenario, &rehearse::Settings::default()).unwrap();
        evidence.opened_at = UnixSeconds(OPENED + look * 30);
        evidence.target.host = host.target.host.clone();
        let report = conclude(&evidence, Vec::new());
        host.saw(Much::Full, &evidence, report, at(look * 30));
    }
    host
}

fn scene(hosts: Vec<Host>, seconds: i64) -> Scene {
    Scene {
        hosts,
        selected: 0,
        now: at(seconds),
        paused: false,
        bell: false,
        zone: TimeZone::UTC,
        letters: Letters::Unicode,
        colors: Colors::None,
    }
}

fn drawn(scene: &Scene, columns: u16, lines: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
    terminal.draw(|frame| draw(frame, scene)).unwrap();
    terminal.backend().to_string()
}

const GOOD: &str = "healthy/by-address";
const RESETS: &str = "secure/reset-at-hello";

#[test]
fn the_picture_fits_its_terminal() {
    // How probable a cause is belongs to other tests.
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\(\d\d %\)", "(NN %)");
    let _bound = settings.bind_to_scope();
    let fails = scene(vec![host("srv01.corp.example", &[GOOD, GOOD, RESETS])], 75);
    insta::assert_snapshot!("watch_80x24", drawn(&fails, 80, 24));
    let several = scene(
        vec![
            host("srv01.corp.example", &[GOOD, RESETS, GOOD, GOOD]),
            host("10.20.1.15:3390", &["tcp/refused"]),
            host(
                "a-rather-long-name-of-a-host.site-4.corp.example",
                &["secure/expired"],
            ),
        ],
        100,
    );
    insta::assert_snapshot!("watch_120x40", drawn(&several, 120, 40));
    insta::assert_snapshot!("watch_40x12", drawn(&several, 40, 12));
}

#[test]
fn no_size_and_no_letters_are_too_small() {
    let hosts = || vec![host("srv01", &[GOOD, RESETS]), host("srv02", &[GOOD])];
    let mut plain = scene(hosts(), 40);
    plain.letters = Letters::Ascii;
    plain.paused = true;
    plain.bell = true;
    for (columns, lines) in [
        (1, 1),
        (2, 3),
        (10, 4),
        (20, 8),
        (39, 11),
        (80, 5),
        (300, 100),
    ] {
        let picture = drawn(&plain, columns, lines);
        assert!(picture.is_ascii(), "{columns}x{lines}: {picture}");
    }
    let mut nothing = scene(hosts(), 40);
    nothing.hosts = vec![Host::new(
        nothing.hosts[0].target.clone(),
        "srv01".to_owned(),
        Rhythm {
            interval: 30_000.0,
            budget: 240.0,
        },
        at(0),
    )];
    assert!(drawn(&nothing, 80, 24).contains("looking"));
}

#[test]
fn colour_is_never_all_that_tells() {
    let mut coloured = scene(vec![host("srv01", &[GOOD, RESETS])], 40);
    let plain = drawn(&coloured, 80, 24);
    coloured.colors = Colors::Ansi;
    assert_eq!(drawn(&coloured, 80, 24), plain);
}

#[test]
fn changes_are_told_with_their_time() {
    let host = host("srv01", &[GOOD, GOOD, RESETS, RESETS, GOOD]);
    let told: Vec<(i64, &str)> = host
        .changes
        .iter()
        .map(|(moment, change)| (moment.as_second() - OPENED, change.says.as_str()))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[1], (60, "now resets at the ClientHello"));
    assert_eq!(told[2], (120, "answers again, after 1 min 0 s"));
    assert!(host.times[2].is_none() && host.times[4].is_some());
}

#[test]
fn resets_are_answered_with_patience_and_the_budget_holds() {
    let mut host = host("srv01", &[RESETS]);
    let scenario = scenario::find(RESETS).unwrap();
    let evidence = rehearse::play(&scenario, &rehearse::Settings::default()).unwrap();
    let mut waits = Vec::new();
    let mut now = at(0);
    for _ in 0..6 {
        let report = conclude(&evidence, Vec::new());
        now = host.due.max(now);
        host.saw(Much::One, &evidence, report, now);
        waits.push(host.left(now).round());
    }
    assert!(waits.is_sorted() && waits[0] >= 60_000.0, "{waits:?}");
    assert_eq!(waits[5], 300_000.0);

    // However often somebody presses the key, the connections of an hour are not exceeded.
    let mut eager = self::host("srv02", &[GOOD]);
    let good = scenario::find(GOOD).unwrap();
    let evidence = rehearse::play(&good, &rehearse::Settings::default()).unwrap();
    let mut connections = 0;
    for second in 0..3_600 {
        let now = at(10 + second);
        eager.hurry(now);
        if let Some(much) = eager.turn(now) {
            let report = conclude(&evidence, Vec::new());
            connections += report.connections;
            eager.saw(much, &evidence, report, now);
        }
    }
    assert!((100..=240 + 32).contains(&connections), "{connections}");
}

#[test]
fn what_changes_is_printed_where_nothing_can_be_drawn() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let greeter = std::thread::spawn(move || {
        // Until it is dropped by the end of the process or by a connection that says so.
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut first = [0; 4];
            let read = stream.read(&mut first).unwrap_or(0);
            if first.get(..read) == Some(b"stop") {
                return;
            }
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
        }
    });
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"))
        .args(["watch", &format!("127.0.0.1:{port}")])
        .args(["--interval", "1s", "--looks", "2", "--budget", "3600"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    assert!(first.contains("is no Remote Desktop: "), "{first}");
    std::net::TcpStream::connect(("127.0.0.1", port))
        .unwrap()
        .write_all(b"stop")
        .unwrap();
    greeter.join().unwrap();
    let mut second = String::new();
    stdout.read_to_string(&mut second).unwrap();
    assert!(
        second.contains("now refuses the connection; before, it is no"),
        "{second}"
    );
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_recording_gives_the_verdict_again() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let closed = listener.local_addr().unwrap().port();
    drop(listener);
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("looks");
    let record = record.to_str().unwrap();
    let host = format!("127.0.0.1:{closed}");
    let other = format!("127.0.0.2:{closed}");
    let watched = rdpdoctor()
        .args([
            "watch", "--plain", "--looks", "1", "--record", record, &host, &other,
        ])
        .output()
        .unwrap();
    assert_eq!(watched.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(record).unwrap().lines().count(), 2);
    for wanted in [&host, &other] {
        let analyzed = rdpdoctor()
            .args(["analyze", "--format", "json", "--host", wanted, record])
            .output()
            .unwrap();
        assert_eq!(analyzed.status.code(), Some(1));
        let report: serde_json::Value = serde_json::from_slice(&analyzed.stdout).unwrap();
        assert_eq!(report["stopped_at"], "tcp", "{report:#}");
        let address = wanted.split(':').next().unwrap();
        assert_eq!(report["target"]["host"], address);
        let refused: Vec<&serde_json::Value> = report["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|seen| seen["fact"] == "tcp-refused")
            .collect();
        assert!(!refused.is_empty());
        assert!(
            refused
                .iter()
                .all(|seen| seen["value"]["to"] == wanted.as_str())
        );
        let notes = report["notes"].to_string();
        assert!(notes.contains("tells of 1 more"), "{notes}");
    }
}

#[test]
fn what_cannot_be_watched_is_refused() {
    for arguments in [
        vec!["watch"],
        vec!["watch", "srv01", "--interval", "100ms"],
        vec!["watch", "srv01", "--format", "json"],
        vec!["watch", "srv01", "--budget", "1"],
        vec!["watch", "srv 01"],
    ] {
        let output = rdpdoctor().args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}
